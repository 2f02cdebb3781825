"""Scenario discovery: the boxes of factors in which the cases of interest lie."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compare.sweeps.cases import Rule, rule
from sim.compare.sweeps.parts import Part, again, held_out
from sim.compare.sweeps.prim import Cut, peeled
from sim.compare.sweeps.table import Extent, Swept, balanced, block_of
from sim.errors import InputError
from sim.study.work import Progress

RESAMPLES = 30
LEARNT, HELD = 10, 5
FEWEST = 2 * (LEARNT + HELD)
"""Cases, and other points, that the part to learn from and the part held out need at least."""


class Limit(NamedTuple):
    """One limit of a box, and how it fares when the points are drawn again.

    Attributes:
        factor, side, value, levels, quasi_p: see `prim.Cut`.
        chosen: share of resamples whose box has a limit on this side; of names, the very same
            levels.
        low, high: from the 5 % to the 95 % quantile of the limit where it is chosen;
            ``None`` for names, and where it never is.
    """

    factor: str
    side: str
    value: float | None
    levels: tuple[str, ...] | None
    quasi_p: float
    chosen: float
    low: float | None
    high: float | None


class Rival(NamedTuple):
    """A limit that the box has not, but that of a resample often has."""

    factor: str
    side: str
    chosen: float


class Share(NamedTuple):
    """So many of so many, with Wilson's 95 % interval; all ``None`` of none."""

    hits: int
    of: int
    share: float | None
    low95: float | None
    high95: float | None


class Box(NamedTuple):
    """A box: its limits, and what it holds.

    Coverage is the share of all cases that lie inside; density the share of the points inside
    that are cases. `learnt_…` are on the points that chose the box, and flatter it; `held_…`
    on those held out. Points of an earlier box are in none of them, but for coverage's cases.
    """

    limits: list[Limit]
    rivals: list[Rival]
    learnt_coverage: Share
    learnt_density: Share
    held_coverage: Share
    held_density: Share


class Discovery(NamedTuple):
    """The boxes of a rule, the first first.

    Attributes:
        cases: points that are cases, of `extent.points`.
        unsure: points whose mean is so near the threshold that luck may have put it on its
            side; ``None`` with one replication.
        learnt, held: points to learn from and held out.
        resamples: of the points learnt from, for each box.
    """

    rule: str
    measure: str
    extent: Extent
    cases: int
    unsure: int | None
    learnt: int
    held: int
    resamples: int
    boxes: list[Box]


def boxes(
    swept: Swept,
    text: str,
    most: int = 1,
    resamples: int = RESAMPLES,
    seed: int = 0,
    progress: Progress | None = None,
) -> Discovery:
    """Find the boxes of the cases that a rule names, and what they are worth.

    A third of the design's points is held out (whole rows of a Sobol design, whole
    trajectories of Morris's, spread evenly over how many cases they hold). PRIM learns a box
    on the rest; coverage and density are told of both parts. The box is learnt again on
    `resamples` bootstrap samples of what it was learnt from, to tell which limits are the
    points' luck (Bryant & Lempert 2010). A further box is sought among what is left.

    Args:
        swept: any sweep whose points spread.
        text: such as "rocket_attacks > 60" or "reaches_eight >= 0.5", of the point's mean.
        most: boxes.
        resamples: for each box.
        seed: of the split and the resampling.
        progress: called with (boxes learnt, in all).

    Raises:
        InputError: another measure's rule, too few cases or too few others, or EMA Workbench
            isn't installed.
    """
    named = rule(text)
    if named.measure != swept.measure:
        raise InputError(f"cases={text}: these are the results of {swept.measure}")
    block = block_of(swept)
    even, extent = balanced(swept, block)
    cases = named.holds(even.outcomes.mean(axis=1))
    random = np.random.default_rng(seed)
    held = held_out(cases, block, random)
    learn, test = (
        Part(even.factors, cases, 0).kept(part)._replace(all_cases=int(cases[part].sum()))
        for part in (~held, held)
    )
    if not (learn.enough(LEARNT) and test.enough(HELD)):
        raise InputError(_too_few(named, int(cases.sum()), len(cases), block))
    found = _found(learn, test, block, (most, resamples), random, progress)
    counts = int(cases.sum()), named.unsure(even.outcomes), int((~held).sum()), int(held.sum())
    return Discovery(str(named), swept.measure, extent, *counts, resamples, found)


