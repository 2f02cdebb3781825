"""Time-rescaled gaps of the recorded attacks."""

from __future__ import annotations

import numpy as np

from calibration import bootstrap
from calibration.blocks import data_of, read_record, settings_of
from calibration.checks.asked import Answer, Asked
from calibration.quantiles import Floats
from sim.settings.posterior import DRAWS, place


def check(asked: Asked) -> Answer:
    """Time-rescaled gaps of the recorded attacks, by parametric bootstrap."""
    asked.refuse_other()
    plan = asked.plan.model_copy(update={"jitters": 1})
    data = data_of(plan, settings_of(plan), read_record(plan, asked.record))
    draws = drawn(asked.posterior, asked.draws)
    found = bootstrap.gap_test(plan, data, draws, asked.seed, asked.workers, asked.progress)
    return Answer(verdict(found), [found._asdict()], asked.drawn_from())


def verdict(found: bootstrap.GapTest) -> list[str]:
    """Whether the tempo fits, how p is counted, and what of the histories has none."""
    fits = "fits" if found.p >= 0.05 else "does NOT fit"
    return [
        f"the tempo {fits}: p = {found.p:.2f} over {found.histories} histories of posterior draws",
        "each history is fitted anew, as the record is; p is 1 plus the histories whose gaps lie "
        "as far from the exponential, over 1 plus all",
        f"{found.empty} more histories have no attack, and so no gaps",
        "p_unfitted leaves the histories under their own truth: too near to a half",
    ]


def drawn(name: str, n: int) -> dict[str, Floats]:
    """`n` rows of a posterior, evenly from all."""
    import pyarrow.parquet as pq

    table = pq.read_table(place(name) / DRAWS)
    chosen = np.linspace(0, len(table) - 1, n).astype(int)
    return {key: table[key].to_numpy()[chosen] for key in table.column_names}
