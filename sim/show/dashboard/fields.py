"""The controls of the forms: the browser's own, each inside its label.

Dash's dropdowns and sliders carry faults that screen readers stumble over, so a choice is a
plain `select`; `assets/fields.js` writes what is chosen into the store beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import dcc, html

Id = dict[str, str]


def chosen(field: str, name: Any) -> dict[str, Any]:
    """The id of the store that holds a choice; `field` says which form, `name` which choice."""
    return {"field": field, "name": name}


def select(field: str, name: Any) -> dict[str, Any]:
    """The id of the `select` that writes it."""
    return {"name": name, "select": field}


def aria(**told: str) -> dict[str, Any]:
    """Attributes for screen readers.

    >>> aria(live="polite")
    {'aria-live': 'polite'}
    """
    return {f"aria-{name}": value for name, value in told.items()}


def options(told: Iterable[tuple[str, str]], first: str | None = None) -> list[Any]:
    """Choices as (value, text); `first` is the text of none of them."""
    empty = [] if first is None else [html.Option(first, value="")]
    return empty + [html.Option(text, value=value) for value, text in told]


def choice(
    field: str, name: str, label: str, told: Iterable[tuple[str, str]], first: str | None = None
) -> Any:
    """A labelled choice and its store."""
    listed = options(told, first)
    value = listed[0].value if listed else ""
    return html.Label(
        [
            html.Span(label, className="name"),
            html.Select(listed, id=select(field, name)),
            dcc.Store(id=chosen(field, name), data=value),
        ],
        className="field",
    )


def number(id: str | Id, label: str, value: float | None, note: Any = None, **limits: Any) -> Any:
    """A labelled number; empty means that nobody sets it."""
    entry = dcc.Input(id=id, type="number", value=value, debounce=0.4, **limits)
    told = [] if note is None else [html.Small(note)]
    return html.Div([html.Label([html.Span(label, className="name"), entry]), *told],
                    className="field")  # fmt: skip


def text(id: str, label: str, value: str, note: str = "", **more: Any) -> Any:
    """A labelled line of text."""
    entry = dcc.Input(id=id, type="text", value=value, debounce=0.4, **more)
    told = [html.Small(note)] if note else []
    return html.Div([html.Label([html.Span(label, className="name"), entry]), *told],
                    className="field")  # fmt: skip


def button(id: str, label: str, main: bool = False, **more: Any) -> Any:
    """A button; the main one of a form stands out."""
    return html.Button(label, id=id, n_clicks=0, type="button",
                       className="main" if main else "", **more)  # fmt: skip


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]], caption: str) -> Any:
    """A table that scrolls inside its own box where the window is narrow."""
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    lines = [
        html.Tr([html.Th(first, scope="row"), *(html.Td(cell) for cell in rest)])
        for first, *rest in rows
    ]
    told = html.Table([html.Caption(caption), head, html.Tbody(lines)])
    return html.Div(told, className="scrolls", tabIndex=0, role="region", **aria(label=caption))
