"""How Sphinx builds the site: `make docs`. Nothing is fetched, and a warning is an error."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "_ext")]

project = "Rungs"
author = "the Rungs developers"
project_copyright = author
version = release = version_of("rungs")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "executed", "root_pages"]
exclude_patterns = ["_build", "_ext"]
default_role = "literal"  # `names` in docstrings
nitpicky = True
nitpick_ignore_regex = [
    # Types of other packages: their own sites are elsewhere, and the build stays at home.
    (r"py:.*", r"(collections|datetime|numpy|np|pandas|pd|pathlib|pa|pyarrow|pydantic)\..*"),
]

myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_default_options = {"members": True}
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = f"Rungs {version}"
html_static_path = ["_static"]
html_css_files = ["rungs.css"]
html_show_sphinx = False
html_copy_source = False


def setup(app: Sphinx) -> None:
    """Give attributes an empty first line: napoleon takes a colon in it for a type."""
    app.connect("autodoc-process-docstring", _plain_attribute, priority=400)


def _plain_attribute(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    if what in ("attribute", "data", "property"):
        lines[:0] = ["..", ""]
