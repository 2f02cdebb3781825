"""The Python interface: what the command line does, as functions that return tables.

>>> import sim
>>> s = sim.scenario("summer_2020", retaliation="never", convoys="none")
>>> runs = sim.run(s, replications=3, workers=1)
>>> runs.replications().shape[0], runs.paths()["replication"].nunique()
(3, 3)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.clock import to_date
from sim.compare import Check, compare_with_record
from sim.compare.contrasts import contrasts
from sim.errors import InputError, nearest
from sim.events import to_pandas
from sim.settings.compose import load
from sim.settings.experiment import Experiment
from sim.settings.files import groups
from sim.settings.scenario import Settings
from sim.settings.words import word
from sim.study import branching
from sim.study import rare as splitting
from sim.study import runs as study
from sim.study.branching import Futures, Plan, Source
from sim.study.masked import beside as beside_record
from sim.study.planning import REPLICATIONS, between, compared, day_of, plan
from sim.study.rare import Answer
from sim.study.runs import Runs as StudyRuns
from sim.study.sweeps import REPLICATIONS as REPLICATIONS_A_POINT
from sim.study.swept import Sweep as StudySweep
from sim.study.work import Progress

if TYPE_CHECKING:
    import pandas as pd

    from sim.compare.sweeps.analysis import Analysis


class Runs(StudyRuns):
    """What a study produced, and how it compares with the record."""

    def checks(self, record: str | Path | None = None, without: Iterable[str] = ()) -> list[Check]:
        """Each pattern of a record beside its simulated distribution.

        Args:
            record: a record of your own; by default the one that the run was made with.
            without: switches of doubtful rows to leave out, as in `sim.record.read`.

        Raises:
            sim.errors.InputError: the run was made with another record and kept no whole journals,
                so its reports cannot be blanked as those of this one.
        """
        told = self.record_path if record is None else str(record)
        return compare_with_record(beside_record(self, told), told, without)

    def compare(
        self, record: str | Path | None = None, without: Iterable[str] = ()
    ) -> pd.DataFrame:
        """`checks` as a frame: recorded value or range, intervals, predictive p-value.

        Its ``attrs["note"]`` says which part of the window the record knows, where it is not
        all of it or the record is your own (what hangs on the rest is unknown), and which
        doubtful rows it is `without`.
        """
        import pandas as pd

        from sim.compare.tables import history
        from sim.show import tables

        told, names = self.record_path if record is None else str(record), tuple(without)
        frame = pd.DataFrame([check._asdict() for check in self.checks(record, names)])
        known = history(self.settings, told, names)
        notes = (tables.beside(known, told), tables.without(told, names))
        frame.attrs["note"] = "\n".join(filter(None, notes))
        return frame


def scenario(
    name: str = "historical", config_dir: str | Path | None = None, **chosen: Any
) -> Settings:
    """A validated scenario.

    Args:
        name: of the scenario (see ``rungs show scenario``).
        config_dir: a folder with further config files.
        chosen: groups by name (``retaliation="never"``) and keys by value; a dotted key is
            passed as ``**{"militia.base_rate": 0.2}``, a prior as a dict
            (``{"prior": "uniform", "low": 0.1, "high": 0.2, "source": "a guess"}``).

    Raises:
        sim.errors.InputError: with the key, the value, the limit and the remedy.

    >>> scenario("historical", retaliation="never").retaliation.title
    'no strike, whatever happens'
    """
    overrides = [f"scenario={name}", *(word(key, value) for key, value in chosen.items())]
    return load(overrides, None if config_dir is None else Path(config_dir))


def run(
    scenario: Settings,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    journal: str | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    record: str | Path | None = None,
) -> Runs:
    """Run a scenario; nothing is printed, and nothing written unless `out` is given.

    Args:
        scenario: from `scenario`.
        replications, seed, workers, journal: in place of the scenario's own.
        out: the run folder to write.
        progress: called with (replications done, in all).
        record: a record of your own, as history and as what reports leave blank.

    Raises:
        sim.errors.InputError: a value out of range, or `out` holds something else.
    """
    from sim.settings.compose import judge

    if not isinstance(scenario, Settings):
        named = scenario if isinstance(scenario, str) else "historical"
        raise InputError(
            f"sim.run takes a scenario, not {scenario!r}; write sim.run(sim.scenario({named!r}))"
        )
    given = {"replications": replications, "seed": seed, "workers": workers, "journal": journal}
    changes = {name: value for name, value in given.items() if value is not None}
    settings = judge({**scenario.model_dump(mode="json"), **changes}) if changes else scenario
    place, told = None if out is None else Path(out), None if record is None else str(record)
    done = study.run(settings, place, progress, None, told)
    return Runs(done.settings, done.folder, done.parts, done.record_path)


class Branch:
    """Futures from a date under several policies, on the same draws, as tables.

    Args:
        plan: what was asked.
        made: the futures.
    """

    def __init__(self, plan: Plan, made: Futures) -> None:
        self.plan = plan
        self.made = made

    def __repr__(self) -> str:
        start = self.plan.settings.scenario.start
        days = f"{to_date(self.plan.cut, start)} to {to_date(self.plan.end, start)}"
        return f"Branch({', '.join(self.plan.arms)}; {days}, {self.made.replications} of each)"

    def futures(self) -> pd.DataFrame:
        """One row for each future: replication, policy, what is counted, days to a rung."""
        return to_pandas(self.made.table())

    def contrasts(self) -> pd.DataFrame:
        """Each measure of each policy against the last one, with its 95 % interval."""
        import pandas as pd

        return pd.DataFrame([c._asdict() for c in contrasts(self.made, self.plan)])


def branch(
    date: str | datetime.date,
    against: str,
    horizon: str = "180d",
    replications: int = REPLICATIONS,
    record: str | Path | None = None,
    progress: Progress | None = None,
    **chosen: Any,
) -> Branch:
    """Futures from a date of the record under two policies.

    Args:
        date: where history ends and the agents take over, at midnight Baghdad time.
        against: the policy to compare with, of the same group; ``"retaliation=historical"``
            where several groups are chosen, of which the others are everybody's.
        horizon: how far to look, 180d or 26w.
        replications: futures of each policy.
        record: a record of your own.
        progress: called with (replications done, in all).
        chosen: the group to compare by its choice (``retaliation="never"``), and keys by
            value; a dotted key is passed as ``**{"militia.base_rate": 0.2}``.

    Raises:
        sim.errors.InputError: with the key, the value, the limit and the remedy.

    >>> b = branch("2020-03-12", retaliation="never", against="historical",
    ...            horizon="30d", replications=2, workers=1)
    >>> b.futures().shape[0], list(b.contrasts()["policy"].unique())
    (4, ['never'])
    """
    options = [word(key, value) for key, value in chosen.items() if key in groups()]
    meant, name = compared(options, against)
    group = meant.partition("=")[0]
    arms = between(group, [chosen.pop(group)], [name])
    study = Experiment(title=group, date=day_of(date), horizon=str(horizon), arms=arms)
    words = [word(key, value) for key, value in {**chosen, "replications": replications}.items()]
    asked = plan(study, words, Source(None if record is None else str(record)))
    return Branch(asked, branching.run(asked, progress))


class Sweep(StudySweep):
    """A sweep as it lies in its folder, and what matters in it."""

    def points(self) -> pd.DataFrame:
        """One row a point: its number, its content's key, what it sets."""
        return to_pandas(self.design)

    def replications(self) -> pd.DataFrame:
        """One row a replication that is there: its point's key, its number, every measure."""
        from sim.study.sweeping import MEASURED

        return to_pandas(self.results("error", *MEASURED))

    def analysed(self, measure: str = "rocket_attacks", **asked: Any) -> Analysis:
        """What the design lets one say of a measure; `asked` as in `sim.compare.sweeps`."""
        from sim.compare.sweeps.analysis import Question, analysed

        return analysed(self, Question(measure, **asked))


