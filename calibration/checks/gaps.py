"""Time-rescaled gaps of the recorded attacks."""

from __future__ import annotations

import numpy as np

from calibration import gaps
from calibration.blocks import blocks, data_of, read_record, settings_of
from calibration.checks.asked import Answer, Asked
from calibration.quantiles import Floats
from calibration.tempo import TempoLikelihood
from sim.settings.posterior import DRAWS, place


def check(asked: Asked) -> Answer:
    """Time-rescaled gaps of the recorded attacks, by parametric bootstrap."""
    data = data_of(asked.plan, settings_of(asked.plan), read_record(asked.plan, asked.record))
    likelihood = blocks(data, asked.plan)[0].likelihood
    assert isinstance(likelihood, TempoLikelihood)
    found = gaps.test(data, likelihood, drawn(asked.posterior, asked.draws), asked.seed)
    fits = "fits" if found.p >= 0.05 else "does NOT fit"
    told = f"the tempo {fits}: p = {found.p:.2f} over {asked.draws} posterior draws"
    return Answer([told], [found._asdict()], asked.drawn_from())


def drawn(name: str, n: int) -> dict[str, Floats]:
    """`n` rows of a posterior, evenly from all."""
    import pyarrow.parquet as pq

    table = pq.read_table(place(name) / DRAWS)
    chosen = np.linspace(0, len(table) - 1, n).astype(int)
    return {key: table[key].to_numpy()[chosen] for key in table.column_names}
