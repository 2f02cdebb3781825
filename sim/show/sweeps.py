"""What matters in a sweep, for a terminal: a first line in words, then a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import hypot
from textwrap import fill
from typing import Any

from sim.compare.labels import LABELS
from sim.compare.sweeps.analysis import Analysis
from sim.compare.sweeps.boxes import Box, Discovery, Limit, Share
from sim.compare.sweeps.effects import Effects, Factor, Level
from sim.compare.sweeps.morris import Morris, Screened
from sim.compare.sweeps.ranking import ROUNDING, Option, Ranking
from sim.compare.sweeps.sobol import Index, Sobol, Split
from sim.compare.sweeps.table import Extent
from sim.show.tables import UNKNOWN, WIDTH, number, table
from sim.study.outcomes import MEASURES

NAMED = 3
"""Factors that a first line names."""
ALONE = "with one replication a point nothing tells what matters from luck"
AGREEING = "replications that agree tell nothing of luck"


def page(found: Analysis) -> str:
    """All that was asked of a sweep, what its design is for first."""
    shown: list[tuple[Callable[[Any], str], Any]] = [
        (sobol, found.sobol), (morris, found.morris), (ranking, found.ranking),
        (boxes, found.boxes), (effects, found.effects),
    ]  # fmt: skip
    parts = [show(told) for show, told in shown if told is not None]
    return "\n\n".join([*parts, *found.notes])


def effects(found: Effects) -> str:
    """Main effects: the factors, then every level of each."""
    sure = [(f.factor, _share(f.share)) for f in found.factors if f.sure]
    words = _matters(found.measure, sure, found.extent, " of the spread between points")
    heads = ("factor", "levels", "share", "span", "rank corr.", "slope", "95 %", "sure")
    levels = ("factor", "level", "points", "mean", "95 %", "less the first", "95 %")
    return _page(
        [words, partial(found.extent)],
        table(map(_factor, found.factors), heads),
        table(map(_level, found.levels), levels),
        "share: of the spread that the factors make between points, what this one's levels make\n"
        "on their own; span: highest less lowest level; differences are of the same replications;\n"
        "sure: a difference or the slope leaves out zero, at 95 % for all of a factor's together",
    )


def _factor(f: Factor) -> tuple[str, ...]:
    slope = number(f.slope), _span(f.slope_low95, f.slope_high95)
    rank = UNKNOWN if f.rank is None else f"{f.rank:.2f}"
    return f.factor, str(f.levels), _share(f.share), number(f.span), rank, *slope, _yes(f.sure)


def _level(row: Level) -> tuple[str, ...]:
    mean = number(row.mean), _span(row.low95, row.high95)
    change = number(row.difference), _span(row.difference_low95, row.difference_high95)
    return row.factor, row.level, str(row.points), *mean, *change


def sobol(found: Sobol) -> str:
    """Sobol indices, and how much of a replication's outcome is luck."""
    sure = [(i.factor, _total(i)) for i in found.indices if i.sure]
    words = _matters(found.measure, sure, found.extent, " as total index")
    heads = ("factor", "first order", "± points", "± luck", "total", "± points", "± luck", "sure")
    return _page(
        [words, _luck(found.split), partial(found.extent)],
        table(map(_index, found.indices), heads),
        f"{found.rows} rows of the design. ±: half of a 95 % interval, as other points or other\n"
        "replications would have it; luck's own part is taken off the indices, which may so come\n"
        "out a little below 0. sure: the total leaves out zero, with both together",
    )


def _index(i: Index) -> tuple[str, ...]:
    return i.factor, *map(_two, i[1:]), _yes(i.sure)


def _total(i: Index) -> str:
    """A total index with half its interval, of points and luck together."""
    return f"{_two(i.total)} ± {hypot(i.total_points or 0.0, i.total_luck or 0.0):.2f}"


def _luck(split: Split) -> str:
    """How far parameters and luck make what one replication shows."""
    if split.share is None or not split.luck:
        return ""
    shared = (split.luck_shared or 0.0) / split.luck
    halves = split.parameters_points, split.parameters_luck
    spread = "" if halves[1] is None else f" ± {number(hypot(halves[0], halves[1]))}"
    return (
        f"Of the variance of one replication the parameters make {split.share:.0%} "
        f"({number(split.parameters)}{spread}) and luck the rest ({number(split.luck)}), "
        f"{shared:.0%} of that the same at all points."
    )


