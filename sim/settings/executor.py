"""Who computes: this process, processes beside it, or a Dask cluster. No number hangs on it."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, model_validator

from sim.settings.quantity import Section

ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")


class Executor(Section):
    """The executor of a study."""

    kind: Literal["serial", "processes", "dask"] = Field(
        "processes", description="this process alone, processes beside it, or a Dask cluster"
    )
    address: str | None = Field(
        None, description="of a running Dask scheduler; none: a cluster on this machine"
    )

    @model_validator(mode="after")
    def _reachable(self) -> Executor:
        if self.address is None:
            return self
        if self.kind != "dask":
            raise ValueError(f"address = {self.address!r}: only executor=dask has an address")
        if not ADDRESS.fullmatch(self.address):
            raise ValueError(f"address = {self.address!r}: write it as tcp://scheduler:8786")
        return self
