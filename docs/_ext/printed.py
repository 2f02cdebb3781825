"""What a command printed, laid beside what its page shows."""

from __future__ import annotations

import re

LEFT_OUT = "…"
MASKS = (
    (re.compile(r"\bin \d+(\.\d+)? s\b"), "in … s"),
    (re.compile(r"\b\d+ s of processor time"), "… s of processor time"),
    (re.compile(r"(?<=-)[0-9a-f]{12}\b"), LEFT_OUT),
    (re.compile(r"(?<=127\.0\.0\.1:)\d+"), LEFT_OUT),
    (re.compile(r"(?<=^serving )\S+(?=;)"), LEFT_OUT),
)


def masked(line: str) -> str:
    """A printed line without what differs from run to run.

    >>> masked("40 replications in 1.53 s, outputs/historical-0123456789ab")
    '40 replications in … s, outputs/historical-…'
    """
    for pattern, stand_in in MASKS:
        line = pattern.sub(stand_in, line)
    return line.rstrip()


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether what a page shows is what was printed.

    >>> agrees(["a", "…", "d"], ["a", "b", "c", "d"]), agrees(["a"], ["a", "b"])
    (True, False)
    """
    one, other = [masked(s) for s in shown], [masked(p) for p in printed]
    return one == other or one == abridged(shown, other)


def abridged(shown: list[str], printed: list[str]) -> list[str]:
    """What was printed, with as much left out as the page leaves out."""
    plain = [masked(line) for line in printed]
    if LEFT_OUT not in shown:
        return plain
    head = shown.index(LEFT_OUT)
    tail = len(shown) - head - 1
    if len(plain) <= head + tail:
        return plain
    return [*plain[:head], LEFT_OUT, *plain[len(plain) - tail :]]
