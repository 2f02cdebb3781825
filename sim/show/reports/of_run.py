"""The section of a run: pictures with the record on them, every pattern, every assumption."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from math import inf
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import record as recorded_data
from sim.compare import Check, by_chance, in_words
from sim.compare import tables as drawn
from sim.compare.reporting import rates
from sim.compare.tables import History, Reach, State
from sim.ladder import RUNGS
from sim.settings.describe import Parameter, parameters
from sim.settings.scenario import Settings
from sim.show import figures, tables
from sim.show.figures import About, of_manifest
from sim.show.figures.counts import number, percent
from sim.show.figures.table import by
from sim.show.figures.table import rows as rows_of
from sim.show.pages import safe
from sim.show.predictive import pictures
from sim.show.reports import stress
from sim.show.reports.limits import BRIEFLY, LIMITS
from sim.show.reports.page import page
from sim.show.reports.parts import PROVENANCE, Grid, Part, Section, Verdict, pictured, plain
from sim.study.intervals import half_width
from sim.study.runs import Runs

if TYPE_CHECKING:
    import plotly.graph_objects as go

NOTES = {
    "days": "A day's state is the highest rung in its trailing 14 days.",
    "transitions": "Changes of the daily state, the highest rung in the trailing 14 days.",
    "interception": "Shares of the rounds of those attacks whose report states both numbers.",
    "published": "Others counted by rules and over days of their own, picked after the event and "
    "often because they were busy; running totals share their days. So these rows overlap, and "
    "misses among them weigh less. Who printed what: rungs show record.",
}
"""What a reader must know of a family before reading its picture."""


class Told(NamedTuple):
    """A run as it is shown: its tables, its checks, the record over its window."""

    runs: Runs
    checks: Sequence[Check]
    history: History
    reaches: list[Reach]
    about: About
    manifest: dict[str, Any]

    @property
    def compared_with(self) -> str | None:
        """The record that it is laid beside; none is the packaged one."""
        return named_record(self.manifest)

    @property
    def settings(self) -> Settings:
        """What was run."""
        return self.runs.settings


def named_record(manifest: dict[str, Any]) -> str | None:
    """The record that a run was last compared with, or run beside; none is the packaged one."""
    named = manifest.get("compared_with") or manifest.get("record")
    return None if named in (None, "packaged") else str(named)


def named_without(manifest: dict[str, Any]) -> tuple[str, ...]:
    """The doubtful rows that this record was compared without."""
    return tuple(manifest.get("compared_without") or ())


def told_of(runs: Runs, checks: Sequence[Check], record: str | None = None) -> Told:
    """A run with what its section needs."""
    assert runs.folder is not None
    settings, manifest = runs.settings, runs.folder.manifest()
    known = drawn.history(settings, record, named_without(manifest))
    rows = drawn.reaches(
        runs.arrow("replications"), settings.retaliation.title, settings.days, known
    )
    return Told(runs, checks, known, rows, of_manifest(runs.folder.path.name, manifest), manifest)


def save_comparison(
    runs: Runs, checks: Sequence[Check], record: str | None = None, without: Sequence[str] = ()
) -> dict[str, Path]:
    """Write `comparison.csv` and `report.html` into the run folder; what lies where."""
    assert runs.folder is not None
    folder = runs.folder.path
    runs.folder.note(
        compared_with=record or "packaged",
        compared_sha256=recorded_data.hash_of_data(record),
        compared_without=list(without) or None,
    )
    runs.folder.write("comparison.csv", as_csv(checks).encode())
    told = section(told_of(runs, checks, record))
    runs.folder.write("report.html", page(told.title, [told]).encode())
    names = {"report": "report.html", "table": "comparison.csv"}
    return {"run": folder, **{what: folder / name for what, name in names.items()}}


def as_csv(checks: Sequence[Check]) -> str:
    """The checks as CSV, unknown left blank."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Check._fields)
    writer.writerows(checks)
    return text.getvalue()


