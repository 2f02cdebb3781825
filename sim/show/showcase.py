"""The pictures of the README, from two runs and a branch study: ``python -m sim.show.showcase``.

The runs go to outputs/, where one that is already there and is the same is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.compare import compare_with_record, tables
from sim.compare.contrasts import contrasts
from sim.settings import experiment
from sim.settings.compose import load
from sim.show import figures
from sim.show.figures import About, of_manifest
from sim.show.predictive import pictures
from sim.show.reports.of_run import source_of
from sim.study import branching, runs
from sim.study.planning import plan

if TYPE_CHECKING:
    import plotly.graph_objects as go

HOME = Path(__file__).resolve().parents[2] / "docs" / "pictures"
REPLICATIONS = 400
STUDY = "no_strike_after_taji"
NAMES = ("fan", "ladder", "flow", "differences")
SHARES, AS_MADE = "share_of_days", 200
"""The picture from the report of `make run`, and how many replications that makes."""


def drawn(replications: int, outputs: Path) -> dict[str, go.Figure]:
    """The figures by name.

    Args:
        replications: of the run, and futures of each policy.
        outputs: where the run's folder lies.
    """
    return {**_of_run(replications, outputs), "differences": _of_branch(replications)}


def _of_run(replications: int, outputs: Path) -> dict[str, go.Figure]:
    words = ["scenario=historical", "posterior=full", f"replications={replications}"]
    settings = load(words)
    done = runs.run(settings, outputs / f"showcase-{replications}", argv=words)
    assert done.folder is not None
    about = of_manifest("the whole campaign", done.folder.manifest())
    told, days = tables.history(settings), settings.days
    paths, start, rows = done.arrow("paths"), settings.scenario.start, done.arrow("replications")
    return {
        "fan": figures.fan(tables.weeks(rows, told), about),
        "ladder": figures.ladder(tables.states(paths, rows, start, told, days), about),
        "flow": figures.flow(tables.climbs(paths, replications, told), about),
    }


def _of_branch(replications: int) -> go.Figure:
    words = ["posterior=full", f"replications={replications}"]
    study = experiment.read(STUDY)
    asked = plan(study, words)
    about = About(
        study.title,
        asked.settings.scenario.name,
        posterior="full",
        seed=asked.settings.seed,
        replications=replications,
        data_sha256=asked.identity(),
        command=" ".join(["rungs branch", f"experiment={STUDY}", *words]),
    )
    return figures.differences(contrasts(branching.run(asked), asked), about)


def share_of_days(replications: int, outputs: Path) -> str:
    """The days on each rung as the report of `make run` shows them, as SVG."""
    words = ["scenario=historical", f"replications={replications}"]
    done = runs.run(load(words), outputs / f"showcase-priors-{replications}", argv=words)
    assert done.folder is not None
    told = pictures(compare_with_record(done), source_of(done.folder.manifest()))
    return next(str(picture.svg) for picture in told if picture.family == "days")


def main() -> None:
    """Draw the pictures anew."""
    HOME.mkdir(parents=True, exist_ok=True)
    shares = HOME / f"{SHARES}.svg"
    shares.write_text(share_of_days(AS_MADE, Path("outputs")), encoding="utf-8")
    print(shares)
    for name, figure in drawn(REPLICATIONS, Path("outputs")).items():
        print(figures.save(figure, HOME / f"{name}.svg"))


if __name__ == "__main__":
    main()
