"""The exact likelihood of the rounds and the harm of rocket attacks, for many parameters at once.

It is that of `sim.agents.salvo`, `sim.agents.sites` and `sim.agents.air_defence`: intent,
rounds attempted, unfired and failed, the battery, the siren, the dead and wounded. What
nobody saw is summed over, a range is summed over its ends and all between, and a blank says
nothing. It supposes a full magazine, a battery that no other salvo occupies, a siren that is
heeded as if no false alarm had been, enough rounds at hand, and cells that have learnt
nothing. That some replies are for show, and so messages, is left out: no attack's intent
hangs on the `reply` driver here.

Arrays end in the axis of the W parameter draws: a quantity of the scenario is a number or
has shape (W,). A probability below 1e-308 counts as none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from math import comb, lgamma
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import gammaln, xlog1py, xlogy

from sim.agents.air_defence import EDGE
from sim.agents.militia import lethality
from sim.agents.salvo import INTENTS, LARGE, MEDIUM, SMALL
from sim.agents.sites import EMBASSY
from sim.events import Event
from sim.events.event import Range
from sim.settings.drawdown import Drawdown
from sim.settings.militia import Intent
from sim.settings.militia import Salvo as SalvoSettings
from sim.settings.places import AirDefence, Casualties, SiteClass
from sim.settings.scenario import Scenario

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Span = Range | None
"""Lowest and highest count that sources allow (a high of None: no end); None: unknown."""
Pattern = tuple[Span, Span]
"""What is stated of the killed and of the wounded of one group."""

MOST = LARGE[1]
"""Rounds that one attack attempts at most."""
WAYS: Array = np.array([[comb(n, k) for k in range(MOST + 1)] for n in range(MOST + 1)], float)
"""Binomial coefficients, by trials and successes; zero where there are too few trials."""
GROUPS = ("coalition", "iraqi", "civilian")


class Salvo(NamedTuple):
    """One rocket attack as it was observed, and what stood at its site.

    Counts are rounds and people. `defended`: a battery against rockets stands there.
    `siren`: the site has one. `staffed`: withdrawals of embassy staff felt by then.
    """

    fired: Span
    unfired: Span
    failed: Span
    intercepted: Span
    impacted: Span
    coalition_killed: Span
    coalition_wounded: Span
    iraqi_killed: Span
    iraqi_wounded: Span
    civilian_killed: Span
    civilian_wounded: Span
    inside_compound: bool | None
    site_class: str
    defended: bool
    siren: bool
    staffed: int

    @property
    def tolls(self) -> tuple[Pattern, ...]:
        """What is stated of each of `GROUPS`."""
        return (
            (self.coalition_killed, self.coalition_wounded),
            (self.iraqi_killed, self.iraqi_wounded),
            (self.civilian_killed, self.civilian_wounded),
        )

    @property
    def tells_of_harm(self) -> bool:
        """Whether anything is known of what came down inside or of whom it hurt."""
        return self.inside_compound is not None or any(any(toll) for toll in self.tolls)

    @property
    def tells_nothing(self) -> bool:
        """Whether the attack is known, and neither its rounds nor its harm."""
        return not self.tells_of_harm and not any(self[:5])


def salvo(event: Event, defended: bool, siren: bool, staffed: int) -> Salvo:
    """The rounds and harm of a rocket attack, recorded or simulated.

    Args:
        event: whose ranges and blanks are kept.
        defended: whether a battery against rockets stands at its site by then.
        siren: whether its site has a siren.
        staffed: withdrawals of embassy staff until then.

    Raises:
        ValueError: the event has no site class.
    """
    if event.site_class is None:
        raise ValueError(f"attack {event.id} has no site class: give it one, or leave it out")
    spans = [event.bounds(name) for name in Salvo._fields[:11]]
    site = (event.inside_compound, event.site_class, defended, siren, staffed)
    return Salvo._make((*spans, *site))


def log_likelihood(scenario: Scenario, salvos: Sequence[Salvo], grievance: Array) -> Array:
    """`SalvoLikelihood`, prepared and asked once."""
    return SalvoLikelihood(salvos)(scenario, grievance)


class SalvoLikelihood:
    """The log-likelihood of observed salvos, prepared once and asked many times.

    What salvos share is computed once: a cell is one number of rounds fired and impacted
    that one distinct observation allows.
    """

    def __init__(self, salvos: Sequence[Salvo]) -> None:
        seen: Numbered[Salvo] = Numbered()
        self._which = np.array([seen(salvo) for salvo in salvos], int)
        self._untold = np.array([salvo.tells_nothing for salvo in seen], bool)
        departures: Numbered[Departure] = Numbered()
        flights: Numbered[Flight] = Numbered()
        falls: Numbered[Fall] = Numbered()
        cells = [
            (row, departures(departure), flights(flight), falls(fall))
            for row, salvo in enumerate(seen)
            for departure, flight, fall in possible(salvo)
        ]
        rows, *self._parts = np.array(cells, int).reshape(-1, 4).T
        self._cells = summation(rows, np.arange(len(rows)), (len(seen), len(rows)))
        self._departures = Departures(list(departures))
        self._flights = Flights(list(flights))
        self._falls = Falls(list(falls))

    def __call__(self, scenario: Scenario, grievance: Array) -> Array:
        """Natural logarithm of the probability of all that was observed, shape (W,).

        Args:
            scenario: quantities are numbers, or arrays of shape (W,).
            grievance: level of the backlash driver (log rate), shape (W, number of salvos).
        """
        total: Array = self.by_attack(scenario, grievance).sum(axis=1)
        return total

    def by_attack(self, scenario: Scenario, grievance: Array) -> Array:
        """The terms of the sum, shape (W, number of salvos); −inf is impossible.

        Raises:
            ValueError: the grievance is not given at every salvo.
        """
        if grievance.ndim != 2 or grievance.shape[1] != len(self._which):
            raise ValueError(
                f"grievance has shape {grievance.shape}: give one column for each of "
                f"the {len(self._which)} salvos"
            )
        meant = intents(scenario.militia.intent, grievance.T)
        mass = (meant * self._given_intent(scenario, len(grievance))[self._which]).sum(axis=1)
        with np.errstate(divide="ignore"):
            result: Array = np.log(mass).T
        return result

    def _given_intent(self, scenario: Scenario, width: int) -> Array:
        """Probability of each distinct observation by intent, shape (U, 3, W)."""
        departure, flight, fall = self._parts
        mass = self._departures(scenario, width)[departure]
        mass *= self._flights(scenario, width)[flight][:, None]
        mass *= self._falls(scenario, width)[fall]
        result = summed(self._cells, mass)
        result[self._untold] = 1.0
        return result


# -- what can have been -----------------------------------------------------------------


class Departure(NamedTuple):
    """Rounds that left, and how many may have stayed behind."""

    fired: int
    unfired: range


class Flight(NamedTuple):
    """Rounds that left and came down, and how many may have failed between."""

    fired: int
    impacted: int
    failed: tuple[int, ...]
    defended: bool


class Fall(NamedTuple):
    """Rounds that came down, where, and what is stated of the harm."""

    impacted: int
    large: bool
    site_class: str
    siren: bool
    withdrawals: int
    tolls: tuple[Pattern, ...]
    inside: bool | None


def possible(salvo: Salvo) -> Iterator[tuple[Departure, Flight, Fall]]:
    """The numbers of rounds fired and impacted that an observation allows."""
    if salvo.tells_nothing:
        return
    for fired in allowed(salvo.fired, 1, MOST):
        unfired = allowed(salvo.unfired, 0, MOST - fired)
        for impacted in allowed(salvo.impacted, 0, fired):
            failed = tuple(failures(salvo, fired, impacted))
            if unfired and failed:
                yield (
                    Departure(fired, unfired),
                    Flight(fired, impacted, failed, salvo.defended),
                    fall(salvo, fired, impacted),
                )


def allowed(span: Span, least: int, most: int) -> range:
    """The counts within a span, from `least` to `most`.

    >>> allowed((2, None), 1, 4), allowed(None, 1, 2), allowed((0, 9), 1, 3)
    (range(2, 5), range(1, 3), range(1, 4))
    """
    low, high = span if span is not None else (None, None)
    return range(max(least, low or 0), min(most, most if high is None else high) + 1)


def failures(salvo: Salvo, fired: int, impacted: int) -> Iterator[int]:
    """How many rounds can have failed: what neither failed nor fell was intercepted."""
    stopped = allowed(salvo.intercepted, 0, MOST if salvo.defended else 0)
    for failed in allowed(salvo.failed, 0, fired - impacted):
        if fired - failed - impacted in stopped:
            yield failed


def fall(salvo: Salvo, fired: int, impacted: int) -> Fall:
    """What bears on the harm; where none is stated, nothing does."""
    if not salvo.tells_of_harm:
        return Fall(0, False, salvo.site_class, False, 0, salvo.tolls, None)
    large = fired >= LARGE[0]
    withdrawals = salvo.staffed if salvo.site_class == EMBASSY else 0
    told = (salvo.tolls, salvo.inside_compound)
    return Fall(impacted, large, salvo.site_class, salvo.siren, withdrawals, *told)


# -- intent and rounds attempted --------------------------------------------------------


def intents(intent: Intent, grievance: Array) -> Array:
    """Probability of each of `INTENTS` at each grievance: (n, W) → (n, 3, W)."""
    weights = np.empty((len(grievance), len(INTENTS), grievance.shape[1]))
    weights[:, 0] = intent.message_share
    weights[:, 1] = intent.harass_share
    weights[:, 2] = intent.punish_share * np.exp(np.maximum(0.0, grievance))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def class_shares(salvo: SalvoSettings, intent: Intent, width: int) -> Array:
    """`sim.agents.salvo.class_shares` of every intent: shape (3 intents, 3 classes, W)."""
    large, medium = spread(salvo.large_share, width), spread(salvo.medium_share, width)
    factors = np.stack([spread(f, width) for f in (intent.message_salvo, 1.0, intent.punish_salvo)])
    larger = np.minimum(1.0, large + medium)
    moved = ratio(larger * factors, larger * factors + 1.0 - larger)
    biggest = moved * ratio(large, large + medium)
    return np.stack([1.0 - moved, moved - biggest, biggest], axis=1)


def sizes(low: int, high: int, step: Array) -> Array:
    """Shares of the sizes from `low` to `high`, each `step` times the one before: (n, W)."""
    weights = step ** np.arange(high - low + 1)[:, None]
    shares: Array = weights / weights.sum(axis=0)
    return shares


def attempted(salvo: SalvoSettings, intent: Intent, width: int) -> Array:
    """Probability of each number of rounds attempted, by intent: shape (MOST + 1, 3, W)."""
    shares = class_shares(salvo, intent, width)
    mass = np.zeros((MOST + 1, len(INTENTS), width))
    steps = (salvo.small_ratio, 1.0, salvo.large_ratio)
    for rank, ((low, high), step) in enumerate(zip((SMALL, MEDIUM, LARGE), steps, strict=True)):
        mass[low : high + 1] = sizes(low, high, spread(step, width))[:, None] * shares[:, rank]
    return mass


def failing_share(salvo: SalvoSettings) -> Array:
    """`sim.agents.salvo.failing_share`: share of failures among the rounds that left."""
    idle, part = np.asarray(salvo.idle_share), np.asarray(salvo.unfired_part)
    return ratio(idle * (1.0 - part), 1.0 - idle * part)


# -- departures, flights and falls ------------------------------------------------------


class Departures:
    """The probabilities of rounds that leave while others stay behind."""

    def __init__(self, keys: Sequence[Departure]) -> None:
        terms = ((key.fired + n, n) for key in keys for n in key.unfired)
        counts = [len(key.unfired) for key in keys]
        self._sum, (self._tried, self._unfired) = grouped(terms, counts)

    def __call__(self, scenario: Scenario, width: int) -> Array:
        """By intent: shape (departures, 3, W). At least one round always leaves."""
        salvo, intent = scenario.militia.salvo, scenario.militia.intent
        stays = spread(salvo.idle_share * salvo.unfired_part, width)
        left = binomial_mass(self._tried - 1, self._unfired, stays)
        mass = attempted(salvo, intent, width)[self._tried]
        mass *= left[:, None]
        return summed(self._sum, mass)


class Flights:
    """The probabilities of rounds that come down, after failures and a battery."""

    def __init__(self, keys: Sequence[Flight]) -> None:
        fates: Numbered[tuple[int, int]] = Numbered()
        shots: Numbered[tuple[int, int, bool]] = Numbered()
        paths = [(k, n, k.fired - n) for k in keys for n in k.failed]
        terms = (
            (fates((k.fired, n)), shots((flying, flying - k.impacted, k.defended)))
            for k, n, flying in paths
        )
        self._sum, (self._fate, self._shot) = grouped(terms, [len(k.failed) for k in keys])
        self._fired, self._failed = table(fates, 2)
        self._flying, self._stopped, self._defended = table(shots, 3)

    def __call__(self, scenario: Scenario, width: int) -> Array:
        """Shape (flights, W)."""
        fails = spread(failing_share(scenario.militia.salvo), width)
        fate = binomial_mass(self._fired, self._failed, fails)
        shot = stopped_mass(
            self._flying, self._stopped, self._defended, scenario.air_defence, width
        )
        return summed(self._sum, fate[self._fate] * shot[self._shot])


def stopped_mass(
    flying: Counts, stopped: Counts, defended: Counts, defence: AirDefence, width: int
) -> Array:
    """Probability that of `flying` rounds so many are intercepted: shape (n, W).

    A battery that is ready engages as many as it can begin to serve in time and its full
    magazine holds.
    """
    hits = spread(defence.engage_share, width)
    engaged = np.minimum(flying[:, None], capacity(defence, width))
    missed = np.maximum(engaged - stopped[:, None], 0)
    ready = defended[:, None] * spread(defence.readiness, width)
    mass = WAYS[engaged, stopped[:, None]] * powers(hits)[stopped]
    mass *= np.take_along_axis(powers(1.0 - hits), missed, axis=0)
    result: Array = (1.0 - ready) * (stopped == 0)[:, None] + ready * mass
    return result


def capacity(defence: AirDefence, width: int) -> Counts:
    """Rounds of one salvo that a ready battery with a full magazine engages, shape (W,)."""
    flight = spread(defence.flight_seconds, width) + EDGE
    turns = np.floor(flight / spread(defence.service_seconds, width)) + 1.0
    return np.minimum(defence.channels * turns, defence.magazine).astype(int)


class Falls:
    """The probabilities of harm, and of rounds inside a compound, given what came down.

    At a site with a siren they are those of warned and unwarned people, mixed.
    """

    def __init__(self, keys: Sequence[Fall]) -> None:
        self._heard = np.flatnonzero([key.siren for key in keys])
        self._count = len(keys)
        rows = [(key, False) for key in keys] + [(key, True) for key in keys if key.siren]
        places: Numbered[tuple[str, int, bool]] = Numbered()
        found = [places((k.site_class, k.withdrawals, warned)) for k, warned in rows]
        self._place = np.array(found, int)
        self._places = list(places)
        self._impacted = np.array([k.impacted for k, _ in rows], float)[:, None]
        self._large = np.array([k.large for k, _ in rows], bool)[:, None]
        self._told = patterns([k.tolls for k, _ in rows])
        self._seen = np.flatnonzero([k.inside is not None for k, _ in rows])
        self._inside = np.array([[rows[i][0].inside] for i in self._seen], bool).reshape(-1, 1)

    def __call__(self, scenario: Scenario, width: int) -> Array:
        """By intent: shape (falls, 3, W)."""
        mass = self._tolls(scenario, width) * self._compound(scenario, width)[:, None]
        result, warned = mass[: self._count], mass[self._count :]
        result[self._heard] += scenario.air_defence.siren_share * (warned - result[self._heard])
        return result

    def _tolls(self, scenario: Scenario, width: int) -> Array:
        """Probability of what is stated of all groups, as if each row were of its own."""
        scale = self._scale(scenario, width)
        deaths = self._deaths(scenario.casualties, width)
        mass = np.ones_like(scale)
        for group, pattern, rows in self._told:
            mean_killed = scale[rows] * deaths[group][rows][:, None]
            mass[rows] *= toll_mass(pattern, mean_killed, scenario.casualties)
        return mass

    def _scale(self, scenario: Scenario, width: int) -> Array:
        """What multiplies the deaths per leaker: shape (rows, 3, W)."""
        people = [at_risk(scenario, *place, width) for place in self._places]
        places = np.array(people).reshape(-1, width)
        meant = lethality(scenario.militia.intent, scenario.militia.restraint)
        severity = np.stack([spread(meant[name], width) for name in INTENTS])
        scale: Array = (self._impacted * places[self._place])[:, None] * severity
        return scale

    def _deaths(self, casualties: Casualties, width: int) -> tuple[Array, Array, Array]:
        """Deaths per leaker by group, each of shape (rows, W)."""
        small = spread(casualties.coalition_deaths_small, width)
        coalition = np.where(self._large, casualties.coalition_deaths_large, small)
        others = (casualties.iraqi_deaths, casualties.civilian_deaths)
        iraqi, civilian = (np.broadcast_to(d, coalition.shape) for d in others)
        return coalition, iraqi, civilian

    def _compound(self, scenario: Scenario, width: int) -> Array:
        """Probability of what is stated of the compound: shape (rows, W)."""
        mass = np.ones((len(self._place), width))
        shares = [spread(traits(scenario, p[0]).inside_share, width) for p in self._places]
        outside = 1.0 - np.array(shares).reshape(-1, width)[self._place[self._seen]]
        none = outside ** self._impacted[self._seen]
        mass[self._seen] = np.where(self._inside, 1.0 - none, none)
        return mass


def at_risk(
    scenario: Scenario, site_class: str, withdrawals: int, warned: bool, width: int
) -> Array:
    """People at risk per leaker, against a base: exposure, staff withdrawn, shelter."""
    people = spread(traits(scenario, site_class).exposure, width)
    people = people * staff_left(scenario.drawdown, withdrawals)
    return people * (1.0 - scenario.air_defence.shelter) if warned else people


def traits(scenario: Scenario, site_class: str) -> SiteClass:
    """What the sites of a class have in common."""
    return scenario.sites.classes[site_class]  # type: ignore[index]


def staff_left(drawdown: Drawdown, withdrawals: int) -> Array | float:
    """Share of the embassy's staff still there."""
    return (1.0 - drawdown.staff_share) ** withdrawals if drawdown.on and withdrawals else 1.0


