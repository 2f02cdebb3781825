"""No evidence twice: a fit refuses a prior that rests on its own data, or on what came later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sim.errors import InputError
from sim.settings.quantity import Prior, Uncertain


def check(quantities: Mapping[str, Uncertain], first: date, until: date) -> None:
    """Refuse priors whose evidence the fit meets again, or that know what it may not.

    Args:
        quantities: those that are fitted, by dotted key.
        first: the first day of the fit's data.
        until: the first day that it does not see.

    Raises:
        InputError: which key, what its evidence is, and what to write instead.
    """
    for key, quantity in quantities.items():
        problem = _problem(quantity.prior, first, until)
        if problem:
            raise InputError(
                f"{key} = {quantity.prior.words()} ({quantity.prior.source}): {problem}; "
                f"give it a prior that rests on other evidence, {key}={{prior: …}}"
            )


def _problem(prior: Prior, first: date, until: date) -> str:
    last = prior.evidence_until
    if last is not None and last >= until:
        return f"its evidence reaches to {last}, and the fit ends before {until}"
    if prior.evidence_in_record and (last is None or last >= first):
        return "its evidence is in the record, which the fit would use a second time"
    return ""
