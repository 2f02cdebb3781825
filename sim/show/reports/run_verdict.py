"""What the first screen says of a run: what was run, how it fits, how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from statistics import fmean

from sim.compare import Check, in_words
from sim.compare import tables as drawn
from sim.settings.describe import parameters
from sim.settings.sampling import Sampler
from sim.show import tables
from sim.show.figures.counts import number, percent
from sim.show.reports.limits import BRIEFLY
from sim.show.reports.parts import Verdict
from sim.show.reports.told import Told, named_without
from sim.study.intervals import half_width


def verdict(told: Told) -> Verdict:
    """What the first screen says of a run."""
    settings, checks = told.settings, told.checks
    unknown = [c.label for c in checks if c.verdict == "unknown"]
    silent = f"{len(unknown)} of {len(checks)} patterns can't be compared"
    silent += f" ({'; '.join(unknown[:3])}{' …' if len(unknown) > 3 else ''})." if unknown else "."
    notes = (
        tables.beside(told.history, told.compared_with),
        tables.without(told.compared_with, named_without(told.manifest)),
    )
    return Verdict(
        f"{settings.replications} replications of {settings.scenario.name}, "
        f"{settings.scenario.start} to {settings.scenario.end}, seed {settings.seed}. US policy: "
        f"{settings.retaliation.title}. Parameters are {drawn_from(told)}.",
        (*fit(checks), spread(told), *cut_short(told)),
        (luck(told), trust(told)),
        (*map(_sentence, filter(None, notes)), silent, BRIEFLY),
    )


def _sentence(note: str) -> str:
    line = note.replace("\n", " ")
    return f"{line[0].upper()}{line[1:]}."


def drawn_from(told: Told) -> str:
    """Where the parameters of a run come from."""
    known = list(parameters(told.settings))
    posterior = told.manifest.get("posterior")
    uncertain = len(Sampler(told.settings).uncertain())  # not those of parts that are off
    source = f"the posterior {posterior}" if posterior else "their priors"
    return (
        f"drawn from {source} anew for each replication where uncertain "
        f"({uncertain} of {len(known)})"
    )


def fit(checks: Sequence[Check], most: int = 3) -> list[str]:
    """How many patterns the record and the run share, and the gravest misses with their sizes."""
    told = in_words(checks).split(". Recorded")[0].rstrip(".")
    missed = sorted((c for c in checks if c.missed), key=lambda c: (not c.headline, c.p_value or 0))
    more = [f"… and {len(missed) - most} more."] if len(missed) > most else []
    return [f"{told}.", *(f"{tables.misfit(c)}." for c in missed[:most]), *more]


def cut_short(told: Told) -> list[str]:
    """How many replications the ladder does not tell to the end, if there are any."""
    rows = told.runs.arrow("replications")
    line = tables.exchanges(drawn.exchanges(rows), len(rows))
    return [f"{line}."] if line else []


def spread(told: Told) -> str:
    """How far the replications lie apart."""
    rows = {row["measure"]: row for row in told.runs.arrow("summary").to_pylist()}
    attacks = rows["rocket_attacks"]
    high = [r for r in told.reaches if r.rung == 8][-1]
    return (
        f"Half of the replications report {number(attacks['low50'])} to "
        f"{number(attacks['high50'])} rocket attacks, nine in ten {number(attacks['low90'])} to "
        f"{number(attacks['high90'])}; {percent(high.reached)} see the US strike openly (rung 8)."
    )


def luck(told: Told) -> str:
    """What so many replications leave open."""
    from scipy.stats import binomtest

    counts = [float(n) for n in told.runs.arrow("replications")["rocket_attacks"].to_pylist()]
    if len(counts) < 2:
        return "One replication: nothing can be said of its luck."
    half = half_width(counts)
    if half == inf:
        return f"{len(counts)} replications that agree: nothing can be said of their luck."
    high = [r for r in told.reaches if r.rung == 8][-1]
    # Wilson's: that of a survival curve is empty where none or all of them see one.
    share = binomtest(round(high.reached * len(counts)), len(counts)).proportion_ci(method="wilson")
    return (
        f"{len(counts)} replications fix the mean number of attacks ({number(fmean(counts))}) to "
        f"± {number(half)} and the share that sees an open strike to {percent(share.low)} to "
        f"{percent(share.high)} (95 %, luck alone)."
    )


def trust(told: Told) -> str:
    """How far the parameters, and so all of this, are to be trusted."""
    posterior = told.manifest.get("posterior")
    if posterior is None:
        return (
            "Parameters are documented ranges, not fitted: that a pattern lies inside wide ranges "
            "is weak evidence, that one lies outside is what the model gets wrong."
        )
    return (
        f"Parameters come from the fit {posterior}, which has seen this record as far as it goes: "
        "this is a check in sample, not a forecast (rungs backtest is one)."
    )
