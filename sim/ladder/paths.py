"""States, paths, episodes and statistics over rated events.

The state of a calendar day is the highest rung of its trailing window (that day and
the `window` − 1 before it), so it changes at midnights only. Spans are [start, end) in
days from the journal's start, and every calendar day they touch counts. Rungs come from
`rate`, by time; those dated only to a month enter no state, path, episode or lag.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf

from sim.events import Side
from sim.ladder.rungs import RUNGS, Rung

WINDOW_DAYS = 14
ANSWER_DAYS = 14
REPLY_DAYS = 7
BREACH_DAYS = 30
EPISODE_GAP_DAYS = 7
EXCHANGE_DAYS = 30
EXCHANGE_EACH = 3


@dataclass(frozen=True, slots=True)
class Step:
    """From `time` (days) on, the state is `rung`."""

    time: float
    rung: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A run of events of rung 4 or more, each under 7 days after the one before.

    `start` and `end` are the times (days) of its first and last event, `attacks` how many
    of them are the militia's, `top` the highest rung.
    """

    start: float
    end: float
    attacks: int
    top: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a path says in numbers, over the days [start, end).

    `end` is the end asked for, or the midnight after `sustained`: nothing beyond a
    sustained exchange is told. Times are days after `start`; ``None`` is censored at
    `end`. Counts, not shares, are stored, so replications can be added up.

    highest
        highest rung of any event (month-dated ones too).
    to_six, to_seven, to_eight
        time to the first event at or above that rung.
    steps
        the path itself.
    days_per_rung
        days spent in each state 0–10; `shares` divides them by their sum.
    transitions
        ``transitions[i][j]``: changes of state from rung i to rung j.
    sevens, strikes
        events of rung 7; US events of rung 8 or more.
    seven_to_eight
        strikes that answer a rung-7 event: the nearest attack, strike or storming up
        their stated chain of causes; where none is known, the last event at rung 7
        within 14 days and with no strike in between.
    replies
        strikes followed within 7 days by a militia event of rung 4 or more.
    eights, eights_to_nine
        events of rung 8 whose next 30 days were all observed, and those of them
        followed by rung 9 or more in these days; `nine_given_eight` divides them.
    episodes
        number of episodes (see `episodes`).
    sustained
        when a sustained exchange was first reached, from `start`; ``None``: never.
    """

    start: float
    end: float
    highest: int
    to_six: float | None
    to_seven: float | None
    to_eight: float | None
    steps: tuple[Step, ...]
    days_per_rung: tuple[int, ...]
    transitions: tuple[tuple[int, ...], ...]
    sevens: int
    strikes: int
    seven_to_eight: int
    replies: int
    eights: int
    eights_to_nine: int
    episodes: int
    sustained: float | None

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of days per rung, 0–10; they sum to 1."""
        total = sum(self.days_per_rung)
        return tuple(days / total for days in self.days_per_rung)

    @property
    def nine_given_eight(self) -> float | None:
        """Share of followed-up rung-8 events that led to 9 or more; ``None`` without any."""
        return self.eights_to_nine / self.eights if self.eights else None


def state(rungs: Iterable[Rung], at: float, window: int = WINDOW_DAYS) -> int:
    """The state on the calendar day of `at` (days): highest rung in the trailing window.

    Raises:
        ValueError: if the window is under one day.

    >>> state([], at=3.5)
    0
    """
    _check_window(window)
    day = floor(at)
    recent = [r.rung for r in rungs if r.dated and day - window < r.day <= day]
    return max(recent, default=0)


def path(rungs: Iterable[Rung], start: float, end: float, window: int = WINDOW_DAYS) -> list[Step]:
    """The state over [start, end): its value at `start`, then every change.

    Events before `start` count as long as the window reaches them.

    Raises:
        ValueError: if the span is empty or the window under one day.

    >>> path([], 0, 30)
    [Step(time=0.0, rung=0)]
    """
    _check_window(window)
    _check_span(start, end)
    steps = [Step(float(start), 0)]
    for day, rung in _changes(rungs, window).items():
        if day <= start:
            steps = [Step(float(start), rung)]
        elif day < end and rung != steps[-1].rung:
            steps.append(Step(float(day), rung))
    return steps


def episodes(rungs: Iterable[Rung]) -> list[Episode]:
    """Runs of rung 4 or more with gaps under 7 calendar days, by time.

    >>> episodes([])
    []
    """
    runs: list[list[Rung]] = []
    for rung in rungs:
        if rung.rung < 4 or not rung.dated:
            continue
        if runs and rung.day - runs[-1][-1].day < EPISODE_GAP_DAYS:
            runs[-1].append(rung)
        else:
            runs.append([rung])
    return [_episode(run) for run in runs]


def sustained_exchange(rungs: Iterable[Rung], start: float = -inf) -> float | None:
    """When, from `start` on, a sustained exchange is first reached (days), or ``None``.

    It is one where 30 calendar days hold at least 3 US events of rung 8 or more and at
    least 3 militia or Iranian events of rung 7 or more. Never observed: count it and
    censor there; it is no forecast.

    >>> sustained_exchange([]) is None
    True
    """
    blows: dict[bool, deque[int]] = {True: deque(), False: deque()}
    for rung in rungs:
        if not _is_blow(rung) or not rung.dated:
            continue
        blows[rung.side is Side.US].append(rung.day)
        for days in blows.values():
            while days and days[0] <= rung.day - EXCHANGE_DAYS:
                days.popleft()
        enough = all(len(days) >= EXCHANGE_EACH for days in blows.values())
        if enough and rung.event.time >= start:
            return rung.event.time
    return None


