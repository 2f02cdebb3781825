"""Templates of pages and pictures: everything from outside is escaped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template


def template(name: str) -> Template:
    """A template of this package; what it is not given is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=here, autoescape=True, undefined=StrictUndefined).get_template(name)


def safe(svg: str) -> Any:
    """Mark a picture that our own escaping template drew as markup."""
    from markupsafe import Markup

    return Markup(svg)
