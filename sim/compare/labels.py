"""What each pattern is called, counted in, and grouped under."""

from __future__ import annotations

from typing import NamedTuple

from sim.events import HARM
from sim.ladder import RUNGS
from sim.measures import CLASSES


class Label(NamedTuple):
    """A pattern's words: `headline` marks those of the verdict table."""

    text: str
    unit: str
    group: str
    headline: bool = False


def _words(name: str) -> str:
    return name.replace("_", " ")


LABELS: dict[str, Label] = {
    "rocket_attacks": Label("rocket attacks reported", "attacks", "tempo", True),
    "weekly_mean": Label("rocket attacks a week", "attacks", "tempo"),
    "weekly_most": Label("busiest week", "attacks", "tempo", True),
    "quiet_weeks": Label("weeks without a rocket attack", "share", "tempo", True),
    "weekly_dispersion": Label("weekly counts, variance over mean", "ratio", "tempo", True),
    "monthly_dispersion": Label("monthly counts, variance over mean", "ratio", "tempo"),
    "gap_median": Label("gap between attacks, median", "days", "tempo", True),
    "gap_90": Label("gap between attacks, 90 % quantile", "days", "tempo"),
    "gap_longest": Label("gap between attacks, longest", "days", "tempo", True),
    "convoy_attacks": Label("convoy attacks reported", "convoys", "tempo", True),
    "foiled_attacks": Label("foiled attacks reported", "attacks", "tempo"),
    "salvo_mean": Label("rounds fired in an attack, mean", "rounds", "salvos", True),
    "salvo_median": Label("rounds fired in an attack, median", "rounds", "salvos"),
    "salvo_largest": Label("largest salvo", "rounds", "salvos", True),
    "large_salvos": Label("attacks of ten rounds or more", "share", "salvos", True),
    "salvo_unknown": Label("attacks whose rounds are not reported", "share", "salvos"),
    **{
        f"target_{name}": Label(f"attacks on: {_words(name)}", "share", "targets",
                                name == "embassy_zone")
        for name in CLASSES
    },
    **{
        name: Label(_words(name).capitalize(), "people", "harm", name.startswith("coalition"))
        for name in HARM
        if not name.startswith("militia")
    },
    "fatal_attacks": Label("attacks that killed a Coalition member", "attacks", "harm", True),
    "intercepted_share": Label("rounds intercepted, where reported", "share", "defence", True),
    "airstrikes": Label("US airstrikes", "strikes", "responses", True),
    "leadership_strikes": Label("leadership strikes", "strikes", "responses"),
    "strike_lag": Label("from attack to strike, median", "days", "responses", True),
    "reply_lag": Label("from strike to the next attack, median", "days", "responses", True),
    "highest_rung": Label("highest rung", "rung", "ladder", True),
    "days_to_six": Label("days before rung 6 or above, or the window closed", "days", "ladder"),
    "days_to_seven": Label("days before rung 7 or above, or the window closed", "days", "ladder"),
    "days_to_eight": Label("days before rung 8 or above, or the window closed", "days", "ladder"),
    "episodes": Label("episodes of rung 4 and above", "episodes", "ladder"),
    **{
        f"rung_{i}_days": Label(f"days on rung {i}, {name}", "share", "ladder", i == 0)
        for i, name in enumerate(RUNGS)
    },
}  # fmt: skip


def label(pattern: str) -> Label:
    """The words of a pattern; months are named by their date."""
    if pattern.startswith("month_"):
        return Label(f"rocket attacks in {pattern[6:]}", "attacks", "months")
    return LABELS[pattern]
