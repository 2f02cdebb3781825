"""Templates of pages and pictures: everything from outside is escaped."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, Template


def template(name: str) -> Template:
    """A template of this package; what it is not given is an error."""
    return _environment().get_template(name)


@functools.cache
def _environment() -> Environment:
    """One for all, so that each template is compiled once."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=here, autoescape=True, undefined=StrictUndefined)


def safe(svg: str) -> Any:
    """Mark a picture that our own escaping template drew as markup."""
    from markupsafe import Markup

    return Markup(svg)
