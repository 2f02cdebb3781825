"""Numbers and counts in titles."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share in words; never "0 %" or "100 %" of what is neither.

    >>> percent(0.254), percent(0.001), percent(0.999), percent(1.0)
    ('25 %', 'under 1 %', 'over 99 %', '100 %')
    """
    whole = round(100.0 * share)
    if share > 0.0 and whole == 0:
        return "under 1 %"
    return "over 99 %" if share < 1.0 and whole == 100 else f"{whole} %"


def number(value: float | None) -> str:
    """A number in two or three figures; unknown as a dash."""
    if value is None:
        return "–"
    if float(value).is_integer() or abs(value) >= 100.0:
        return str(round(value))
    return f"{value:.2g}" if abs(value) < 1.0 else f"{value:.3g}"


def plural(count: int, one: str, several: str | None = None) -> str:
    """A count with its noun.

    >>> plural(1, "week"), plural(2, "week")
    ('1 week', '2 weeks')
    """
    return f"{count} {one if count == 1 else several or one + 's'}"


def sentence(text: str) -> str:
    """Text with a capital at its beginning, the rest as it is.

    >>> sentence("the US strikes")
    'The US strikes'
    """
    return text[:1].upper() + text[1:]
