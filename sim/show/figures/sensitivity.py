"""What matters in a sweep: a bar for each factor, the strongest on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.show.figures import style
from sim.show.figures.about import About
from sim.show.figures.counts import number, plural, sentence
from sim.show.figures.table import Row, Table, by, column, rows

if TYPE_CHECKING:
    import plotly.graph_objects as go

SHOWN = 25


def sensitivity(table: Table, measure: str, unit: str, about: About) -> go.Figure:
    """Effects or indices with their intervals; hollow where luck may have made them.

    Args:
        table: rows with `factor`, `kind` (such as "first order", "total" or "main effect"),
            `value`, and `low95`, `high95` (``None``: not told); perhaps `sure`, where what
            can be told from luck is judged for several together.
        measure: of which measure, in words.
        unit: of the value.
        about: the sweep.
    """
    import plotly.graph_objects as go

    told = [row for row in rows(table) if row["value"] is not None]
    order = _order(told)[:SHOWN]
    kinds = by([row for row in told if row["factor"] in order], "kind")
    figure = go.Figure()
    for i, (kind, own) in enumerate(kinds.items()):
        look = style.look(i)
        figure.add_bar(
            x=column(own, "value"),
            y=column(own, "factor"),
            orientation="h",
            name=style.words(kind),
            marker=style.filled(look, [_sure(row) for row in own]),
            error_x=_ends(own),
            hovertemplate="%{y}: %{x:.3g}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="group", bargap=0.3)
    figure.update_yaxes(categoryorder="array", categoryarray=order[::-1], showgrid=False)
    figure.update_xaxes(title_text=unit, zeroline=True, zerolinecolor=style.GREY)
    height = 170 + (12 + 16 * len(kinds)) * len(order)
    return style.finished(figure, title(told, measure, unit), told, about, height, len(kinds) > 1)


def _order(told: list[Row]) -> list[str]:
    """Factors by the size of their largest value."""
    size = {name: max(abs(row["value"]) for row in own) for name, own in by(told, "factor").items()}
    return sorted(size, key=lambda name: -size[name])


def _sure(row: Row) -> bool:
    """Whether it can be told from luck: as the analysis says, else by its interval; where
    neither is told it is taken at its word."""
    if row.get("sure") is not None:
        return bool(row["sure"])
    if row["low95"] is None or row["high95"] is None:
        return True
    return bool(row["low95"] > 0.0 or row["high95"] < 0.0)


def _ends(own: list[Row]) -> dict[str, object]:
    known = [(row["value"] if row["low95"] is None else row["low95"],
              row["value"] if row["high95"] is None else row["high95"]) for row in own]  # fmt: skip
    told = column(own, "value")
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - v for v, (_, high) in zip(told, known, strict=True)],
        "arrayminus": [v - low for v, (low, _) in zip(told, known, strict=True)],
        "color": style.INK,
        "thickness": 1.4,
    }


def title(told: list[Row], measure: str, unit: str) -> str:
    """The factor that matters most, and how many can be told from luck."""
    measure = sentence(measure)
    if not told:
        return f"{measure}: no factor could be judged"
    if not any(row["value"] for row in told):
        return f"{measure}: no factor moves it"
    most = max(told, key=lambda row: abs(row["value"]))
    sure = {row["factor"] for row in told if _sure(row)}
    size = f"({number(most['value'])} {unit})"
    if not sure:
        return f"{measure}: no factor can be told from luck, not even {most['factor']} {size}"
    return (
        f"{measure}: {most['factor']} matters most {size}; "
        f"{len(sure)} of {plural(len(by(told, 'factor')), 'factor')} can be told from luck"
    )
