"""Sweeps: design points × replications into a folder, to be stopped, resumed and extended.

The plan of chunks is a function of the request and of what the folder held when the request
was made, never of what has been finished since. So an interrupted sweep, resumed, writes
the very files that an uninterrupted one writes; and a larger request in the same folder
computes only what is new.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import IncompleteError, InputError
from sim.settings.compose import draft
from sim.settings.scenario import Settings
from sim.study.branching import Stop
from sim.study.designs import design
from sim.study.designs.axes import axes
from sim.study.designs.design import Design, Point
from sim.study.executor import attempts
from sim.study.expansion import Expansion
from sim.study.folder import RunFolder, code_hash
from sim.study.intervals import half_width
from sim.study.outcomes import limits_of
from sim.study.store import Known, Piece, Store, name_of
from sim.study.sweeping import Chunk, Job, work
from sim.study.swept import Sweep, write_design
from sim.study.work import Progress

REPLICATIONS = 50
"""Replications of each point where nobody says how many."""
FIRST = 25
"""Replications after which a stopping rule looks for the first time; then at every doubling."""
SMALLEST, LARGEST, PARTS = 10, 250, 64
"""Replications in a chunk: a 64th of the whole, but no fewer and no more than these."""
KEPT = 5_000
"""Points whose settings are kept for their jobs, some ten kilobytes each when compressed."""
KIND = "sweep"
MOST = 10_000_000


class Request(NamedTuple):
    """What a sweep is asked to do; plain values, so that a manifest can hold it.

    Args:
        shared: overrides of all points.
        hands: overrides that say who computes.
        axes: the words that sweep a key.
        links: keys that move as one.
        kind: of the design.
        points: how many (see `designs.design.Asked`).
        where: a constraint.
        source: a CSV file, or a posterior's name.
        replications: of each point; with `stop` the most.
        stop: a measure and half the width of the interval of its mean.
        extra: a folder with further config files.
    """

    shared: tuple[str, ...]
    hands: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    links: tuple[tuple[str, ...], ...] = ()
    kind: str = "grid"
    points: int = 0
    where: str = ""
    source: str = ""
    replications: int = REPLICATIONS
    stop: tuple[str, float] | None = None
    extra: str | None = None

    def identity(self) -> str:
        """A hash of the question; how many points and replications is how far one goes."""
        told = self.question()._replace(points=0, replications=0, stop=None)
        return hashlib.sha256(json.dumps([KIND, told, code_hash()]).encode()).hexdigest()

    def question(self) -> Request:
        """The request without who computes it."""
        return self._replace(hands=())


def requested(told: dict[str, Any]) -> Request:
    """A request as a manifest holds it."""
    whole = dict(told)
    for name in ("shared", "hands", "axes"):
        whole[name] = tuple(whole[name])
    whole["links"] = tuple(tuple(names) for names in whole["links"])
    whole["stop"] = None if whole["stop"] is None else tuple(whole["stop"])
    return Request(**whole)


class Plan:
    """A request made into points, all judged.

    Args:
        request: what is asked.

    Raises:
        InputError: anything that is wrong with it; nothing has run.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        if not 1 <= request.replications <= MOST:
            raise InputError(f"replications={request.replications}: must lie from 1 to {MOST:,}")
        extra = None if request.extra is None else Path(request.extra)
        self.base: Settings = draft((*request.shared, *request.hands), extra)
        told = axes(request.axes, self.base, extra)
        self.design: Design = design.make(
            design.Asked(
                request.kind, design.factors(told, request.links), request.points,
                self.base.seed, request.where, request.source,
            )
        )  # fmt: skip
        self.expansion = Expansion(request.shared, extra)
        self._texts: dict[str, bytes] = {}

    @cached_property
    def keys(self) -> list[str]:
        """The content's name of every point, in order; judges them all."""
        return [self._named(point) for point in self.design.points]

    def _named(self, point: Point) -> str:
        """The content's name of a point, whose settings are kept for its job if they are few."""
        settings = self.expansion.settings(point)
        key = self.expansion.key(settings)
        if len(self._texts) < KEPT:
            self._texts[key] = zlib.compress(settings.model_dump_json().encode(), 1)
        return key

    @cached_property
    def first(self) -> dict[str, int]:
        """The first point of each key: points that are one and the same world share it."""
        return {key: i for i, key in reversed(list(enumerate(self.keys)))}

    @property
    def total(self) -> int:
        """Replications in all, at most."""
        return len(self.first) * self.request.replications

    def job(self, name: str, pieces: tuple[Piece, ...]) -> Job:
        """A chunk as a worker is given it."""
        texts = tuple(self.text(piece.key) for piece in pieces)
        made = self.expansion
        return Job(name, pieces, texts, self.base.journal, made.posteriors, made.ground)

    def text(self, key: str) -> str:
        """The settings of a point as JSON; beyond `KEPT` points they are made anew."""
        if key in self._texts:
            return zlib.decompress(self._texts[key]).decode()
        return self.expansion.settings(self.design.points[self.first[key]]).model_dump_json()


