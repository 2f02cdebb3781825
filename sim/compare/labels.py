"""What each pattern is called, counted in, and which family it belongs to."""

from __future__ import annotations

from typing import NamedTuple

from sim.events import HARM
from sim.ladder import RUNGS
from sim.measures import CLASSES, PREFIX, Window

FAMILIES = {
    "totals": "Attacks and strikes",
    "weeks": "Weekly counts and dispersion",
    "months": "Rocket attacks each month",
    "gaps": "Gaps between attacks",
    "bursts": "Bursts",
    "salvos": "Salvos",
    "targets": "Targets",
    "harm": "Killed and wounded",
    "interception": "Rounds intercepted",
    "lags": "Lags of answers",
    "ladder": "How high, and when",
    "days": "Share of days on each rung",
    "transitions": "Changes of rung, strikes and replies",
    "published": "Published running totals",
}
"""The families of patterns, in the order in which they are told."""


class Label(NamedTuple):
    """A pattern's words: `headline` marks those of the verdict table."""

    text: str
    unit: str
    group: str
    headline: bool = False


def _words(name: str) -> str:
    return name.replace("_", " ")


TEMPO = {
    "rocket_attacks": Label("rocket attacks reported", "attacks", "totals", True),
    "convoy_attacks": Label("convoy attacks reported", "convoys", "totals", True),
    "foiled_attacks": Label("foiled attacks reported", "attacks", "totals"),
    "airstrikes": Label("US airstrikes", "strikes", "totals", True),
    "leadership_strikes": Label("leadership strikes", "strikes", "totals"),
    "weekly_mean": Label("rocket attacks a week", "attacks", "weeks"),
    "weekly_most": Label("busiest week", "attacks", "weeks", True),
    "quiet_weeks": Label("weeks without a rocket attack", "share", "weeks", True),
    "weeks_of_one": Label("weeks with one", "share", "weeks"),
    "weeks_of_two": Label("weeks with two", "share", "weeks"),
    "weeks_of_more": Label("weeks with three or more", "share", "weeks"),
    "weekly_dispersion": Label("weekly counts, variance over mean", "ratio", "weeks", True),
    "monthly_dispersion": Label("monthly counts, variance over mean", "ratio", "weeks"),
    "gap_median": Label("gap between attacks, median", "days", "gaps", True),
    "gap_90": Label("gap between attacks, 90 % quantile", "days", "gaps"),
    "gap_longest": Label("gap between attacks, longest", "days", "gaps", True),
    "gap_short": Label("gaps of three days or less", "share", "gaps"),
    "burst_3_days": Label("most attacks in any 3 days", "attacks", "bursts"),
    "burst_7_days": Label("most attacks in any 7 days", "attacks", "bursts", True),
    "burst_days": Label("days with two attacks or more", "days", "bursts", True),
}
MARKS = {
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
    "intercepted_share": Label("rounds intercepted, where reported", "share", "interception", True),
    **{
        f"intercepted_at_{name}": Label(f"intercepted at: {_words(name)}", "share", "interception")
        for name in CLASSES
    },
    "strike_lag": Label("from attack to strike, median", "days", "lags", True),
    "reply_lag": Label("from strike to the next attack, median", "days", "lags", True),
}  # fmt: skip
LADDER = {
    "highest_rung": Label("highest rung", "rung", "ladder", True),
    "days_to_six": Label("days before rung 6 or above, or the window closed", "days", "ladder"),
    "days_to_seven": Label("days before rung 7 or above, or the window closed", "days", "ladder"),
    "days_to_eight": Label("days before rung 8 or above, or the window closed", "days", "ladder"),
    "episodes": Label("episodes of rung 4 and above", "episodes", "ladder"),
    **{
        f"rung_{i}_days": Label(f"days on rung {i}, {name}", "share", "days", i == 0)
        for i, name in enumerate(RUNGS)
    },
    "changes_up": Label("changes to a higher rung", "changes", "transitions", True),
    "changes_down": Label("changes to a lower rung", "changes", "transitions"),
    **{
        f"changes_to_{i}": Label(f"changes to rung {i}, {name}", "changes", "transitions")
        for i, name in enumerate(RUNGS)
    },
    "sevens": Label("events of rung 7", "events", "transitions"),
    "seven_to_eight": Label("strikes that answer a rung 7", "strikes", "transitions", True),
    "strike_to_reply": Label("strikes with a reply within 7 days", "strikes", "transitions", True),
    "eight_to_nine": Label("rung 8 with 9 or more within 30 days", "events", "transitions"),
}
LABELS: dict[str, Label] = {**TEMPO, **MARKS, **LADDER}

COUNTED = {
    "rocket_attacks": ("rocket attacks", "attacks"),
    "convoy_attacks": ("convoy attacks", "convoys"),
    "all_attacks": ("rockets and convoys", "attacks"),
    "embassy_rockets": ("rockets on the embassy", "attacks"),
    "coalition_killed": ("Coalition killed", "people"),
    "killed": ("people killed", "people"),
    "us_strikes": ("US airstrikes", "strikes"),
}
"""What each rule of a published count counts, and its unit."""


def label(pattern: str) -> Label:
    """The words of a pattern; months, half-years and windows are named by their dates."""
    if pattern.startswith("month_"):
        return Label(f"rocket attacks in {pattern[6:]}", "attacks", "months")
    if pattern.startswith("intercepted_in_"):
        return Label(f"intercepted in {pattern[15:]}", "share", "interception")
    if pattern.startswith(PREFIX):
        window = Window.of(pattern)
        text, unit = COUNTED[window.rule]
        return Label(f"{text}, {window.first} to {window.last}", unit, "published")
    return LABELS[pattern]
