"""A branch study read back from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.compare.contrasts import Findings, contrasts, curves, recorded
from sim.errors import InputError
from sim.settings.compose import judge
from sim.study.branching import Futures, Plan, Source
from sim.study.folder import RunFolder


def findings(place: Path) -> Findings:
    """What a study found. The record beside it is the packaged one: what a manifest names
    elsewhere is not read.

    Raises:
        InputError: the study is not complete, or its manifest tells no study.
    """
    told = RunFolder.open(place).manifest()
    if told.get("status") != "complete":
        raise InputError(f"{place.name}: the study is {told.get('status')}, not complete")
    try:
        futures = _futures(place, str(told.get("ended_because")))
        plan = _plan(told, futures)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{place.name}: cannot be read ({error})") from None
    known = recorded(plan) if told.get("source") == list(Source()) else {}
    return Findings(plan, futures, contrasts(futures, plan), curves(futures, plan), known)


def _futures(place: Path, ended: str) -> Futures:
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(place / "futures.parquet").to_pylist()
    return Futures(rows, len({row["replication"] for row in rows}), ended)


def _plan(told: dict[str, Any], futures: Futures) -> Plan:
    """The plan; its horizon is what the longest future tells."""
    arms = {name: judge(settings) for name, settings in told["policies"].items()}
    cut = float(told["cut"])
    end = cut + max(row["days_told"] for row in futures.rows)
    return Plan(arms, cut, end, Source(), futures.replications)
