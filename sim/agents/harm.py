"""The harm that an attack did, in the terms of a trigger."""

from __future__ import annotations

from sim.events import Event

HARMS = ("killed", "wounded", "compound", "none")
"""Classes of harm to the Coalition, the worst first."""


def harm_class(event: Event) -> str:
    """The worst that an attack did."""
    if event.coalition_killed:
        return "killed"
    if event.coalition_wounded:
        return "wounded"
    return "compound" if event.inside_compound else "none"
