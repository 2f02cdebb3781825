"""What every timing is measured beside: bare SimPy, in the processor time of this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

import simpy


def timed(work: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """Milliseconds of processor time that one call takes, and what it returns."""
    began = time.process_time()
    result = work(*arguments)
    return (time.process_time() - began) * 1e3, result


def bare_simpy(events: int) -> None:
    """One process that waits `events` times and does nothing."""
    env = simpy.Environment()

    def idle() -> Generator[simpy.Event]:
        for _ in range(events):
            yield env.timeout(1.0)

    env.process(idle())
    env.run()
