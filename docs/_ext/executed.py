"""The directive ``{executed}``: Python that runs when the site is built, with what it printed.

The blocks of a page share one namespace and run in order, in a folder of their own. What a
block prints is shown below it; so is the value of its last line, as at a prompt. A block that
raises fails the build.
"""

from __future__ import annotations

import ast
import contextlib
import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

WIDTH = 110
"""Characters of a printed table before it is broken."""


class Page:
    """What the blocks of one page share: their names, and the folder that they run in."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, Any] = {}
        self.folder = folder

    def run(self, code: str, where: str) -> str:
        """Run one block; returns what it printed, and its last line's value.

        >>> page = Page(Path())
        >>> page.run("x = 20", "here"), page.run("print(x)\\nx + 1", "here")
        ('', '20\\n21\\n')
        """
        body = ast.parse(code, where)
        last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.chdir(self.folder):
            exec(compile(body, where, "exec"), self.names)
            if last is not None:
                shown(eval(compile(ast.Expression(last.value), where, "eval"), self.names))
        return told.getvalue()


def shown(value: Any) -> None:
    """Print a value as a prompt would, but tables in full width."""
    if value is None:
        return
    import pandas as pd

    with pd.option_context("display.width", WIDTH, "display.max_columns", 20):
        print(value if isinstance(value, pd.DataFrame | pd.Series) else repr(value))


class Executed(SphinxDirective):
    """Run the block, show it, show what came out."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The code and its output, as two literal blocks."""
        code = "\n".join(self.content)
        page = self.env.temp_data.get("executed") or self._page()
        try:
            told = page.run(code, f"{self.env.docname}:{self.lineno}")
        except Exception as error:
            raise ExtensionError(
                f"{self.env.docname}, line {self.lineno}: {type(error).__name__}: {error}"
            ) from error
        made = [nodes.literal_block(code, code, language="python")]
        if told:
            made.append(nodes.literal_block(told, told, language="text", classes=["output"]))
        return list(made)

    def _page(self) -> Page:
        """The page's first block finds an empty folder."""
        folder = Path(self.env.doctreedir) / "executed" / self.env.docname
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        page = self.env.temp_data["executed"] = Page(folder)
        return page


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.add_directive("executed", Executed)
    return {"parallel_read_safe": True}
