"""Hand: a run's measures in brief, over the replications that know them."""

from __future__ import annotations

import pyarrow as pa

from sim.study.runs import summary


def test_a_blank_is_left_out_of_the_mean_the_quantiles_and_the_count() -> None:
    """Of 1 to 40 the second is the 5 % quantile; a blank is no nought."""
    lags = [*map(float, range(1, 41)), *[None] * 40]
    keys = {"study": ["s"] * 80, "point": [0] * 80, "replication": list(range(80))}
    rows = summary(pa.table({**keys, "lag": lags, "never": pa.nulls(80, pa.float64())})).to_pylist()
    spread = {"low90": 2.0, "low50": 10.0, "median": 20.0, "high50": 30.0, "high90": 38.0}
    assert rows[0] == {"measure": "lag", "known": 40, "mean": 20.5, **spread}
    assert rows[1] == {"measure": "never", "known": 0, "mean": None, **dict.fromkeys(spread)}
