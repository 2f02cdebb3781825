"""The aims that were fixed before the test, and whether each is met."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from calibration.backtest.forecast import RUNGS_NAME
from calibration.backtest.origins import HORIZONS
from calibration.backtest.skill import Comparison, Score

BETTER = {1: 0.05, 4: 0.15, 13: 0.05}
"""By how much the best baseline's CRPS is to be beaten, by weeks ahead."""
LATER = date(2021, 1, 1)
"""Of records from this day on the aim is to be no worse."""
COVERAGE = {50: (0.36, 0.64), 90: (0.81, 0.98)}
RIVAL = "Hawkes"


class Aim(NamedTuple):
    """One aim: `met` is unknown where nothing could be scored; `told` gives the size."""

    name: str
    met: bool | None
    told: str


def aims(scores: Sequence[Score], compared: Sequence[Comparison], first: date) -> list[Aim]:
    """Every aim, judged from the tables.

    Args:
        scores: of every forecaster.
        compared: the simulator against each baseline.
        first: the first day from which forecasts were made.
    """
    own = {s.horizon_weeks: s for s in scores if s.model == RUNGS_NAME}
    return [
        *(_better(weeks, own, scores, compared, first) for weeks in HORIZONS),
        _gain(compared),
        *(_coverage(weeks, own) for weeks in HORIZONS),
    ]


def _better(
    weeks: int,
    own: dict[int, Score],
    scores: Sequence[Score],
    compared: Sequence[Comparison],
    first: date,
) -> Aim:
    wanted = BETTER[weeks] if first < LATER else 0.0
    goal = f"{per_cent(wanted)} better than" if wanted else "no worse than"
    name = f"CRPS {ahead(weeks)} ahead {goal} the best baseline"
    rivals = {s.model: s.crps for s in scores if s.horizon_weeks == weeks and s.crps is not None}
    mine = rivals.pop(RUNGS_NAME, None)
    if mine is None or not rivals:
        return Aim(name, None, "no such window ends inside the record")
    best = min(rivals, key=lambda rival: rivals[rival])
    (line,) = [c for c in compared if (c.baseline, c.horizon_weeks) == (best, weeks)]
    met = line.better >= wanted
    error = own[weeks].crps_error
    luck = "" if error is None else f" (± {error:.3f} by the draws)"
    size = f"{mine:.3f}{luck} against {rivals[best]:.3f} ({best}): {_words(line.better)}"
    short = "" if met else f", {100 * (wanted - line.better):.1f} points short"
    return Aim(name, met, f"{size}{short}; {_noise(line, own[weeks].origins)}")


def ahead(weeks: int) -> str:
    """A horizon in words.

    >>> ahead(1), ahead(4)
    ('1 week', '4 weeks')
    """
    return f"{weeks} week" if weeks == 1 else f"{weeks} weeks"


def _words(better: float) -> str:
    return f"{100 * abs(better):.1f} % {'better' if better >= 0.0 else 'worse'}"


def _noise(line: Comparison, origins: int) -> str:
    """How far chance alone could bring it."""
    weeks = line.horizon_weeks
    if line.low90 is None or line.high90 is None:
        looks = max(1, round((origins + weeks - 1) / weeks))
        return f"{origins} origins, about {looks} independent: no interval"
    told = f"90 % of the difference {line.low90:+.3f} to {line.high90:+.3f}"
    if line.low90 <= 0.0 <= line.high90:
        told += ", so either may be better"
    return told if weeks == 1 else f"{told} (too narrow: windows overlap)"


def _gain(compared: Sequence[Comparison]) -> Aim:
    name = f"information gain per attack over {RIVAL} above 0"
    found = [c for c in compared if c.baseline == RIVAL and c.gain is not None]
    if not found:
        return Aim(name, None, "no attack in a window that could be scored")
    line = found[0]
    assert line.gain is not None
    told = f"{line.gain:+.3f} nats"
    if line.gain_low90 is not None and line.gain_high90 is not None:
        told += f" (90 %: {line.gain_low90:+.3f} to {line.gain_high90:+.3f})"
    return Aim(name, line.gain > 0.0, told)


def _coverage(weeks: int, own: dict[int, Score]) -> Aim:
    levels = [f"{level} % in {100 * low:.0f}–{100 * high:.0f} %"
              for level, (low, high) in COVERAGE.items()]  # fmt: skip
    name = f"coverage {ahead(weeks)} ahead: {' and '.join(levels)}"
    if weeks not in own:
        return Aim(name, None, "no such window ends inside the record")
    score = own[weeks]
    shares = {50: score.coverage50 or 0.0, 90: score.coverage90 or 0.0}
    met = all(low <= shares[at] <= high for at, (low, high) in COVERAGE.items())
    return Aim(
        name,
        met,
        f"{per_cent(shares[50])} and {per_cent(shares[90])} of {score.origins} origins; counts "
        f"being whole, the intervals themselves hold {per_cent(score.mass50 or 0.0)} and "
        f"{per_cent(score.mass90 or 0.0)} of their forecast",
    )


def per_cent(share: float) -> str:
    """A share in words.

    >>> per_cent(0.5)
    '50 %'
    """
    return f"{100 * share:.0f} %"
