"""The section of a calibration: what the record taught, and whether the fit is to be believed."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.compare import tables as drawn
from sim.compare.tables import Learned
from sim.settings.compose import draft
from sim.settings.posterior import fingerprint
from sim.show import figures, posteriors
from sim.show.figures import About
from sim.show.figures.coverage import of_ranks
from sim.show.identifiability import CHECKS, HOME
from sim.show.reports import stress
from sim.show.reports.assumptions import assumptions
from sim.show.reports.limits import BRIEFLY, LIMITS
from sim.show.reports.parts import Grid, Part, Section, Verdict, grid_of, pictured, plain
from sim.show.tables import number

MARGINALS = 6
"""Quantities that have a picture of their own: the most contracted."""
OF_THE_FIT = ("scenario", "until", "conditions", "without", "holes")
"""What makes a fit another one, apart from how it is sampled."""
PROVENANCE = (
    *("identity", "scenario", "until", "seed", "draws", "sampling", "conditions", "without"),
    *("data_sha256", "code_sha256", "calibration_sha256", "versions"),
)


def section(path: Path) -> Section:
    """A posterior for a reader.

    Args:
        path: its folder, with `manifest.json`, `draws.parquet` and `diagnostics.csv`.
    """
    told = posteriors.about(path)
    found = drawn.learned(str(path.resolve()))
    about = _about(told)
    settings = draft([f"scenario={told['scenario']}", *told["conditions"]])
    parts = [
        pictured("What the record taught", figures.learned(found, about),
                 "Each on the scale of its own prior, where that is flat: a quantity of which "
                 "nothing was learnt spans the grey band. Contraction is one less the posterior's "
                 "variance over the prior's."),
        *(pictured(row.key, figures.marginal(row, about)) for row in found[:MARGINALS]),
        _quantities(found),
        _ridges(told),
        *_checks(told, fingerprint(str(path.resolve())), about),
        Part("What the record can't tell", LIMITS),
        assumptions(settings, told["name"]),
        stress.part(settings, {"versions": told.get("versions")}),
    ]  # fmt: skip
    return Section(
        told["title"],
        "a calibration",
        f"The posterior {told['name']}: the record before {told['until']}.",
        verdict(told, found),
        tuple(parts),
        plain(told, PROVENANCE),
    )


def verdict(told: dict[str, Any], found: list[Learned]) -> Verdict:
    """What the first screen says of a fit."""
    names = {verdict: [r.key for r in found if r.verdict == verdict]
             for verdict in posteriors.VERDICTS}  # fmt: skip
    settled, informed, idle = names.values()
    healthy = "All chains agree" if told["healthy"] else "NOT all chains agree"
    best = found[:3]
    ridges = told["ridges"]
    return Verdict(
        f"{told['title']}: {len(found)} quantities fitted to the record before {told['until']}, "
        f"{told['draws']} draws, seed {told['seed']}.",
        (
            *(() if told["healthy"] else (f"{healthy}: nothing else on this page counts.",)),
            f"The record settles {len(settled)} of {len(found)} quantities, says something of "
            f"{len(informed)} and leaves {len(idle)} to their priors.",
            "Most is learnt of " + "; ".join(
                f"{r.key} ({number(r.prior_low90)} to {number(r.prior_high90)} before, "
                f"{number(r.low90)} to {number(r.high90)} after)" for r in best
            ) + ".",
        ),
        (
            f"{healthy}: worst R-hat {told['worst_rhat']}, least effective draws "
            f"{told['least_ess']}.",
            f"Conditional on {len(told['conditions'])} assumptions held fixed: "
            f"{'; '.join(told['conditions']) or 'none'}.",
        ),
        (
            f"{len(idle)} quantities ({', '.join(idle[:3])} …) stay as assumed; {len(ridges)} "
            "pairs are known only together.",
            BRIEFLY,
        ),
    )  # fmt: skip


def _about(told: dict[str, Any]) -> About:
    return About(
        f"posterior {told['name']}",
        told["scenario"],
        posterior=told["name"],
        seed=told["seed"],
        replications=told["draws"],
        data_sha256=told["identity"],
        record_sha256=told["data_sha256"],
        code_sha256=told["code_sha256"],
        command=f"rungs calibrate fit={told['name']}",
    )


def _quantities(found: list[Learned]) -> Part:
    heads = ("quantity", "prior", "median", "90 %", "contraction", "")
    lines = [
        (r.key, r.prior, number(r.median), f"{number(r.low90)} to {number(r.high90)}",
         f"{r.contraction:.2f}", r.verdict)
        for r in found
    ]  # fmt: skip
    return Part("Every quantity", grid=Grid(heads, lines), folded=True)


def _ridges(told: dict[str, Any]) -> Part:
    lines = [(a, b, f"{r:+.2f}") for a, b, r in told["ridges"]]
    text = "Pairs whose draws hang together: neither is known without the other."
    return Part("Known only together", (text,), grid=Grid(("one", "other", "correlation"), lines))


def _checks(told: dict[str, Any], draws: str, about: About) -> list[Part]:
    """What committed checks found of this very posterior; those of another prove nothing of it."""
    paths = {name: HOME / "results" / f"{name}.json" for name in CHECKS}
    results = {
        n: json.loads(p.read_text(encoding="utf-8")) for n, p in paths.items() if p.is_file()
    }
    own = [name for name, result in results.items() if is_of(result, told, draws)]
    rest = [CHECKS[name].lower() for name in CHECKS if name not in own]
    missing = f"No result is kept of this posterior for: {'; '.join(rest)}."
    found = [part for name in own for part in _check(name, paths[name], results[name], about)]
    return [*found, *([Part("Not proven", (missing,))] if rest else [])]


def is_of(result: Mapping[str, Any], told: Mapping[str, Any], draws: str) -> bool:
    """Whether a check is about a posterior: made from its draws, or else of the same fit.

    Args:
        result: what the check left.
        told: the posterior's manifest.
        draws: a hash of its draws.
    """
    if "posterior_sha256" in result:
        return bool(result["posterior_sha256"] == draws)
    return all(result["plan"][key] == told[key] for key in OF_THE_FIT)


def _check(name: str, path: Path, result: Mapping[str, Any], about: About) -> list[Part]:
    verdict = tuple(result["verdict"])
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        rows = [{key: _number(value) for key, value in row.items()} for row in csv.DictReader(file)]
    found = [Part(CHECKS[name], verdict, grid=grid_of(rows), folded=True)]
    if rows and {"key", "histories", "coverage_50"} <= rows[0].keys():
        figure = figures.coverage(of_ranks(rows), about)
        found.append(pictured(f"{CHECKS[name]}: coverage", figure))
    return found


def _number(cell: str) -> float | str | None:
    try:
        return float(cell)
    except ValueError:
        return cell or None
