"""Time-rescaled gaps: ∫λ between one attack and the next, which is exponential if λ is right."""

from __future__ import annotations

import numpy as np
from scipy import stats

from calibration.blocks import Block
from calibration.gaussian import resampled
from calibration.quantiles import Floats, values
from calibration.tempo import TempoLikelihood
from calibration.weighted import weighted
from sim.settings.scenario import Scenario

DRAWN = 256
"""Draws of a fit over which gaps are averaged."""


def rescaled(likelihood: TempoLikelihood, scenario: Scenario, width: int) -> Floats:
    """∫λ from each attack to the next, the first from the start, shape (width, attacks)."""
    tempo = likelihood.replay(likelihood.records[0], scenario, width)
    cuts = [edge for hole in likelihood.holes for edge in hole]
    middle, parts = tempo.integrals(0.0, likelihood.end, cuts)
    parts = parts * likelihood.detection(middle, scenario)
    reached = np.stack([(parts * (middle < t)).sum(axis=1) for t in tempo.asked], axis=1)
    return np.diff(reached, axis=1, prepend=0.0)


def statistic(gaps: Floats) -> float:
    """√n times the largest distance of n gaps from the unit exponential: histories differ in n."""
    return float(np.sqrt(len(gaps)) * stats.kstest(gaps, "expon").statistic)


def tempo_of(block: Block) -> TempoLikelihood:
    """The likelihood of the tempo's block."""
    assert isinstance(block.likelihood, TempoLikelihood)
    return block.likelihood


def refitted(tempo: Block, seed: int) -> float:
    """The statistic of gaps under a quick fit to them, each the mean of its ∫λ over the fit's
    draws.

    The gaps are averaged, not their statistics: of one draw by itself, and so of the mean of
    many, the statistic is as large as under the truth, for the draw is as far from the fit.
    """
    random = np.random.RandomState(seed)
    points = resampled(weighted(tempo, random), random, DRAWN)
    given = values(tempo.quantities, points)
    scenario = tempo.sampler.draw(lambda key: 0.5, given=given)
    return statistic(rescaled(tempo_of(tempo), scenario, DRAWN).mean(axis=0))
