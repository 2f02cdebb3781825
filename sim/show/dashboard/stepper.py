"""The journal's timeline: a lane for each kind of event, a line where one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import to_datetime
from sim.events import Event, Kind
from sim.show.dashboard.journals import Walk, plain
from sim.show.figures import style

if TYPE_CHECKING:
    import plotly.graph_objects as go

LANES = (
    ("statements, threats", {Kind.STATEMENT, Kind.THREAT, Kind.THREAT_LAPSED, Kind.DESIGNATION,
                             Kind.PATRON_SIGNAL, Kind.TRUCE, Kind.TRUCE_BREAK, Kind.DECISION}),
    ("Iraqi politics", {Kind.ARREST, Kind.RELEASE, Kind.INTIMIDATION, Kind.PROTEST,
                        Kind.EMBASSY_STORMING}),
    ("strikes", {Kind.AIRSTRIKE, Kind.LEADERSHIP_STRIKE, Kind.STATE_MISSILE_STRIKE,
                 Kind.DEPOT_BLAST}),
    ("rocket attacks", {Kind.ROCKET_ATTACK, Kind.FOILED_ATTACK, Kind.LAUNCH}),
    ("convoy attacks", {Kind.CONVOY_ATTACK}),
    ("defence, posture", {Kind.SIREN, Kind.ENGAGEMENT, Kind.DEFENCE_FIELDED, Kind.POSTURE_CHANGE,
                          Kind.SITE_OPENED, Kind.SITE_CLOSED, Kind.RESUPPLY}),
    ("reports, claims", {Kind.REPORT, Kind.CORRECTION, Kind.CLAIM}),
    ("calendar, context", set[Kind]()),
)  # fmt: skip
"""From the top down; the last takes what no other does."""


def lane(kind: Kind) -> int:
    """The place of a kind's lane from the top."""
    return next((i for i, (_, kinds) in enumerate(LANES) if kind in kinds), len(LANES) - 1)


def figure(steps: Walk) -> go.Figure:
    """All events that are walked through; `customdata` is their place."""
    import plotly.graph_objects as go

    used = sorted({lane(event.kind) for event in steps.events})
    drawn = go.Figure()
    for place, i in enumerate(used):
        own = [(k, e) for k, e in enumerate(steps.events) if lane(e.kind) == i]
        drawn.add_trace(_trace(steps, own, i, -place))
    at = when(steps, 0)
    drawn.update_layout(
        template=style.template(), showlegend=False, height=90 + 34 * len(used),
        margin={"t": 12, "b": 40}, hovermode="closest",
        shapes=[{"type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
                 "line": {"color": style.MISSED, "width": 2}}],
    )  # fmt: skip
    drawn.update_yaxes(tickvals=[-k for k in range(len(used))],
                       ticktext=[LANES[i][0] for i in used])  # fmt: skip
    return drawn


def when(steps: Walk, i: int) -> str:
    """The moment of a step, as the figure's axis takes it."""
    return to_datetime(steps.events[i].time, steps.journal.start).isoformat(timespec="seconds")


def _trace(steps: Walk, own: list[tuple[int, Event]], i: int, height: int) -> go.Scatter:
    import plotly.graph_objects as go

    look = style.look(i)
    return go.Scatter(
        x=[when(steps, k) for k, _ in own],
        y=[height] * len(own),
        mode="markers",
        marker={"color": style.rgba(look.colour, 0.6), "symbol": look.marker, "size": 8},
        customdata=[k for k, _ in own],
        text=[style.words(plain(event.kind.value)) for _, event in own],
        hovertemplate="%{x|%d %b %Y %H:%M}: %{text}<extra></extra>",
    )