def _too_few(named: Rule, cases: int, points: int, block: int) -> str:
    together = f" (in groups of {block})" if block > 1 else ""
    return (
        f"cases={named}: {cases} of {points} points are cases; boxes need {LEARNT} cases and "
        f"{LEARNT} others to learn from,\nand {HELD} of each to be held out{together}: move "
        "the threshold, or sweep more points"
    )


def _found(
    learn: Part,
    test: Part,
    block: int,
    wanted: tuple[int, int],
    random: np.random.Generator,
    progress: Progress | None,
) -> list[Box]:
    """One box after another, each without the points of those before."""
    most, resamples = wanted
    total, done = most * (resamples + 1), 0
    found: list[Box] = []
    groups = np.arange(len(learn.cases)) // block
    while len(found) < most and learn.enough(LEARNT) and test.enough(HELD):
        cuts, drawn = peeled(learn.factors, learn.cases), []
        for _ in range(resamples if cuts else 0):
            done += 1
            if progress:
                progress(done, total)
            drawn.append(_learnt(again(learn, groups, random)))
        if not cuts:
            break
        done += 1
        found.append(_box(cuts, drawn, learn, test))
        outside = ~learn.inside(cuts)
        learn, groups, test = learn.kept(outside), groups[outside], test.kept(~test.inside(cuts))
    if progress:
        progress(total, total)
    return found


def _learnt(drawn: Part) -> list[Cut]:
    """The limits of a resample; none where it has no case or only cases."""
    return peeled(drawn.factors, drawn.cases) if drawn.enough(1) else []


def _box(cuts: list[Cut], drawn: list[list[Cut]], learn: Part, test: Part) -> Box:
    limits = [_limit(cut, drawn) for cut in cuts]
    shares = [share for part in (learn, test) for share in _shares(part, cuts)]
    return Box(limits, _rivals(cuts, drawn), *shares)


def _limit(cut: Cut, drawn: list[list[Cut]]) -> Limit:
    alike = [
        other
        for box in drawn
        for other in box
        if other[:2] == cut[:2] and other.levels == cut.levels
    ]
    values = [other.value for other in alike if other.value is not None]
    low, high = np.quantile(values, [0.05, 0.95]).tolist() if values else (None, None)
    return Limit(*cut, len(alike) / max(1, len(drawn)), low, high)


def _rivals(cuts: list[Cut], drawn: list[list[Cut]]) -> list[Rival]:
    """Limits on other sides that at least a tenth of the resamples have."""
    own = {cut[:2] for cut in cuts}
    sides = {cut[:2] for box in drawn for cut in box} - own
    shares = {side: sum(side in {c[:2] for c in box} for box in drawn) for side in sides}
    told = [Rival(*side, n / len(drawn)) for side, n in shares.items() if n >= 0.1 * len(drawn)]
    return sorted(told, key=lambda rival: (-rival.chosen, rival[:2]))


def _shares(part: Part, cuts: list[Cut]) -> tuple[Share, Share]:
    """Coverage and density."""
    within = part.inside(cuts)
    hits = int((part.cases & within).sum())
    return share_of(hits, part.all_cases), share_of(hits, int(within.sum()))


def share_of(hits: int, of: int) -> Share:
    """A share with Wilson's interval (1927), which treats the points as independent.

    >>> tuple(round(x, 3) for x in share_of(8, 10)[2:])
    (0.8, 0.49, 0.943)
    """
    from scipy import stats

    if of == 0:
        return Share(hits, of, None, None, None)
    interval = stats.binomtest(hits, of).proportion_ci(method="wilson")
    return Share(hits, of, hits / of, float(interval.low), float(interval.high))