def patterns(rows: Sequence[tuple[Pattern, ...]]) -> list[tuple[int, Pattern, Counts]]:
    """For each group and each thing stated of it, the rows that state it."""
    found: dict[tuple[int, Pattern], list[int]] = {}
    for row, tolls in enumerate(rows):
        for group, pattern in enumerate(tolls):
            if any(pattern):
                found.setdefault((group, pattern), []).append(row)
    return [(group, pattern, np.array(at)) for (group, pattern), at in found.items()]


# -- tolls ------------------------------------------------------------------------------


def toll_mass(pattern: Pattern, mean_killed: Array, casualties: Casualties) -> Array:
    """Probability that one group's toll is as stated.

    The number hurt is negative binomial with mean ``mean_killed (1 + wounded per killed)``
    and variance mean + mean² / dispersion; each of them is killed with the same probability.

    Args:
        pattern: killed and wounded.
        mean_killed: people, any shape that ends in W.
        casualties: of the scenario.
    """
    killed, wounded = pattern
    mass = np.zeros_like(mean_killed)
    for sign, dead in parts(killed):
        for turn, hurt in parts(wounded):
            mass += sign * turn * exact_toll_mass(dead, hurt, mean_killed, casualties)
    return np.maximum(mass, 0.0)


def parts(span: Span) -> Iterator[tuple[float, int | None]]:
    """A span as signed counts, where None is any count: no end is all but those below.

    >>> list(parts((2, 3))), list(parts((1, None)))
    ([(1.0, 2), (1.0, 3)], [(1.0, None), (-1.0, 0)])
    """
    low, high = span if span is not None else (None, None)
    if high is None:
        yield 1.0, None
        yield from ((-1.0, count) for count in range(low or 0))
    else:
        yield from ((1.0, count) for count in range(low or 0, high + 1))


