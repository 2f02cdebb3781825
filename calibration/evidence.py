"""No evidence twice: a fit refuses a prior that rests on its own data, or on what came later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sim.errors import InputError
from sim.settings.posterior import sampler_of
from sim.settings.quantity import Prior
from sim.settings.sampling import Uncertain
from sim.settings.scenario import Settings


def check(quantities: Mapping[str, Uncertain], first: date, until: date) -> None:
    """Refuse priors whose evidence the fit meets again, or that know what it may not.

    Args:
        quantities: those that are fitted, by dotted key.
        first: the first day of the fit's data.
        until: the first day that it does not see.

    Raises:
        InputError: which key, what its evidence is, and what to write instead.
    """
    refuse_later(quantities, until)
    for key, quantity in quantities.items():
        last = quantity.prior.evidence_until
        if quantity.prior.evidence_in_record and (last is None or last >= first):
            told = "its evidence is in the record, which the fit would use a second time"
            raise _refusal(key, quantity.prior, told)


def refuse_later(quantities: Mapping[str, Uncertain], until: date) -> None:
    """Refuse priors that know what came on the day `until` or after: nobody held them before.

    Raises:
        InputError: which key, what its evidence is, and what to write instead.
    """
    for key, quantity in quantities.items():
        last = quantity.prior.evidence_until
        if last is not None and last >= until:
            told = f"its evidence reaches to {last}, and what may be known ends before {until}"
            raise _refusal(key, quantity.prior, told)


def _refusal(key: str, prior: Prior, told: str) -> InputError:
    return InputError(
        f"{key} = {prior.words()} ({prior.source}): {told}; "
        f"give it a prior that rests on other evidence, {key}={{prior: …}}"
    )


def assumed(settings: Settings) -> dict[str, Uncertain]:
    """All that a scenario draws from its priors: what its posterior, if it has one, leaves."""
    sampler = sampler_of(settings)
    known = set(sampler.rows.keys) if sampler.rows is not None else set[str]()
    return {key: told for key, told in sampler.uncertain().items() if key not in known}
