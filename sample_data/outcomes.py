"""What lies beside the conversations: other learning, and results beyond the programmes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data.columns import (
    DAY_SECONDS,
    END,
    NO_DAY,
    START,
    Flags,
    Whole,
    canonical,
    day_number,
    days,
    instants,
    keys,
    pick,
)
from sample_data.people import People
from schema.tables import MODALITIES

MODALITY_SHARE = (0.08, 0.10, 0.22, 0.36, 0.12, 0.05, 0.03, 0.04, 0.0)
HOURS = (1.0, 6.0, 2.5, 1.5, 8.0, 1.0, 1.0, 4.0, 1.0)
STATUSES = ("completed", "in_progress", "dropped", "enrolled")
STATUS_SHARE = (0.74, 0.08, 0.13, 0.05)
TITLES = 24
ACTIVITIES_PER_PERSON = 2.4
OUTCOMES = ("engagement_score", "retained", "internal_move")
ENGAGEMENT_DAYS = (day_number("2025-06-30"), day_number("2026-06-30"))
ENGAGEMENT_PARTICIPANT = 3.0
"""Points (0 to 100) by which participants score higher; an association, not an effect."""


def learning_table(rng: np.random.Generator, people: People) -> pd.DataFrame:
    """Return what people did to learn besides conversations."""
    person = np.repeat(np.arange(len(people)), rng.poisson(ACTIVITIES_PER_PERSON, len(people)))
    day = rng.integers(START, END, len(person))
    here = people.employed_at(person, day)
    person, day = person[here], day[here]
    count = len(person)
    modality = rng.choice(len(MODALITIES), count, p=MODALITY_SHARE)
    hours = np.array(HOURS)[modality] * rng.lognormal(0, 0.3, count)
    title = modality * 3 + rng.integers(0, 3, count)
    status = rng.choice(len(STATUSES), count, p=STATUS_SHARE)
    return canonical(
        "learning_activity",
        {
            "activity_id": keys("a", np.arange(count), 8),
            "person_id": people.keys.take(person),
            "modality": pick(MODALITIES, modality),
            "started_at": instants(day * DAY_SECONDS + rng.integers(14, 34, count) * 1800),
            "duration_s": (hours * 60).astype(np.int64) * 60,
            "status": pick(STATUSES, status),
            "title_code": pick([f"course-{n + 1:02d}" for n in range(len(MODALITIES) * 3)], title),
        },
    )


def outcome_table(rng: np.random.Generator, people: People, participant: Flags) -> pd.DataFrame:
    """Return engagement, retention and moves; retention and moves of those here at the start."""
    everybody = np.arange(len(people))
    at_start = np.flatnonzero(people.hired_on <= START)
    kept = people.left_on[at_start] == NO_DAY
    here = at_start[kept]
    moved = people.changes_on[here] < END
    parts = [(at_start, 1, END - 1, kept.astype(float)), (here, 2, END - 1, moved.astype(float))]
    for day in ENGAGEMENT_DAYS:
        asked = everybody[people.employed_at(everybody, np.full(len(people), day))]
        asked = asked[rng.random(len(asked)) < 0.7]
        lift = ENGAGEMENT_PARTICIPANT * participant[asked]
        score = np.clip(np.rint(rng.normal(68 + lift, 14)), 0, 100)
        parts.append((asked, 0, day, score))
    return pd.concat([_outcome(people, *part) for part in parts], ignore_index=True)


def _outcome(
    people: People, person: Whole, number: int, day: int, value: np.ndarray
) -> pd.DataFrame:
    return canonical(
        "outcome",
        {
            "person_id": people.keys.take(person),
            "outcome_code": pick([OUTCOMES[number]], np.zeros(len(person), np.int64)),
            "as_of_on": days(np.full(len(person), day)),
            "value_num": value,
        },
    )
