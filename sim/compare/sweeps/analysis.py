"""From a sweep's folder to what its design lets one say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.compare.sweeps.boxes import Discovery, boxes
from sim.compare.sweeps.cases import rule
from sim.compare.sweeps.effects import Effects, effects
from sim.compare.sweeps.morris import Morris, morris
from sim.compare.sweeps.ranking import Ranking, ranking
from sim.compare.sweeps.sobol import Sobol, sobol
from sim.compare.sweeps.table import Swept, Values
from sim.errors import InputError
from sim.study.folder import RunFolder
from sim.study.outcomes import CURVES
from sim.study.swept import Sweep


class Analysis(NamedTuple):
    """Everything that was asked of one measure; what was not is None.

    `notes` say what could not be told, and why.
    """

    measure: str
    effects: Effects | None = None
    sobol: Sobol | None = None
    morris: Morris | None = None
    boxes: Discovery | None = None
    ranking: Ranking | None = None
    notes: tuple[str, ...] = ()


class Question(NamedTuple):
    """What is asked of a sweep.

    Args:
        measure: of `sim.study.outcomes`.
        cases: a rule that names cases of interest, or nothing.
        best: lowest or highest, to rank policies; or nothing.
        policies: the factors whose levels are ranked; none: every point.
        zone: an indifference zone, in units of the measure.
    """

    measure: str
    cases: str = ""
    best: str = ""
    policies: tuple[str, ...] = ()
    zone: float = 0.0


def swept(sweep: Sweep, measure: str) -> Swept:
    """One measure of a sweep as the analyses take it; factors that never vary are left out.

    Days to a rung that is not reached are those that were watched: the days until the window,
    or a sustained exchange, ended it.
    """
    outcomes = sweep.outcomes(measure)
    if measure in CURVES:
        outcomes = np.where(np.isnan(outcomes), sweep.outcomes("days_told"), outcomes)
    factors = {name: _values(told) for name, told in sweep.factors.items()}
    if sweep.unit is None:
        factors = {name: told for name, told in factors.items() if len(set(told)) > 1}
    return Swept(sweep.kind, factors, sweep.unit, outcomes, measure)


def _values(told: Sequence[Any]) -> Values:
    if all(isinstance(value, float) for value in told):
        return np.array(told)
    return [str(value) for value in told]


def noted(sweep: Sweep, question: Question) -> None:
    """Write down in a sweep's folder what was asked of it, for its report; a measure's last
    question counts."""
    told = {**{q.measure: q for q in questions(sweep)}, question.measure: question}
    RunFolder(sweep.path).note(questions=[q._asdict() for q in told.values()])


def questions(sweep: Sweep) -> list[Question]:
    """What was asked of a sweep so far, one question a measure."""
    told = RunFolder(sweep.path).manifest().get("questions", [])
    return [Question(**{**each, "policies": tuple(each["policies"])}) for each in told]


def analysed(sweep: Sweep, question: Question) -> Analysis:
    """What the design of a sweep lets one say.

    Raises:
        InputError: nothing is finished, or what was asked for by name cannot be told.
    """
    told = swept(sweep, question.measure)
    found = Analysis(question.measure, effects(told), notes=cut_short(sweep))
    if sweep.kind == "sobol":
        found = _tried(found, "sobol", sobol, told)
    if sweep.kind == "morris":
        found = _tried(found, "morris", morris, told)
    if question.cases:
        of_cases = swept(sweep, rule(question.cases).measure)
        found = found._replace(boxes=boxes(of_cases, question.cases))
    if question.best:
        ranked = ranking(told, question.policies, question.best, question.zone)
        found = found._replace(ranking=ranked)
    return found


def cut_short(sweep: Sweep) -> tuple[str, ...]:
    """That points are told over unequal days, where replications came to a sustained exchange.

    A point of which all did counts all but its longest, as nothing says how long it might be.
    """
    days = sweep.outcomes("days_told")
    cut = int((days < np.fmax.reduce(days, axis=1, keepdims=True)).sum())
    if not cut:
        return ()
    return (
        f"at least {cut} of {int((~np.isnan(days)).sum())} replications came to a sustained "
        "exchange and are measured up to it: points are told over unequal days",
    )


def _tried(found: Analysis, name: str, analyse: Any, told: Swept) -> Analysis:
    """One analysis more; what a partial sweep can't tell yet is a note."""
    try:
        return found._replace(**{name: analyse(told)})
    except InputError as error:
        return found._replace(notes=(*found.notes, str(error)))


def plain(value: Any) -> Any:
    """Rows as dictionaries, for JSON; what is not finite is unknown."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: plain(part) for name, part in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
