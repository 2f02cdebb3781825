"""Approximate Bayesian computation by regressed summaries, on a table of simulated histories.

Where a simulation is all there is, draws whose history looks like the record's stand for the
posterior. Raw summaries make that biased. So a quantity is first regressed on its summaries
(semi-automatic: Fearnhead and Prangle 2012); the nearest draws in that one number are kept,
and moved along the local regression to where the record stands (Beaumont and others 2002).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from calibration.quantiles import Floats

SPARE = 20
"""Alike rows per coefficient below which nothing is regressed."""


class Found(NamedTuple):
    """A posterior by simulation.

    Attributes:
        draws: of the quantity in normal coordinates, equally likely, shape (kept,).
        alike: rows of the table that tell of the same things.
        place: of the record's regressed summary among theirs, ties by half: at 0 or 1 the
            simulation never says what the record says.
    """

    draws: Floats
    alike: int
    place: float


def posterior(z: Floats, told: Floats, seen: Floats, keep: int) -> Found | None:
    """The draws of one quantity that histories like the record's were made with.

    Only rows that tell of the same things count: where the record knows a lag, those that
    know one; where it had no occasion, those that had none.

    Args:
        z: the quantity in normal coordinates, one a history, shape (n,).
        told: its summaries, not negative, NaN where unknown, shape (n, k).
        seen: those of the record, shape (k,).
        keep: how many of the nearest are kept; of equally near ones all are.

    Returns:
        None where too few rows are like the record.
    """
    known = ~np.isnan(seen)
    alike = (np.isnan(told) != known).all(axis=1)
    count = int(alike.sum())
    if count < max(keep, SPARE * (1 + int(known.sum()))):
        return None
    score, here = _scores(z[alike], told[alike][:, known], seen[known])
    distance = np.abs(score - here)
    near = distance <= np.partition(distance, keep - 1)[keep - 1]
    place = float((score < here).mean() + 0.5 * (score == here).mean())
    return Found(_moved(z[alike][near], score[near], here), count, place)


def _scores(z: Floats, told: Floats, seen: Floats) -> tuple[Floats, float]:
    """Fitted values of a linear regression on log(1 + summary): the table's, the record's.

    Rounded, so that equal summaries are equally near whatever a sum's last digit.
    """
    columns = np.column_stack([np.ones(len(z)), np.log1p(told)])
    coefficients = np.linalg.lstsq(columns, z, rcond=None)[0]
    here = float(np.concatenate([[1.0], np.log1p(seen)]) @ coefficients)
    return np.round(columns @ coefficients, 9), round(here, 9)


def _moved(z: Floats, score: Floats, here: float) -> Floats:
    """Draws moved along their own regression on the score; not at all where all are the same."""
    apart = score - score.mean()
    spread = float(apart @ apart)
    slope = float(apart @ z) / spread if spread > 0.0 else 0.0
    return np.asarray(z + slope * (here - score))