def morris(found: Morris) -> str:
    """Screening: which factors luck alone would not explain."""
    told = [(row.factor, number(row.mu_star)) for row in found.factors if row.told]
    never = [row.factor for row in found.factors if row.mu_star == 0.0]
    unclear = [row.factor for row in found.factors if row.told is False and row.mu_star > 0.0]
    words = _matters(found.measure, told, found.extent, " over the factor's range")
    more = f"Not to be told from luck: {', '.join(unclear)}. " if unclear else ""
    none = f"Without any effect on the same draws: {', '.join(never)}." if never else ""
    few = "" if found.factors[0].told is not None else "Six replications are needed for a floor."
    heads = ("factor", "mu", "mu*", "± points", "± luck", "sigma", "± points", "± luck",
             "floor", "p", "told")  # fmt: skip
    return _page(
        [words, more + none + few, partial(found.extent)],
        table(map(_screened, found.factors), heads),
        f"{found.trajectories} trajectories. mu*: mean size of a change over the factor's whole\n"
        "range; sigma: how it differs from place to place; floor: what luck alone would make in\n"
        "one case of twenty; p, told: how often luck alone would make as much, and whether rarely",
    )


def _screened(row: Screened) -> tuple[str, ...]:
    sizes = row.mu, row.mu_star, row.mu_star_points, row.mu_star_luck
    spread = row.sigma, row.sigma_points, row.sigma_luck, row.floor
    told = UNKNOWN if row.told is None else _yes(row.told)
    return row.factor, *map(number, (*sizes, *spread)), _two(row.p_value), told


def boxes(found: Discovery) -> str:
    """Boxes: where the cases lie, on the points that were held out too."""
    of = f"{found.cases} of {found.extent.points} points are cases of {found.rule}"
    unsure = f"; luck leaves {found.unsure} points open" if found.unsure else ""
    if not found.boxes:
        words = f"No box sets the cases apart: {of}{unsure}."
        return _page([words, partial(found.extent)])
    first = found.boxes[0]
    words = (
        f"{of}{unsure}. On points held out, a box of {_limits(first)} holds "
        f"{_share(first.held_coverage.share)} of the cases, and {_share(first.held_density.share)} "
        f"of what it holds are cases."
    )
    drawn = f"found again: in how many of {found.resamples} resamples of the points"
    return _page([words, partial(found.extent)], *map(_box, found.boxes), drawn)


def _limits(box: Box) -> str:
    return " and ".join(f"{limit.factor} {limit.side} {_value(limit)}" for limit in box.limits)


def _value(limit: Limit) -> str:
    return number(limit.value) if limit.levels is None else " | ".join(limit.levels)


def _box(box: Box) -> str:
    limits = [
        (
            limit.factor,
            limit.side,
            _value(limit),
            f"{limit.chosen:.0%}",
            _span(limit.low, limit.high),
        )
        for limit in box.limits
    ]
    told = table(limits, ("factor", "", "limit", "found again", "90 % of them"))
    pairs = (
        ("coverage", box.learnt_coverage, box.held_coverage),
        ("density", box.learnt_density, box.held_density),
    )
    rows = [(name, _of(one), _of(two), _shares(two.low95, two.high95)) for name, one, two in pairs]
    worth = table(rows, ("", "learnt from", "held out", "95 %"))
    often = ", ".join(f"{r.factor} {r.side} ({r.chosen:.0%})" for r in box.rivals)
    return "\n\n".join(
        [told, worth, *([fill(f"resamples also limit: {often}", WIDTH)] * bool(often))]
    )


def _of(share: Share) -> str:
    return f"{_share(share.share)} ({share.hits} of {share.of})"


def ranking(found: Ranking) -> str:
    """Policies from the best to the worst, with what choosing amiss would cost."""
    heads = ("", "option", "mean", "95 %", "less the first", "95 %", "best", "good")
    return _page(
        [ranked(found), partial(found.extent)],
        table(map(_option, found.options), heads),
        table(
            map(_costs, found.options), ("", "option", "cost", "regret", "90 %", "most", "least")
        ),
        "best: how probably it truly is, ties shared; good: how probably it is within the zone\n"
        "of the best; cost: what choosing it is expected to lose against the truly best; regret:\n"
        "what it loses against the best of each world, mean, 90 % quantile and largest, which\n"
        "luck makes too large; least: the mean judged on other replications, rather too small",
    )


