"""Journal: what happened, in the order in which it became known; the agents' only channel."""

from __future__ import annotations

import json
from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from sim.events.arrow import from_row, schema, to_pandas, to_table
from sim.events.event import Event, Kind

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Listener = Callable[[Event], None]


class Journal:
    """What happened, in the order in which it became known; and the agents' only channel.

    Args:
        start: local date of day 0.
        end: local date on which the window closes (exclusive), if it has one.
        events: events to start with, posted to nobody.

    Agents subscribe to kinds; `post` writes an event and tells its subscribers.
    """

    def __init__(self, start: date, end: date | None = None, events: Iterable[Event] = ()) -> None:
        self.start = start
        self.end = end
        self.events: list[Event] = list(events)
        self._listeners: defaultdict[Kind, list[tuple[int, int, Listener]]] = defaultdict(list)
        self._calls: dict[Kind, list[Listener]] = {}
        self._filed: list[Event] = []

    # -- as a channel -----------------------------------------------------------------

    def subscribe(self, kinds: Iterable[Kind], listener: Listener, rank: int = 0) -> None:
        """Call `listener(event)` for every later event of these kinds, lowest rank first."""
        for kind in kinds:
            listeners = self._listeners[kind]
            insort(listeners, (rank, len(listeners), listener))
            self._calls[kind] = [entry[2] for entry in listeners]

    def post(self, event: Event) -> None:
        """Write an event and tell its subscribers."""
        self.events.append(event)
        for listener in self._calls.get(event.kind, ()):
            listener(event)

    def dismiss(self) -> None:
        """Forget every subscriber: what happened stays, nobody listens any more."""
        self._listeners.clear()
        self._calls.clear()

    def announce(self, event: Event) -> None:
        """Tell subscribers of an event known before its day; `write` it when the day comes."""
        for listener in self._calls.get(event.kind, ()):
            listener(event)

    def write(self, event: Event) -> None:
        """Write an event whose subscribers were told earlier, or that has none."""
        self.events.append(event)

    def file(self, event: Event) -> None:
        """Keep a later event that nobody listens to; `close` puts it in its place.

        Reports are many: the clock need not wake for each.
        """
        self._filed.append(event)

    def close(self) -> None:
        """Put what was filed where its time belongs, after what was posted at that time."""
        if self._filed:
            self.events = sorted([*self.events, *self._filed], key=attrgetter("time"))
            self._filed = []

    # -- as a sequence ----------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Journal) and (self.start, self.end, self.events) == (
            other.start,
            other.end,
            other.events,
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Journal({self.start} – {self.end}, {len(self)} events)"

    def where(self, *kinds: Kind) -> list[Event]:
        """The events of some kinds, in order."""
        return [event for event in self.events if event.kind in kinds]

    def in_time(self) -> Journal:
        """The same events by time; ties keep a stated order, then the order of posting."""
        ordered = sorted(self.events, key=lambda e: (e.time, e.order or 0))
        return Journal(self.start, self.end, ordered)

    def consequences(self, of: str) -> list[Event]:
        """Every event that follows from the event with this id, through cause links."""
        found, known = [], {of}
        for event in self.events:
            if event.cause in known:
                known.add(event.id)
                found.append(event)
        return found

    # -- as a table -------------------------------------------------------------------

    def to_arrow(self) -> pa.Table:
        """One row per event in the columns of `schema`; start and end in the metadata."""
        table = to_table(self.events)
        end = None if self.end is None else self.end.isoformat()
        about = json.dumps({"start": self.start.isoformat(), "end": end})
        return table.replace_schema_metadata({"rungs.journal": about})

    @classmethod
    def from_arrow(cls, table: pa.Table, start: date | None = None) -> Journal:
        """The inverse of `to_arrow`; `start` is needed only where the metadata was lost."""
        about = json.loads((table.schema.metadata or {}).get(b"rungs.journal", b"{}"))
        if start is None:
            if "start" not in about:
                raise ValueError(
                    "the table does not say on which date its day 0 falls: "
                    "pass start=, or keep the metadata that Journal.to_arrow wrote"
                )
            start = date.fromisoformat(about["start"])
        end = date.fromisoformat(about["end"]) if about.get("end") else None
        return cls(start, end, [from_row(row) for row in table.to_pylist()])

    def to_pandas(self) -> pd.DataFrame:
        """`to_arrow` as a frame with nullable columns, so that no unknown becomes a number."""
        return to_pandas(self.to_arrow())

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame, start: date | None = None) -> Journal:
        """The inverse of `to_pandas`."""
        import pyarrow as pa

        about = frame.attrs.get("rungs.journal")
        table = pa.Table.from_pandas(frame, schema=schema(), preserve_index=False)
        metadata = {"rungs.journal": about} if about else None
        return cls.from_arrow(table.replace_schema_metadata(metadata), start)

    def to_parquet(self, path: str | Path) -> None:
        """Write the journal to one Parquet file."""
        import pyarrow.parquet as pq

        pq.write_table(self.to_arrow(), path, compression="zstd")

    @classmethod
    def from_parquet(cls, path: str | Path) -> Journal:
        """Read a journal that `to_parquet` wrote."""
        import pyarrow.parquet as pq

        return cls.from_arrow(pq.read_table(path))
