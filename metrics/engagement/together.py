"""How all cohorts of a programme do lately: a fall that they share shows in none of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from metrics.engagement.measures import ComparedShare
from metrics.engagement.rhythm import FIRST_CYCLES, Cycles, smoothed

FEWEST_TOGETHER = 2


def lately(programme: Sequence[Cycles], latest: int) -> ComparedShare | None:
    """Return participation in the latest cycles of all cohorts, beside that in the ones before.

    Parameters
    ----------
    programme : sequence of Cycles
        Its cohorts that go on and have no alarm of their own; those with fewer than four cycles
        before the latest are passed over.
    latest : int
        How many cycles are the latest.

    Returns
    -------
    ComparedShare or None
        The share of all of them together, and what their own earlier cycles would give, each
        cohort with as many people as it has lately. ``people`` are those of the largest cohort,
        since a person may be in two. None for fewer than two cohorts.
    """
    old = [one for one in programme if len(one) >= latest + FIRST_CYCLES]
    if len(old) < FEWEST_TOGETHER:
        return None
    people, met, now, then, before = np.array(
        [
            (
                one.people[-latest:].sum(),
                one.met[-latest:].sum(),
                one.trials[-latest:].sum(),
                one.met[:-latest].sum() / one.people[:-latest].sum(),
                one.trials[:-latest].sum(),
            )
            for one in old
        ]
    ).T
    weights = people / people.sum()
    usual = smoothed(then * before, before)
    variance = usual * (1 - usual) * (1 / now + 1 / before)
    return ComparedShare(
        share=float(met.sum() / people.sum()),
        people=int(max(one.people[-latest:].min() for one in old)),
        trials=float(now.sum()),
        expected=float(weights @ then),
        error=float(np.sqrt(weights**2 @ variance)),
    )