def run(
    request: Request,
    path: Path,
    progress: Progress | None = None,
    argv: Sequence[str] = (),
) -> Sweep:
    """Make a sweep, or what its folder lacks of it.

    Args:
        request: what is asked.
        path: the folder; one that holds the same question is gone on with.
        progress: called with (replications done, at most).
        argv: the command, for the manifest.

    Raises:
        InputError: a bad request; nothing has run, and nothing is written.
        RungsError: the disk is full, or a chunk killed its worker each time.
    """
    plan = Plan(request)
    keys = plan.keys  # judged before the folder is made
    told = plan.base.model_copy(update={"replications": request.replications})
    folder = RunFolder.create(path, told, list(argv), None, request.identity(), KIND)
    earlier = _earlier(folder, request)
    folder.note(request=request._asdict(), earlier=earlier, points=len(keys))
    with folder.at_work():
        write_design(folder, plan.design, keys)
        failures = _computed(plan, folder, earlier, progress)
        if failures:
            raise IncompleteError(
                f"{len(failures)} chunks could not be made ({failures[0]}); the others are kept: "
                f"rungs resume {path} tries these again"
            )
    return Sweep(path)


def resume(
    path: Path, progress: Progress | None = None, hands: tuple[str, ...] | None = None
) -> Sweep:
    """Finish a sweep that was cut off; `hands` say who computes now, if others than before.

    Raises:
        InputError: no sweep is there, or the code or the data are no longer the same.
    """
    told = RunFolder.open(path).manifest()
    request = requested(told["request"])
    if told["identity"] != request.identity():
        raise InputError(f"{path}: was begun with other code; begin anew in another folder")
    if hands is not None:
        request = request._replace(hands=hands)
    return run(request, path, progress, told["argv"])


def _earlier(folder: RunFolder, request: Request) -> list[str]:
    """The chunks that were there when this request was first made."""
    told = folder.manifest()
    if "request" in told and requested(told["request"]).question() == request.question():
        return [str(name) for name in told["earlier"]]
    return Store(folder.path).names()


# -- what is to be computed --------------------------------------------------------------


def _computed(
    plan: Plan, folder: RunFolder, earlier: list[str], progress: Progress | None
) -> list[str]:
    """Make every chunk that is missing; why some could not be made."""
    store = Store(folder.path)
    before = store.known([name for name in earlier if name in store.names()])
    failures: list[str] = []
    done = 0
    for wanted in _rounds(plan, store):
        missing = [piece for told in wanted for piece in gaps(told, before)]
        done += sum(p.last - p.first for p in wanted) - sum(p.last - p.first for p in missing)
        done = _round(plan, store, missing, failures, done, progress)
        if failures:
            break
    return failures


def _round(
    plan: Plan, store: Store, missing: list[Piece], failures: list[str], done: int,
    progress: Progress | None,
) -> int:  # fmt: skip
    """Make the chunks of some pieces; how many replications are done then."""
    journal, there = plan.base.journal, set(store.names())
    chunks = [(name_of(told, journal), told) for told in chunked(missing)]
    todo = [(name, told) for name, told in chunks if name not in there]
    done += sum(_size(told) for name, told in chunks if name in there)
    sizes = {name: _size(told) for name, told in todo}
    jobs = (plan.job(name, told) for name, told in todo)
    workers = min(plan.base.workers, max(1, len(todo)))
    if progress is not None:
        progress(done, plan.total)
    with closing(attempts(work, jobs, workers, plan.base.executor)) as outcomes:
        for outcome in outcomes:
            if outcome.error is not None:
                failures.append(str(outcome.error))
                continue
            chunk: Chunk = outcome.result
            store.add(chunk.name, chunk.results, chunk.events)
            done += sizes[chunk.name]
            if progress is not None:
                progress(done, plan.total)
    return done


def _rounds(plan: Plan, store: Store) -> Iterator[list[Piece]]:
    """What is wanted, round by round: a stopping rule looks at one before it asks for more."""
    most = plan.request.replications
    if plan.request.stop is None:
        yield [Piece(key, 0, most) for key in plan.first]
        return
    stop, wide = Stop(*plan.request.stop), list(plan.first)
    first, last = 0, min(FIRST, most)
    while wide:
        yield [Piece(key, first, last) for key in wide]
        if last == most:
            return
        wide = _wide(store, wide, last, stop)
        first, last = last, min(2 * last, most)


def _wide(store: Store, keys: list[str], last: int, stop: Stop) -> list[str]:
    """The points whose interval is still too wide after `last` replications, or not known."""
    told = Sweep(store.path).values(stop.measure, keys)
    limits = limits_of(stop.measure)
    return [key for key in keys if half_width(told[key][:last], limits) > stop.width]


def gaps(piece: Piece, known: Known) -> Iterator[Piece]:
    """What of a piece isn't known, in runs.

    >>> list(gaps(Piece("a", 0, 5), {"a": {1, 2}}))
    [Piece(key='a', first=0, last=1), Piece(key='a', first=3, last=5)]
    """
    there, first = known.get(piece.key, set()), piece.first
    for number in range(piece.first, piece.last + 1):
        if number in there or number == piece.last:
            if first < number:
                yield Piece(piece.key, first, number)
            first = number + 1


def chunked(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, ...]]:
    """Pieces in chunks of about equal size, cut where a chunk is full."""
    size = min(LARGEST, max(SMALLEST, _size(pieces) // PARTS))
    chunk: list[Piece] = []
    room = size
    for piece in pieces:
        first = piece.first
        while first < piece.last:
            last = min(piece.last, first + room)
            chunk.append(Piece(piece.key, first, last))
            room, first = room - (last - first), last
            if room == 0:
                yield tuple(chunk)
                chunk, room = [], size
    if chunk:
        yield tuple(chunk)


def _size(pieces: Sequence[Piece]) -> int:
    return sum(piece.last - piece.first for piece in pieces)