def statistics(
    rungs: Sequence[Rung], start: float, end: float, window: int = WINDOW_DAYS
) -> Statistics:
    """The statistics of a path over [start, end); pass the rungs of both sides.

    Events before `start` count only in windows and as what was answered.

    Raises:
        ValueError: if the span is empty or the window under one day.

    >>> statistics([], 0, 10).days_per_rung
    (10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    """
    _check_span(start, end)
    sustained = sustained_exchange([r for r in rungs if r.event.time < end], start)
    end = end if sustained is None else min(end, floor(sustained) + 1)
    known = [r for r in rungs if r.event.time < end]
    inside = [r for r in known if r.event.time >= start]
    dated = [r for r in inside if r.dated]
    steps = path(known, start, end, window)

    def watched(rung: Rung) -> bool:
        return rung.rung == 8 and rung.day + BREACH_DAYS < end

    return Statistics(
        start=start,
        end=end,
        highest=max([r.rung for r in inside], default=0),
        to_six=_time_to(6, dated, start),
        to_seven=_time_to(7, dated, start),
        to_eight=_time_to(8, dated, start),
        steps=tuple(steps),
        days_per_rung=_days_per_rung(steps, end),
        transitions=_transitions(steps),
        sevens=sum(r.rung == 7 for r in inside),
        strikes=sum(map(_is_strike, inside)),
        seven_to_eight=_answered(known, start),
        replies=_followed(dated, _is_strike, _is_reply, REPLY_DAYS),
        eights=sum(map(watched, dated)),
        eights_to_nine=_followed(dated, watched, lambda r: r.rung >= 9, BREACH_DAYS),
        episodes=len(episodes(dated)),
        sustained=None if sustained is None else sustained - start,
    )


def _check_window(window: int) -> None:
    if window < 1:
        raise ValueError(f"a window of {window} days holds no day: give 1 or more")


def _check_span(start: float, end: float) -> None:
    if not start < end:
        raise ValueError(f"the span [{start}, {end}) is empty: its end must come after its start")


def _changes(rungs: Iterable[Rung], window: int) -> dict[int, int]:
    """Day → state from that day on, in order, for every day on which it could change."""
    changes: dict[int, int] = {}
    active: deque[tuple[int, int]] = deque()  # (day of expiry, rung), rungs falling
    for rung in rungs:
        if not rung.dated:
            continue
        day = rung.day
        _expire(active, day, changes)
        while active and active[-1][1] <= rung.rung:
            active.pop()
        active.append((day + window, rung.rung))
        changes[day] = active[0][1]
    _expire(active, inf, changes)
    return changes


def _expire(active: deque[tuple[int, int]], day: float, changes: dict[int, int]) -> None:
    while active and active[0][0] <= day:
        expiry, _ = active.popleft()
        changes[expiry] = active[0][1] if active else 0


def _episode(run: list[Rung]) -> Episode:
    return Episode(
        start=run[0].event.time,
        end=run[-1].event.time,
        attacks=sum(r.side is Side.MILITIA for r in run),
        top=max(r.rung for r in run),
    )


def _is_strike(rung: Rung) -> bool:
    return rung.rung >= 8 and rung.side is Side.US


def _is_reply(rung: Rung) -> bool:
    return rung.side is Side.MILITIA and rung.rung >= 4


def _is_blow(rung: Rung) -> bool:
    if rung.rung < 7:
        return False
    return _is_strike(rung) or rung.side in (Side.MILITIA, Side.IRAN)


def _time_to(least: int, dated: Iterable[Rung], start: float) -> float | None:
    return next((r.event.time - start for r in dated if r.rung >= least), None)


def _days_per_rung(steps: Sequence[Step], end: float) -> tuple[int, ...]:
    days = [0] * len(RUNGS)
    borders = [floor(step.time) for step in steps] + [ceil(end)]
    for step, (first, last) in zip(steps, pairwise(borders), strict=True):
        days[step.rung] += last - first
    return tuple(days)


def _transitions(steps: Sequence[Step]) -> tuple[tuple[int, ...], ...]:
    counts = [[0] * len(RUNGS) for _ in RUNGS]
    for before, after in pairwise(steps):
        counts[before.rung][after.rung] += 1
    return tuple(map(tuple, counts))


def _answered(known: Iterable[Rung], start: float) -> int:
    """How many strikes from `start` on answer a rung-7 event."""
    count, latest = 0, -inf
    by_id: dict[str, Rung] = {}
    for rung in known:
        by_id[rung.event.id] = rung
        if _is_strike(rung):
            cause = by_id.get(rung.answers or "")
            recent = rung.dated and rung.day - latest <= ANSWER_DAYS
            answers = recent if cause is None else cause.rung == 7
            count += answers and rung.event.time >= start
            latest = -inf if rung.dated else latest
        elif rung.rung == 7 and rung.dated:
            latest = rung.day
    return count


def _followed(
    dated: Sequence[Rung], first: Callable[[Rung], bool], then: Callable[[Rung], bool], days: int
) -> int:
    """How many of the `first` events see a `then` event later, at most `days` days after."""
    count, latest = 0, inf
    for rung in reversed(dated):
        count += first(rung) and latest - rung.day <= days
        if then(rung):
            latest = rung.day
    return count
