"""Figures as files: PNG, SVG, an interactive page, or JSON, each with what it was made from."""

from __future__ import annotations

import json
import struct
import zlib
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, RungsError
from sim.whole import whole

if TYPE_CHECKING:
    import plotly.graph_objects as go

KEYWORD = "rungs"
"""The name of the text chunk of a PNG that holds the metadata."""
WIDTH, SCALE = 960, 2
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def save(figure: go.Figure, path: str | Path) -> Path:
    """Write a figure; the ending of the name says how.

    `.png` and `.svg` are drawn by a Chromium on the machine; `.html` is one page that works
    from disk; `.json` can be read back. All hold the figure's title, its table, its run and
    its seed.

    Raises:
        InputError: another ending.
        RungsError: a picture is asked for and there is nothing to draw it.
    """
    path = Path(path)
    writers = {".png": as_png, ".svg": as_svg, ".html": as_html, ".json": as_json}
    if path.suffix not in writers:
        raise InputError(f"{path.name}: figures are saved as {', '.join(writers)}")
    content = writers[path.suffix](figure)
    with whole(path) as part:
        part.write_bytes(content)
    return path


def metadata(figure: go.Figure) -> str:
    """Title, provenance and table of a figure, as JSON."""
    return json.dumps(figure.layout.meta or {}, default=str, ensure_ascii=False)


def as_json(figure: go.Figure) -> bytes:
    """The figure as plotly's own JSON, its metadata in `layout.meta`."""
    text: str = figure.to_json()
    return text.encode()


def as_html(figure: go.Figure) -> bytes:
    """One interactive page that loads nothing."""
    text: str = figure.to_html(include_plotlyjs=True, full_html=True, config=CONFIG)
    return text.encode()


CONFIG: dict[str, Any] = {"displaylogo": False, "responsive": True}


def as_png(figure: go.Figure) -> bytes:
    """A picture of dots, twice as fine as it is wide on a page."""
    return with_text(_drawn(figure, "png"), KEYWORD, metadata(figure))


def as_svg(figure: go.Figure) -> bytes:
    """A picture of lines, with its title and a `<metadata>` element."""
    return titled(_drawn(figure, "svg").decode(), figure).encode()


def titled(svg: str, figure: go.Figure) -> str:
    """An SVG with the figure's title and metadata as its first elements."""
    head, close, rest = svg.partition(">")
    title = escape(str((figure.layout.meta or {}).get("title", "")))
    return (
        f"{head}{close}<title>{title}</title><metadata>{escape(metadata(figure))}</metadata>{rest}"
    )


def _drawn(figure: go.Figure, kind: str) -> bytes:
    """The picture from plotly.js in a Chromium without a window."""
    try:
        import kaleido  # noqa: F401
    except ImportError:
        raise RungsError(
            f"no .{kind} without kaleido: pip install 'rungs[images]', or save as .html"
        ) from None
    import plotly.graph_objects as go
    from choreographer.errors import BrowserDepsError, BrowserFailedError

    bare = go.Figure(figure).update_layout(meta=None)

    try:
        drawn: bytes = bare.to_image(format=kind, width=WIDTH, scale=SCALE if kind == "png" else 1)
    except (RuntimeError, BrowserFailedError, BrowserDepsError) as error:
        why = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RungsError(
            f"no .{kind} could be drawn: it needs Chromium or Chrome ({why})\n"
            "install one, name it in BROWSER_PATH, or save as .html or .json"
        ) from None
    return drawn


def with_text(png: bytes, keyword: str, text: str) -> bytes:
    """A PNG with a text chunk (`iTXt`, UTF-8, compressed) before its picture."""
    if not png.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    body = keyword.encode("latin-1") + b"\0\1\0\0\0" + zlib.compress(text.encode())
    chunk = struct.pack(">I", len(body)) + b"iTXt" + body
    chunk += struct.pack(">I", zlib.crc32(b"iTXt" + body))
    after_header = len(SIGNATURE) + 25
    return png[:after_header] + chunk + png[after_header:]


def text_of(png: bytes, keyword: str = KEYWORD) -> str | None:
    """The text chunk that `with_text` wrote.

    >>> head = SIGNATURE + struct.pack(">I", 13) + b"IHDR" + bytes(17)
    >>> text_of(with_text(head, "rungs", "seed 7, 90 %"))
    'seed 7, 90 %'
    """
    place = len(SIGNATURE)
    while place + 8 <= len(png):
        (length,), kind = struct.unpack(">I", png[place : place + 4]), png[place + 4 : place + 8]
        body = png[place + 8 : place + 8 + length]
        if kind == b"iTXt" and body.startswith(keyword.encode("latin-1") + b"\0"):
            return zlib.decompress(body[len(keyword) + 5 :]).decode()
        place += 12 + length
    return None
