"""Who reports to whom: somebody one level above, in the same function of the same company."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data.columns import NO_DAY, Whole, canonical, days
from sample_data.people import SENIORITIES, People


def reporting_table(rng: np.random.Generator, people: People) -> pd.DataFrame:
    """Return one line a person at most, by the levels at the beginning; the top reports to nobody.

    A line holds while both work here. It is drawn without regard to who meets whom, so managers and
    their reports sit together about as often as any two people of such levels.
    """
    manager = np.full(len(people), -1)
    for level in range(len(SENIORITIES) - 1):
        for unit in np.unique(_unit(people)):
            here = _unit(people) == unit
            reports = np.flatnonzero(here & (people.seniority == level))
            above = np.flatnonzero(here & (people.seniority == level + 1))
            if len(above):
                manager[reports] = rng.choice(above, len(reports))
    person = np.flatnonzero(manager >= 0)
    boss = manager[person]
    begins = np.maximum(people.hired_on[person], people.hired_on[boss])
    forever = np.iinfo(np.int64).max
    left = np.where(people.left_on == NO_DAY, forever, people.left_on)
    ends = np.minimum(left[person], left[boss])
    held = begins < ends
    frame = canonical(
        "reporting_line",
        {
            "person_id": people.keys.take(person[held]),
            "valid_from": days(begins[held]),
            "manager_person_id": people.keys.take(boss[held]),
            "valid_to": days(np.where(ends == forever, NO_DAY, ends)[held]),
        },
    )
    return frame.sort_values("person_id", ignore_index=True)


def _unit(people: People) -> Whole:
    return people.function * 2 + people.partner
