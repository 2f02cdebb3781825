"""The form of a scenario: policies, levers, posterior, further settings; on two pages."""

from __future__ import annotations

from collections.abc import Callable
from shlex import quote
from typing import Any

from dash import ALL, Input, State, dcc, html

from sim.errors import InputError, RungsError
from sim.settings.describe import Parameter
from sim.show.dashboard import asked, fields, offers

AS_CONFIGURED = "as configured"


def policies(form: str, names: dict[str, str]) -> list[Any]:
    """A choice for each group."""
    return [_policy(form, group, label) for group, label in names.items()]


def _policy(form: str, group: str, label: str) -> Any:
    usual = offers.usual().get(group)
    told = [(c.name, f"{c.name}: {c.about}") for c in offers.choices(group) if c.name != usual]
    return fields.choice(form, group, label, told, f"{AS_CONFIGURED} ({usual})")


def posterior(form: str) -> Any:
    """Where the parameters come from."""
    told = [("reference", "reference: what the record to June 2020 leaves of them"),
            ("full", "full: what the whole record leaves of them")]  # fmt: skip
    return fields.choice(f"{form}-from", "posterior", "Parameters drawn from", told, "their priors")


def levers(form: str) -> list[Any]:
    """A number for each main lever; empty where it is drawn."""
    return [_lever(form, p) for p in offers.levers()]


def _lever(form: str, p: Parameter) -> Any:
    limits = f"{p.low:g} to {p.high:g}, in {p.unit}"
    told = f"{p.meaning}; {limits}. Empty: {p.value}. Source: {p.source}. "
    note: list[Any] = [told, html.Code(p.key)]
    name = html.Span(offers.LEVERS[p.key], className="name")
    entry = dcc.Input(
        id={"lever": p.key, "form": form}, type="number", min=p.low, max=p.high, step="any",
        debounce=0.4, placeholder="drawn",
    )  # fmt: skip
    return html.Div([html.Label([name, entry]), html.Small(note)], className="field lever")


def further(form: str) -> Any:
    """Settings of the user's own."""
    box = dcc.Textarea(id=f"{form}-further", value="", rows=3, spellCheck=False,
                       placeholder="militia.cells.badr.share=0.05")  # fmt: skip
    note = "KEY=VALUE, one a line; rungs show parameters lists every key."
    name = html.Span("Further settings", className="name")
    return html.Div([html.Label([name, box]), html.Small(note)], className="field")


def states(form: str, kind: type[State] | type[Input] = State) -> list[Any]:
    """What a callback must be handed of a form, for `words`."""
    return [
        kind(fields.chosen(form, ALL), "data"),
        State(fields.chosen(form, ALL), "id"),
        kind({"lever": ALL, "form": form}, "value"),
        State({"lever": ALL, "form": form}, "id"),
        kind(fields.chosen(f"{form}-from", "posterior"), "data"),
        kind(f"{form}-further", "value"),
    ]


def preview(form: str) -> Any:
    """Where the form says which command it stands for."""
    return html.P(id=f"{form}-command", className="command", role="status")


def judged(ask: Callable[[], asked.Command]) -> Any:
    """The command that a form stands for, or what the schema has against it.

    The schema judges while one chooses, so that pressing the button is answered at once.
    """
    try:
        command = ask()
    except RungsError as error:
        return html.Strong(str(error))
    return [
        "The same as ",
        html.Code(" ".join(["rungs", command.verb, *map(quote, command.words)])),
    ]


def words(told: tuple[Any, ...]) -> list[str]:
    """The overrides that a form stands for.

    Raises:
        InputError: a field holds what it does not offer.
    """
    try:
        chosen, groups, values, keys, posterior, further = told
        policies = {id["name"]: name for id, name in zip(groups, chosen, strict=True)}
        levers = {id["lever"]: value for id, value in zip(keys, values, strict=True)}
    except (KeyError, TypeError, ValueError):
        raise InputError("the form does not fit this server: load the page anew") from None
    return asked.overrides(policies, levers, posterior, further)