def ranked(found: Ranking) -> str:
    """Who comes first, and how probably it truly does, in a sentence."""
    tied = [o for o in found.options if abs(o.difference) <= ROUNDING * max(1.0, abs(o.mean))]
    does = "has" if len(tied) == 1 else "tie for"
    first = _listed([o.option for o in tied])
    words = f"{first} {does} the {found.best} mean ({_label(found.measure)})"
    if found.correct is None:
        return f"{words}, but {ALONE if found.extent.replications < 2 else AGREEING}."
    after = found.options[len(tied) :][:1]
    against = [f", against {number(o.mean)} of {o.option}" for o in after]
    worlds = f"{found.worlds} worlds" if found.worlds > 1 else "one world"
    return (
        f"{words}: {number(tied[0].mean)}{''.join(against)}; {_truly(found, tied)} "
        f"({worlds}, {found.extent.replications} replications on the same draws)."
    )


def _listed(names: Sequence[str]) -> str:
    """Names in a sentence; of many the first few, and how many more.

    >>> _listed("a"), _listed("abc"), _listed("abcde")
    ('a', 'a, b and c', 'a, b, c and 2 more')
    """
    if len(names) > NAMED:
        names = [*names[:NAMED], f"{len(names) - NAMED} more"]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _truly(found: Ranking, tied: Sequence[Option]) -> str:
    """How probably the first is truly so; of several that tie, none is said to be."""
    if len(tied) == len(found.options):
        return f"nothing tells which is truly the {found.best}"
    zone = f", or within {number(found.zone)} of it" if found.zone else ""
    who, chance = f"it is truly the {found.best}{zone}", found.correct
    if len(tied) > 1:
        who, chance = f"one of them is truly the {found.best}", sum(o.best or 0.0 for o in tied)
    return f"that {who} has a probability of {_probability(chance)}"


def _option(o: Option) -> tuple[str, ...]:
    mean = number(o.mean), _span(o.low95, o.high95)
    change = number(o.difference), _span(o.difference_low95, o.difference_high95)
    return str(o.rank), o.option, *mean, *change, _probability(o.best), _probability(o.good)


def _costs(o: Option) -> tuple[str, ...]:
    regret = o.cost, o.regret_mean, o.regret_90, o.regret_most, o.regret_least
    return str(o.rank), o.option, *map(number, regret)


def partial(extent: Extent) -> str:
    """What is missing, where something is."""
    if extent.whole:
        return ""
    return (
        f"Partial: {extent.points} of {extent.of_points} points, {extent.replications} of "
        f"{extent.of_replications} replications of each."
    )


def _matters(measure: str, sure: Sequence[tuple[str, str]], extent: Extent, unit: str) -> str:
    """What matters most, in a sentence: names with their worth, its unit said once."""
    label = _label(measure)
    if extent.replications < 2:
        return f"{label[0].upper()}{label[1:]}: {ALONE}."
    if not sure:
        return f"{label[0].upper()}{label[1:]}: no factor can be told from luck."
    (first, worth), *others = sure
    told = [f"{first} ({worth}{unit})", *(f"{name} ({worth})" for name, worth in others)]
    more = f" and {len(sure) - NAMED} more" if len(sure) > NAMED else ""
    return f"What matters for {label}, at 95 %: {', '.join(told[:NAMED])}{more}."


def _label(measure: str) -> str:
    """A measure's words."""
    words = {m.name: m.label for m in MEASURES}
    return words.get(measure) or (LABELS[measure].text if measure in LABELS else measure)


def _page(words: Sequence[str], *parts: str) -> str:
    head = "\n".join(fill(line, WIDTH) for line in words if line)
    return "\n\n".join([head, *parts])


def _span(low: float | None, high: float | None) -> str:
    return UNKNOWN if low is None or high is None else f"{number(low)} to {number(high)}"


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}"


def _shares(low: float | None, high: float | None) -> str:
    return UNKNOWN if low is None or high is None else f"{low:.0%} to {high:.0%}"


def _two(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"


def _probability(value: float | None) -> str:
    """Never a bare zero or one: it is of a number of draws."""
    if value is None:
        return UNKNOWN
    return "<.01" if value < 0.01 else ">.99" if value > 0.99 else f"{value:.2f}"


def _yes(sure: bool) -> str:
    return "yes" if sure else "no"
