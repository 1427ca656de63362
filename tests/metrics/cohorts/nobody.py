"""What the measures of cohorts read where there are none."""

from __future__ import annotations

import numpy as np

from metrics.cohorts.compared import ComparedMeans, ComparedRates, DrawnIn
from metrics.cohorts.measures import FunnelPoint


def cohorts_of_nobody() -> dict[str, object]:
    """Return an aggregate without cohorts by key of the measure."""
    nothing, nobody, nan = np.zeros(0), np.zeros(0, dtype=int), float("nan")
    rates = ComparedRates(
        events=nothing,
        trials=nothing,
        people=nobody,
        sizes=nothing,
        target=nan,
        trials_each=1.0,
        effective=nothing,
    )
    means = ComparedMeans(values=nothing, errors=nothing, people=nobody, sizes=nothing, target=nan)
    drawn = DrawnIn(values=nothing, errors=nothing, people=nobody, spread=nan)
    return {
        "cohort_rate": rates,
        "cohort_ratio": means,
        "cohort_change": means,
        **{f"cohort_{name}_shrunk": drawn for name in ("rate", "ratio", "change")},
        "cohort_limits": FunnelPoint(target=nan, low=nan, high=nan, people=0),
    }