def exact_toll_mass(
    killed: int | None, wounded: int | None, mean_killed: Array, casualties: Casualties
) -> Array:
    """Probability of a toll: a part of the hurt is negative binomial of the same shape.

    Where both killed and wounded count, times the binomial split between them.
    """
    if killed is None and wounded is None:
        return np.ones_like(mean_killed)
    r, each = casualties.dispersion, np.asarray(casualties.wounded_per_killed, float)
    counted = (0.0 if killed is None else 1.0) + (0.0 if wounded is None else each)
    log_mass = log_count((killed or 0) + (wounded or 0), mean_killed * (counted / r), r)
    if killed is not None and wounded is not None:
        log_mass += log_split(killed, wounded, each)
    return np.exp(log_mass)


def log_count(n: int, x: Array, r: Array | float) -> Array:
    """Log-probability of n, negative binomial of shape r and mean r x.

    log Γ(r + n) − log Γ(r) − log n! + n log x − (r + n) log(1 + x).
    """
    result: Array = -(r + n) * np.log1p(x)
    if n:
        result += xlogy(n, x) + (gammaln(r + n) - gammaln(r) - lgamma(n + 1))
    return result


def log_split(killed: int, wounded: int, wounded_per_killed: Array) -> Array:
    """Log-probability that of the hurt so many are killed and the others wounded."""
    lethal = 1.0 / (1.0 + wounded_per_killed)
    ways = lgamma(killed + wounded + 1) - lgamma(killed + 1) - lgamma(wounded + 1)
    result: Array = ways + xlogy(killed, lethal) + xlog1py(wounded, -lethal)
    return result