def section(told: Told) -> Section:
    """A run for a reader."""
    settings = told.settings
    return Section(
        f"{settings.scenario.title}: simulated and recorded",
        "a run",
        settings.scenario.about.strip(),
        verdict(told),
        tuple(
            [
                *_pictures(told),
                *_families(told),
                _patterns(told.checks),
                _reports(told.runs),
                Part("What the record can't tell", LIMITS),
                assumptions(settings, told.manifest.get("posterior")),
                stress.part(settings, told.manifest),
            ]
        ),
        plain(told.manifest, (*PROVENANCE, "compared_with", "compared_sha256", "compared_without")),
    )


# -- the verdict -------------------------------------------------------------------------------


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
    rows = list(parameters(told.settings))
    posterior = told.manifest.get("posterior")
    uncertain = sum(row.value[:1].isalpha() for row in rows)
    source = f"the posterior {posterior}" if posterior else "their priors"
    return (
        f"drawn from {source} anew for each replication where uncertain "
        f"({uncertain} of {len(rows)})"
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


# -- the parts ---------------------------------------------------------------------------------


def _pictures(told: Told) -> list[Part]:
    """Every picture of a run, those for which it kept the tables."""
    runs, settings, known, about = told.runs, told.settings, told.history, told.about
    n, paths = settings.replications, runs.arrow("paths")
    rows = runs.arrow("replications")
    truth = "Simulated: what happens, reported or not. Recorded: what was reported."
    weeks = [name for name in rows.column_names if name.startswith("week_")]
    found = []
    if weeks:
        found.append(
            pictured(
                "Attacks, week by week", figures.fan(drawn.weeks(rows, known), about),
                "Reported rocket attacks whose day is known, on both sides, in whole weeks.",
            )
        )  # fmt: skip
    found += _timeline(told)
    states = drawn.states(paths, rows, settings.scenario.start, known, settings.days)
    return [
        *found,
        pictured("The ladder over time", figures.ladder(states, about),
                 "The state of a day is the highest rung of its trailing 14 days, over the "
                 "replications that have come to no sustained exchange yet.", truth
                 )._replace(grid=_days(states)),
        pictured("Ways up the ladder", figures.flow(drawn.climbs(paths, n, known), about),
                 "A campaign's climb is the rungs that were higher than all before them.", truth),
        _drawn("Changes of rung", figures.transitions, drawn.transitions(paths, n, known), about,
               truth),
        pictured("Time to a rung", figures.survival(told.reaches, about),
                 "Kaplan and Meier's estimate with its 95 % interval; replications that do not "
                 "get there are censored at the window's end or at a sustained exchange.", truth),
        _answers(told),
    ]  # fmt: skip


def _drawn(
    head: str, draw: Callable[..., go.Figure], rows: Sequence[Any], about: About, *text: str
) -> Part:
    """A picture of rows, or a word in its place where nothing happened that it could show."""
    if not rows:
        return Part(head, ("Nothing of the kind happened in this window, so nothing is drawn.",))
    return pictured(head, draw(rows, about), *text)


def _answers(told: Told) -> Part:
    rows = drawn.lags(told.runs.arrow("replications"), told.checks)
    if not rows:
        return Part("Answers", ("No replication reports a strike, so there are no answers.",))
    text = "Days between reports: a replication's median, for those that have one."
    return pictured("Answers", figures.lags(rows, told.about), text)


def _days(states: Sequence[State]) -> Grid:
    """A row for each day: the share on every rung, and the record's."""
    days = by(rows_of(states), "day")
    heads = ("day", *(f"rung {rung}" for rung in range(len(RUNGS))), "the record's rung")
    lines = []
    for day, own in days.items():
        stood = [str(row["rung"]) for row in own if row["recorded"]]
        lines.append((str(day), *(f"{row['share']:.3f}" for row in own), *(stood or ["–"])))
    return Grid(heads, lines)


def _timeline(told: Told) -> list[Part]:
    """The record beside the middling replication, where its journal was kept."""
    if told.settings.journal == "none":
        return []
    number = drawn.middling(told.runs.arrow("replications"))
    rows = drawn.chronicle(told.history, told.runs.journal(number), f"replication {number}")
    return [
        _drawn(
            "The campaign's timeline", figures.timeline, rows, told.about,
            f"Replication {number} is the one whose number of rocket attacks is the median; "
            "an example, not a forecast.",
        )
    ]  # fmt: skip


def _families(told: Told) -> list[Part]:
    key = (
        "Bars hold 90 % (light) and 50 % (dark) of replications, the line is their median. The "
        "record lies on top: a hollow mark inside the central 90 %, a filled one where it misses; "
        "a thin line is the range that sources leave, an arrow “at least”."
    )
    found = [Part("The predictive check, family by family", (key,))]
    for picture in pictures(told.checks, source_of(told.manifest)):
        text = [NOTES[picture.family]] if picture.family in NOTES else []
        if picture.blank:
            text.append(f"Not known, so not drawn: {'; '.join(picture.blank)}.")
        found.append(Part(picture.title, tuple(text), svg=_without_metadata(picture.svg)))
    return found


def source_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a picture of checks keeps of the run that they come from."""
    return {key: manifest.get(key) for key in ("scenario", "seed", "record", "code_sha256")}


def _without_metadata(svg: str) -> Any:
    """A picture without its numbers: in the page they stand under "Every pattern"."""
    return safe(re.sub("<metadata>.*?</metadata>", "", svg, flags=re.DOTALL))


def _patterns(checks: Sequence[Check]) -> Part:
    heads = ("pattern", "unit", "recorded", "median", "50 %", "90 %", "p", "known", "verdict")
    rows = [
        (
            c.label,
            c.unit,
            tables.recorded(c),
            tables.number(c.median),
            tables.span(c.low50, c.high50),
            tables.span(c.low90, c.high90),
            tables.probability(c.p_value, c.n),
            f"{c.n} of {c.replications}",
            c.verdict,
        )
        for c in checks
    ]
    text = (
        "A recorded value in brackets is the range that sources leave. p is the two-sided "
        "predictive p-value, 2 min(P(T < t) + P(T = t)/2, P(T > t) + P(T = t)/2) over the "
        "replications that know the pattern; a range has the largest p of its values. What lies "
        f"outside the 90 % interval is a miss. {_by_chance(checks)}"
    )
    missed = frozenset(i for i, c in enumerate(checks) if c.missed)
    return Part("Every pattern", (text,), grid=Grid(heads, rows, missed))


def _by_chance(checks: Sequence[Check]) -> str:
    """How many misses so few replications make of themselves."""
    known = [c for c in checks if c.verdict != "unknown"]
    return (
        f"By chance alone about {by_chance(known)} of {len(known)} would, more with fewer "
        "replications and fewer with ties, and patterns aren't independent."
    )


def _reports(runs: Runs) -> Part:
    heads = ("reports that differ", "a replication", "replications with one")
    rows = [(r.text, tables.number(r.mean), percent(r.share)) for r in rates(runs)]
    text = (
        "Of one event several accounts are told: they come late, fall short, conflict, are denied, "
        "corrected or withdrawn."
    )
    return Part("How reports differ", (text,), grid=Grid(heads, rows))


def assumptions(settings: Settings, posterior: str | None) -> Part:
    """Every quantity with its source."""
    heads = ("key", "value or prior", "unit", "limits", "confidence", "source")
    rows = [_line(p) for p in parameters(settings)]
    text = [f"{len(rows)} quantities. A source in brackets rests on evidence inside the record."]
    if posterior:
        text.append(f"Those that the posterior {posterior} holds are drawn from it instead.")
    return Part("Assumptions", tuple(text), grid=Grid(heads, rows), folded=True)


def _line(p: Parameter) -> tuple[str, ...]:
    limits = f"{tables.number(p.low)} to {tables.number(p.high)}"
    source = f"[{p.source}]" if p.evidence_in_record else p.source
    return p.key, p.value, p.unit, limits, p.confidence, source
