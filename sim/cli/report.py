"""`rungs report`: one self-contained HTML file of one study or of several."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from sim.cli.options import COMMON, Call
from sim.errors import InputError
from sim.whole import whole

if TYPE_CHECKING:
    from sim.show.reports.reading import Report

SYNOPSIS = "FOLDER [FOLDER …] [--out FILE] [OPTIONS]"
KEYS = {
    "FOLDER": "a run, a comparison, a branch, a sweep, a backtest, or a posterior's folder",
}
OPTIONS = {
    "--out": ("value", "FILE  the page (default: report.html in the folder, outputs/ for several)"),
    **COMMON,
}
EXAMPLES = (
    "rungs report outputs/mine",
    "rungs report outputs/historical outputs/never --out both.html",
    "rungs report calibration/posteriors/full --out fit.html",
)


def main(call: Call) -> int:
    """Read what is named, write the page, print the verdict and where it lies."""
    from sim.cli import running
    from sim.show.reports.reading import report
    from sim.show.tables import WIDTH

    places = _places(call)
    out = _out(call, places)
    made = report(places)
    _write(out, made.html)
    if call.has("--json"):
        running.print_json(as_json(out, made))
        return 0
    print("\n".join(fill(line, WIDTH) for line in made.verdict.says))
    if not call.has("--quiet"):
        print(f"report: {out}")
    return 0


def as_json(out: Path, made: Report) -> dict[str, Any]:
    """Where the page lies, its verdict, and that of each study."""
    sections = [
        {"title": s.title, "kind": s.kind, "verdict": s.verdict.as_json()} for s in made.sections
    ]
    return {"report": str(out), "verdict": made.verdict.as_json(), "studies": sections}


def _places(call: Call) -> list[Path]:
    if call.overrides:
        raise InputError(f"{call.overrides[0]}: report takes folders; a study can't be changed")
    if not call.words:
        raise InputError("report needs a folder: rungs report outputs/NAME")
    return [Path(word) for word in call.words]


def _out(call: Call, places: list[Path]) -> Path:
    """The file to write: beside a single study, in outputs/ for several."""
    named = call.path("--out")
    if named is not None and named.is_dir():
        raise InputError(f"--out {named}: a folder; name the file, such as {named / 'report.html'}")
    if named is not None:
        _refuse_taken(named)
        return named
    return places[0] / "report.html" if len(places) == 1 else Path("outputs") / "report.html"


def _refuse_taken(named: Path) -> None:
    """Refuse to write over anything but a page that rungs made.

    Raises:
        InputError: the file is somebody's own.
    """
    from sim.show.reports.page import MARK

    if named.is_file() and MARK.encode() not in named.read_bytes():
        raise InputError(
            f"--out {named}: is there already, and no page that rungs made; name another file, or "
            "move this one away"
        )


def _write(out: Path, html: str) -> None:
    """Write the page whole, or not at all."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with whole(out) as part:
            part.write_text(html, encoding="utf-8")
    except OSError as error:
        raise InputError(f"--out {out}: cannot be written ({error.strerror})") from None
