"""What the posterior says under other priors."""

from __future__ import annotations

from calibration import sensitivity
from calibration.blocks import read_record
from calibration.checks.asked import Answer, Asked


def check(asked: Asked) -> Answer:
    """What the posterior says under other priors."""
    found = sensitivity.sensitivities(asked.plan, read_record(asked.plan, asked.record))
    base = found[0].means
    spans = {key: [row.means[key] for row in found] for key in base}
    widest = max(spans, key=lambda key: (max(spans[key]) - min(spans[key])) / abs(base[key]))
    told = (
        f"the priors matter most for {widest}: {min(spans[widest]):.3g} to {max(spans[widest]):.3g}"
    )
    return Answer([told], [{"priors": row.priors, **row.means} for row in found])
