"""A finished run beside another record than its reports were blanked by."""

from __future__ import annotations

from typing import Any

from sim import record
from sim.errors import InputError
from sim.measures import mask_of
from sim.study.runs import Runs
from sim.study.work import reported_row


def beside(runs: Runs, record_path: str | None) -> Runs:
    """The run with its reports blanked as this record's rows are.

    What nobody stated in one record may be stated in another: patterns compare only where both
    sides are silent alike.

    Args:
        runs: a finished run.
        record_path: a record; none is the packaged one.

    Raises:
        InputError: it was made with another record, and kept no whole journals to blank anew.
    """
    if record.hash_of_data(record_path) == runs.masked_by:
        return runs
    if runs.settings.journal != "full":
        same = record_path == runs.record_path
        other = "as it was" if same else f"of {runs.record_path or 'the packaged record'}"
        raise InputError(
            f"record={record_path or 'packaged'}: this run's reports are blanked as the rows "
            f"{other}, and it kept journal={runs.settings.journal}; run it again "
            f"{'' if same else 'with this record, or '}with journal=full"
        )
    return runs.with_reports(_blanked(runs, record_path))


def _blanked(runs: Runs, record_path: str | None) -> list[dict[str, Any]]:
    """The reported patterns of every replication under a record's mask."""
    mask, settings = mask_of(record.read(record_path)), runs.settings
    return [
        reported_row(runs.journal(number), settings, number, mask)
        for number in range(settings.replications)
    ]
