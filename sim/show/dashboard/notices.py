"""What went wrong, in plain words on the page: never a traceback, never silence."""

from __future__ import annotations

import logging
from typing import Any

from dash import html, set_props

from sim.errors import RungsError

PLACE = "notice"


def region() -> Any:
    """Where it is told; screen readers speak it at once."""
    return html.Div(id=PLACE, role="alert", className="notice")


def clear() -> None:
    """Take back what was told, as the next thing is tried."""
    set_props(PLACE, {"children": ""})


def tell(error: Exception) -> None:
    """Called by Dash with what a callback raised."""
    if isinstance(error, RungsError):
        words = str(error)
    else:
        logging.getLogger(__name__).error("a callback failed", exc_info=error)
        words = "That did not work; what went wrong stands in the server's window."
    set_props(PLACE, {"children": words})
