"""The long proofs, over parameters drawn from their priors (slow suite)."""

from __future__ import annotations

import hashlib

import pytest
from scipy.stats import kstest

from sim import record
from sim.agents.militia import Militia
from sim.campaign import Campaign, drawn, simulate
from sim.draws import Draws
from sim.events import Kind
from sim.intensity import compensator
from sim.settings.compose import load
from sim.settings.sampling import Sampler
from sim.study.runs import run

pytestmark = pytest.mark.slow
SEED, REPLICATIONS = 11, 150
LONGEST = 400
"""Attacks followed per replication, so that the busiest draws do not outweigh the rest."""


def rescaled_gaps(sampler: Sampler, number: int) -> list[float]:
    """∫λ between the rocket attacks of one replication, λ rebuilt from its events alone."""
    journal = simulate(sampler, SEED, number)
    scenario = drawn(sampler, Draws(SEED, number))
    agents = Campaign(scenario, Draws(SEED, number)).agents
    militia = next(agent for agent in agents if isinstance(agent, Militia))
    events = [(e.known_from if e.kind is Kind.CALENDAR_MARK else e.time, e) for e in journal]
    gaps, since, now = [], 0.0, 0.0
    for time, event in sorted(((max(0.0, t), e) for t, e in events), key=lambda pair: pair[0]):
        if event.kind not in militia.observes:
            continue
        since += compensator(militia.tempo, now, time)
        now = time
        if event.kind is Kind.ROCKET_ATTACK:
            gaps.append(since)
            since = 0.0
        militia.observe(event)
        if len(gaps) == LONGEST:
            break
    return gaps


@pytest.mark.timeout(1800)
def test_rescaled_gaps_are_unit_exponential_under_every_parameter():
    """False alarm 1 in 1,000 for an unlucky seed; the seed is fixed."""
    sampler = Sampler(load(["convoys=none"]))
    gaps = [gap for number in range(REPLICATIONS) for gap in rescaled_gaps(sampler, number)]
    assert len(gaps) > 5_000
    assert kstest(gaps, "expon").pvalue > 0.001


@pytest.mark.timeout(1800)
def test_the_whole_campaign_is_the_same_bytes_under_any_number_of_workers(tmp_path):
    told = []
    for workers in (1, 2, 4):
        folder = tmp_path / str(workers)
        run(load(["replications=100", f"workers={workers}"]), folder)
        files = sorted(folder.glob("*.parquet"))
        told.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in files})
    assert told[0] == told[1] == told[2]


@pytest.mark.timeout(1800)
def test_two_policies_share_every_event_until_the_us_decides():
    """The first difference is a US decision, over the whole campaign."""
    history = record.read()
    never, deaths = (Sampler(load([f"retaliation={p}"])) for p in ("never", "on_coalition_death"))
    parted = 0
    for number in range(REPLICATIONS):
        pair = [simulate(s, SEED, number, history).events for s in (never, deaths)]
        first = next((b for a, b in zip(*pair, strict=False) if a != b), None)
        if first is not None:
            parted += 1
            assert first.kind is Kind.DECISION
            assert first.side == "us"
    assert parted > 10