def sweep(
    *words: str,
    out: str | Path,
    replications: int = REPLICATIONS_A_POINT,
    progress: Progress | None = None,
    **design: Any,
) -> Sweep:
    """Many points of the configuration, each with the same draws, in a folder.

    Args:
        words: axes and overrides, as on the command line.
        out: the folder; one that holds the same question is gone on with.
        replications: of each point.
        progress: called with (replications done, at most).
        design: `design`, `points`, `link`, `where`, `stop_on` and `width`, as on the
            command line.

    Raises:
        sim.errors.InputError: with the key, the value, the limit and the remedy.

    >>> import tempfile
    >>> s = sweep("scenario=summer_2020", "retaliation=never,historical", "workers=1",
    ...           out=tempfile.mkdtemp(), replications=2)
    >>> s.outcomes("rocket_attacks").shape
    (2, 2)
    """
    from sim.study import sweeps
    from sim.study.asking import OWN, request_of

    for name in design:
        if name not in OWN:
            raise InputError(f"{name}: a design has no such key; {nearest(name, OWN)}")
    own = {name: str(value) for name, value in design.items()}
    request = request_of([*words, f"replications={replications}"], own)
    sweeps.run(request, Path(out), progress)
    return Sweep(Path(out))


def rare(
    rung: int,
    date: str | datetime.date | None = None,
    horizon: str = "180d",
    particles: int = splitting.PARTICLES,
    repeats: int = splitting.REPEATS,
    world: str | None = None,
    record: str | Path | None = None,
    progress: Progress | None = None,
    **chosen: Any,
) -> Answer:
    """How likely a rung, or a higher one, is within a horizon, by multilevel splitting.

    Args:
        rung: from 1 to 10; the rarer, the more splitting helps.
        date: where history ends and the agents take over; without one the scenario's start.
        horizon: how far to look, 180d or 26w.
        particles: how many try each level.
        repeats: independent runs, from which the interval comes.
        world: "median" or a replication's number, to fix the parameters.
        record: a record of your own.
        progress: called with (repeats done, in all).
        chosen: groups by name and keys by value, as in `scenario`.

    Raises:
        sim.errors.InputError: with the key, the value, the limit and the remedy.
    """
    words = [word(key, value) for key, value in chosen.items()]
    told = None if record is None else str(record)
    return splitting.run(
        splitting.ask(rung, words, date, horizon, particles, repeats, None, world, told), progress
    )


def read(path: str | Path) -> Runs:
    """A run from its folder.

    Raises:
        sim.errors.InputError: no complete run is there.
    """
    found = study.read(Path(path))
    return Runs(found.settings, found.folder, None, found.record_path)
