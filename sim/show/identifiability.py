"""The page that says what the record supports and what it doesn't: docs/identifiability.md.

Made from the committed posteriors and results alone: python -m sim.show.identifiability
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sim.compare import ABOVE, BELOW
from sim.show import forecasts, reasons, simulated
from sim.show.forecast_tables import ahead
from sim.show.posteriors import VERDICTS, about, pressed, rows

HOME = Path(__file__).resolve().parents[2] / "calibration"
POSTERIORS = ("reference", "full")
CHECKS = {
    "predictive": "Patterns of the record under the posterior, in sample",
    "recovery": "One history of known truth",
    "sbc": "Many histories of known truth",
    "likelihoods": "Do the posteriors look at their data?",
    "thinning": "What the months of holes do to the tempo",
    "gaps": "Time-rescaled gaps",
    "worth": "What each mechanism of the tempo is worth",
    "worth_crps": "What each mechanism of the tempo is worth to the forecasts",
    "placebo": "Fake dates",
    "priors": "Other priors",
    "noise": "Parameters and luck",
}
"""The checks of `rungs calibrate check=`, and what each looks at."""
QUESTIONS = {
    "how often attacks come": "militia.base_rate",
    "how much attacks trigger others": "militia.excitation",
    "how often salvos are large": "militia.salvo.large_share",
    "how deadly a large salvo is": "casualties.coalition_deaths_large",
    "whether a death is answered": "retaliation.probability.killed",
    "whether harmless fire is answered": "retaliation.probability.none",
    "how fast the answer comes": "retaliation.strike.lag_median_days",
    "how far strikes deter": "militia.drivers.deterrence.size",
    "how far strikes provoke": "militia.drivers.backlash.size",
    "what threats do": "militia.drivers.threat.size",
    "what calendar marks do": "militia.drivers.calendar.size",
    "what arrests do": "militia.drivers.arrest.size",
    "what withdrawing staff does": "militia.drivers.withdrawal.size",
    "what a truce does": "militia.truce.factor",
    "how much lethality is steered away": "militia.restraint",
    "how many rounds a defence stops": "air_defence.engage_share",
    "how much a siren shelters": "air_defence.shelter",
    "whether fire goes where defences are not": "militia.targeting.defence",
}
"""What readers ask, and the quantity that answers."""
PRESSED = (
    "Pressed against an end of their priors, which says as much there as the record does (over "
    "half of the posterior lies in the outermost tenth of the prior): {}."
)
NOT_YET = "- No result is committed: it has not been run at the size that it needs."
COMMANDS = {
    "likelihoods": "rungs calibrate check=sbc histories=60 seed=11 --out DIR",
    "thinning": "rungs calibrate check=sbc only=tempo histories=60 seed=7 --out DIR",
}
"""What makes a result that has another name than its check."""
THINNED = (
    "A self-exciting process with attacks missing is only nearly one, and the likelihood takes it "
    "for one. These histories lose attacks in the months of holes as the record does. `mean_rank` "
    "is the truth's mean place among the draws of its posterior: 0.5 is no bias, chance moves it "
    "by 0.04, above 0.5 the posterior says too little."
)
LOOKED = (
    "Draws from the prior would pass all of the histories above: their truths are drawn from it. "
    "So in these histories, apart from those, the likelihood at the truth is ranked among that at "
    "the draws, block by block: a posterior that ignores its data gives the truth too high a rank "
    "(Modrák and others 2023)."
)
TEMPO = (
    "militia.base_rate",
    "militia.excitation",
    "militia.decay_days",
    "observers.hole_detection",
)
"""What missing attacks could bias."""
LONG = ("recovery", "sbc")
"""Tables of these are too long for the page."""


def page() -> str:
    """The page, in Markdown."""
    found = rows(HOME / "posteriors" / POSTERIORS[0])
    parts = [*_opening(found), *_taught(found), *_untaught(found)]
    parts += simulated.section(HOME / "results" / "simulated.json")
    return "\n".join([*parts, *_fits(), *_checks(), *_test()]) + "\n"


def _keys(found: Iterable[dict[str, str]], verdict: str) -> list[str]:
    return [row["key"] for row in found if row["verdict"] == verdict]


def _opening(found: list[dict[str, str]]) -> list[str]:
    """What is known and what is not, in numbers that the tables hold."""
    calibrated, informed, ruled = (_keys(found, verdict) for verdict in VERDICTS)
    told = {row["key"]: row["verdict"] for row in found}
    by_verdict = [[n for n, key in QUESTIONS.items() if told.get(key) == v] for v in VERDICTS]
    return [
        "# What the record supports, and what it doesn't",
        "",
        f"The reference fit moves {len(found)} quantities. The record of May 2019 – June 2020 "
        f"settles {len(calibrated)} of them (it takes away half of the prior's variance or more), "
        f"says something of {len(informed)}, and leaves {len(ruled)} to their priors.",
        "",
        f"- **It tells** {_listed(by_verdict[0])}.",
        f"- **It says something of** {_listed(by_verdict[1])}.",
        f"- **It does not tell** {_listed(by_verdict[2])}.",
        "",
        *_full(told),
        *_pressed(found),
        "What a policy would have changed through what is not told is not determined by the "
        "record; `rungs branch … --signs` says so case by case.",
        "",
        "Made by `python -m sim.show.identifiability` from `calibration/posteriors` and "
        "`calibration/results`.",
        "",
    ]


def _full(reference: dict[str, str]) -> list[str]:
    """In what the whole record says more, or less, than the reference fit does."""
    found = rows(HOME / "posteriors" / "full")
    counts = [len(_keys(found, verdict)) for verdict in VERDICTS]
    told = {row["key"]: row["verdict"] for row in found}
    other = [
        f"{name} ({told[key]}, not {reference[key]})"
        for name, key in QUESTIONS.items()
        if key in told and key in reference and told[key] != reference[key]
    ]
    return [
        f"The whole record, to the end of 2020, settles {counts[0]}, says something of {counts[1]} "
        f"and leaves {counts[2]}. Of the questions above it answers otherwise: {_listed(other)}.",
        "",
    ]


def _pressed(found: list[dict[str, str]]) -> list[str]:
    told = ", ".join(pressed(found))
    return [PRESSED.format(told), ""] if told else []


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "nothing"


def _taught(found: list[dict[str, str]]) -> list[str]:
    taught = [row for row in found if row["verdict"] != VERDICTS[-1]]
    taught.sort(key=lambda row: -float(row["contraction"]))
    lines = [
        "## What it teaches",
        "",
        "Contraction is one less the posterior's variance over the prior's, on the scale on which "
        "the prior is normal.",
        "",
        "| quantity | prior | median | 90 % interval | contraction | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in taught:
        low, median, high = (float(row[name]) for name in ("low90", "median", "high90"))
        lines.append(
            f"| `{row['key']}` | {row['prior']} | {median:.3g} | {low:.3g} to {high:.3g} | "
            f"{float(row['contraction']):.2f} | {row['verdict']} |"
        )
    return [*lines, ""]


def _untaught(found: list[dict[str, str]]) -> list[str]:
    ruled = ", ".join(f"`{key}`" for key in _keys(found, VERDICTS[-1]))
    return [
        "## What it leaves to the priors",
        "",
        f"Driven by the prior (contraction under a fifth): {ruled}.",
        "",
        "What has no likelihood (revision of reports, claims, the patron's word, arrests and their "
        "consequences, stormings, truces) is in neither list: see the next section. Stock and "
        "belief are off unless a scenario turns them on, and are in no fit.",
        "",
    ]


def _fits() -> list[str]:
    lines = ["## The fits", ""]
    for name in POSTERIORS:
        told = about(HOME / "posteriors" / name)
        healthy = "all chains agree" if told["healthy"] else "NOT all chains agree"
        lines += [
            f"**{name}**: the record before {told['until']}; {healthy} (worst R̂ "
            f"{told['worst_rhat']}, least effective draws {told['least_ess']}; asked: below 1.01, "
            "above 400). Conditional on:",
            "",
            *(f"- `{condition}`" for condition in told["conditions"]),
            "",
        ]
        if told["ridges"]:
            pairs = "; ".join(f"`{a}` and `{b}` ({r:+.2f})" for a, b, r in told["ridges"])
            lines += [f"Known only together (correlation): {pairs}.", ""]
    return lines


def _checks() -> list[str]:
    lines = ["## Is the pipeline to be believed?", ""]
    for name, title in CHECKS.items():
        path = HOME / "results" / f"{name}.json"
        lines += [
            f"### {title}",
            "",
            f"`{COMMANDS.get(name, f'rungs calibrate check={name}')}`",
            "",
        ]
        if not path.is_file():
            lines += [NOT_YET, ""]
        else:
            told = json.loads(path.read_text(encoding="utf-8"))
            lines += [f"- {line}" for line in told["verdict"]] + [""]
            lines += [] if name in LONG else _found(name, path.with_suffix(".csv"))
    return lines


def _found(name: str, path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    return SHOWN.get(name, _table)(found)


def _table(found: list[list[str]]) -> list[str]:
    head, body = found[0], found[1:]
    lines = [f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    return [*lines, *(f"| {' | '.join(_short(cell) for cell in row)} |" for row in body), ""]


def thinned(found: list[list[str]]) -> list[str]:
    """What proof there is of the quantities that missing attacks could bias."""
    return [THINNED, "", *_table([found[0], *(row for row in found[1:] if row[0] in TEMPO)])]


def looked(found: list[list[str]]) -> list[str]:
    """Where the truth ranks by its likelihood, block by block."""
    likely = [row for row in found[1:] if row[0].startswith("likelihood of")]
    return [LOOKED, "", *_table([found[0], *likely])]


def _short(cell: str) -> str:
    try:
        return f"{float(cell):.3g}"
    except ValueError:
        return cell or "unknown"


def by_horizon(found: list[list[str]]) -> list[str]:
    """Worths in CRPS, a line a mechanism; the first has the CRPS with everything on."""
    told = [dict(zip(found[0], row, strict=True)) for row in found[1:]]
    weeks = list(dict.fromkeys(row["horizon_weeks"] for row in told))
    at = {(row["mechanism"], row["horizon_weeks"]): row for row in told}
    names = list(dict.fromkeys(row["mechanism"] for row in told))
    whole = [f"{float(at[names[0], week]['crps_on']):.3f}" for week in weeks]
    return [
        "Mean CRPS (fair estimator, attacks) without the mechanism, less that with it: above 0 the "
        "forecasts are better with it. In brackets the 90 % interval by paired block bootstrap "
        "over the Mondays; where there is none, the standard error by the draws. The CRPS itself "
        "is that of few futures; the backtest's below is surer.",
        "",
        f"| without | {' | '.join(ahead(int(week)) for week in weeks)} |",
        "|" + " --- |" * (len(weeks) + 1),
        f"| nothing: CRPS itself | {' | '.join(whole)} |",
        *(f"| {name} | {' | '.join(_worth(at[name, week]) for week in weeks)} |" for name in names),
        "",
    ]


def _worth(row: dict[str, str]) -> str:
    """One worth, and how sure it is; of what changes no future it is none at all."""
    if float(row["changed"]) == 0.0:
        return "0, no future changes"
    if row["low90"]:
        sure = f" ({float(row['low90']):+.3f} to {float(row['high90']):+.3f})"
    else:
        sure = f" (± {float(row['error']):.3f})" if row["error"] else ""
    return f"{float(row['worth']):+.3f}{sure}"


def missed(found: list[list[str]]) -> list[str]:
    """Of all recorded patterns those that miss, with why they do and what was tried."""
    head, *body = found
    misses = [row for row in body if row[head.index("verdict")] in (ABOVE, BELOW)]
    if not misses:
        return []
    given = reasons.given([row[head.index("label")] for row in misses], reasons.PATTERNS)
    why = ["Why they miss, and what was tried:", "", *given, "", reasons.PATTERNS_TRIED, ""]
    return [*_table([head, *misses]), *why]


SHOWN = {"worth_crps": by_horizon, "predictive": missed, "thinning": thinned, "likelihoods": looked}
"""Results that are not shown as the tables that they are."""


def _test() -> list[str]:
    """The committed backtest, as it came out: what `rungs backtest --json` printed."""
    path = HOME / "results" / "backtest.json"
    if not path.is_file():
        return []
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    lines = [
        "## On held-out history",
        "",
        f"`rungs backtest`: {forecasts.counted(told['aims'], True)}. They were fixed in advance; "
        "nothing was tuned on the test window.",
        "",
        *(
            f"- {'met' if a['met'] else '**missed**'}: {a['name']}: {a['told']}"
            for a in told["aims"]
        ),
        "",
    ]
    return [*lines, *_scores(told["scores"])]


def _scores(told: list[dict[str, Any]]) -> list[str]:
    """Mean CRPS by forecaster and horizon."""
    known = [score for score in told if score["crps"] is not None]
    weeks = sorted({score["horizon_weeks"] for score in known})
    names = list(dict.fromkeys(score["model"] for score in known))
    at = {(score["model"], score["horizon_weeks"]): score["crps"] for score in known}
    lines = [
        "Mean CRPS (fair estimator, attacks; lower is better):",
        "",
        "| forecaster | " + " | ".join(ahead(week) for week in weeks) + " |",
        "|" + " --- |" * (len(weeks) + 1),
    ]
    for name in names:
        cells = [f"{at[name, week]:.3f}" if (name, week) in at else "" for week in weeks]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


if __name__ == "__main__":
    print(page(), end="")