# -- arrays -----------------------------------------------------------------------------

Key = TypeVar("Key", bound=Hashable)


class Numbered(dict[Key, int], Generic[Key]):
    """Distinct keys in the order of their first call, which gives their number."""

    def __call__(self, key: Key) -> int:
        return self.setdefault(key, len(self))


def spread(value: Array | float, width: int) -> Array:
    """A quantity as one number for each parameter draw."""
    return np.broadcast_to(np.asarray(value, float), (width,))


def ratio(part: Array, whole: Array) -> Array:
    """`part / whole`, and zero where the whole is nothing."""
    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0.0)


def powers(base: Array) -> Array:
    """The powers from 0 to MOST: shape (MOST + 1, W)."""
    result: Array = base ** np.arange(MOST + 1)[:, None]
    return result


def binomial_mass(trials: Counts, successes: Counts, share: Array) -> Array:
    """Binomial probabilities: trials and successes (n,), share (W,) → (n, W)."""
    ways = WAYS[trials, successes][:, None]
    mass: Array = ways * powers(share)[successes] * powers(1.0 - share)[trials - successes]
    return mass


def table(rows: Iterable[tuple[int, ...]], columns: int) -> Counts:
    """The columns of a table of whole numbers, which may have no row."""
    return np.array(list(rows), int).reshape(-1, columns).T


def grouped(terms: Iterable[tuple[int, int]], counts: Sequence[int]) -> tuple[csr_array, Counts]:
    """Terms in consecutive groups of these sizes: the sum over each group, and their columns."""
    columns = table(terms, 2)
    n = columns.shape[1]
    rows = np.repeat(np.arange(len(counts)), counts)
    return summation(rows, np.arange(n), (len(counts), n)), columns


def summation(rows: Counts, columns: Counts, shape: tuple[int, int]) -> csr_array:
    """The sparse matrix that adds the columns of each row; a row may have none."""
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def summed(matrix: csr_array, terms: Array) -> Array:
    """Sums over the first axis of `terms`, whatever its other axes are."""
    flat = terms.reshape(len(terms), int(np.prod(terms.shape[1:])))
    return np.asarray(matrix @ flat).reshape(-1, *terms.shape[1:])
