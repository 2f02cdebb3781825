"""Where the record's files lie, and their bytes and text; files of the wrong sort are refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sim.errors import InputError
from sim.record.faults import refuse

MAX_BYTES = 20_000_000
"""A larger file is refused unread: the packaged record has a hundredth of it."""


def data_dir() -> Path:
    """The folder of packaged data: inside the installed package, else in the source tree."""
    package = Path(__file__).parents[1]
    places = (package / "_seeds", package.parent / "seeds")
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    raise InputError(f"the packaged data are missing: looked in {looked}\nreinstall rungs")


def folder_or_file(path: str | Path | None) -> Path:
    """The place that a caller named, else the packaged record."""
    return data_dir() / "record" if path is None else Path(path)


def events_file(place: Path) -> Path:
    """The file of events: the place itself, or `events.csv` in it."""
    if not place.is_dir():
        return place
    if not (place / "events.csv").exists():
        refuse(place, "is a folder without events.csv", "name the folder that holds the record")
    return place / "events.csv"


def read_bytes(path: Path) -> bytes:
    """What a regular file of bearable size holds."""
    try:
        if not path.exists():
            refuse(path, "no such file", "check the path")
        if not path.is_file():
            refuse(path, "is not a regular file", "name a CSV file, or a folder with events.csv")
        size = path.stat().st_size
        if size > MAX_BYTES:
            limit = f"the limit is {MAX_BYTES:,}"
            refuse(path, f"is too large: {size:,} bytes", f"{limit}: is this the right file?")
        return path.read_bytes()
    except OSError as error:
        refuse(path, f"cannot be read: {error.strerror}", "check the path and its permissions")


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, without a byte order mark."""
    data = read_bytes(path)
    if not data.strip():
        refuse(path, "is empty", "it needs a header line and at least one row")
    if b"\0" in data:
        where = data.index(b"\0")
        refuse(path, f"holds a NUL byte at byte {where}", "this is no text file: save it as CSV")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong, line = error.object[error.start], error.object[: error.start].count(b"\n") + 1
        problem = f"byte 0x{wrong:02x} at byte {error.start} (line {line}) is not UTF-8"
        refuse(path, problem, "save the file as UTF-8")


def hash_of_data(path: str | Path | None = None) -> str:
    """SHA-256 of the record's CSV files in name order (names and bytes), for run manifests."""
    place = folder_or_file(path)
    files = sorted(place.glob("*.csv")) if place.is_dir() else [place]
    digest = hashlib.sha256()
    for file in files:
        data = read_bytes(file)
        digest.update(f"{file.name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()
