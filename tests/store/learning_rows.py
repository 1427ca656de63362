"""Rounds, ratings, learning and outcomes for the small organisation, drawn at random."""

from __future__ import annotations

import random
from datetime import date, timedelta

from tests.store.small_organisation import Rows, _moment, make_rows

WAVES = (date(2026, 1, 5), date(2026, 2, 10), date(2026, 4, 1))
OUTCOMES = ("score", "stayed")


def learning_rows(seed: int = 7, people: int = 40) -> Rows:
    """Return the small organisation with everything that claims read."""
    rows, draw = make_rows(seed, people), random.Random(seed)
    rows["match_round"] = [
        {"cohort_id": cohort, "round_no": number, "run_at": _moment(30 * (number - 1) + 1),
         "method": "random" if cohort == "a1" and number < 3 else "rule"}
        for cohort in ("a1", "a2", "b1")
        for number in (1, 2, 3)
    ]  # fmt: skip
    for cohort, day in zip(rows["cohort"], (date(2026, 1, 1), date(2026, 2, 1), None), strict=True):
        cohort["starts_on"] = day
    for row in rows["enrolment"]:
        row["enrolled_on"] = draw.choice((None, date(2026, 1, 20), date(2026, 3, 1)))
    rows["skill"] = [{"skill_code": code, "label": code, "family": "empathy"} for code in "st"]
    rows["wave"] = [
        {"wave_id": f"w{number}", "wave_no": number, "label": f"Wave {number}", "opens_on": day}
        for number, day in enumerate(WAVES, 1)
    ]
    ids = [row["person_id"] for row in rows["person"]]
    rows["skill_rating"] = [_rating(number, draw, ids) for number in range(people * 8)]
    rows["learning_activity"] = [_activity(number, draw, ids) for number in range(people * 4)]
    rows["outcome"] = [
        {"person_id": person, "outcome_code": code, "as_of_on": date(2026, 3, 1) + timedelta(days),
         "value_num": float(draw.choice((0, 1)) if code == "stayed" else draw.randrange(100))}
        for person in ids
        for code in OUTCOMES
        for days in draw.sample((0, 15, 40), draw.choice((0, 1, 2)))
    ]  # fmt: skip
    return rows


def _rating(number: int, draw: random.Random, ids: list[str]) -> dict[str, object]:
    given = draw.random() < 0.9
    return {
        "rating_id": f"r{number}", "person_id": draw.choice(ids), "skill_code": draw.choice("st"),
        "rater_kind": draw.choice(("peer", "peer", "self")), "scale_min": 1.0, "scale_max": 5.0,
        "wave_id": f"w{draw.choice((1, 2, 3))}", "rated_on": date(2026, 4, 1),
        "value_num": float(draw.randrange(1, 6)) if given else None,
        "state": "given" if given else "skipped",
    }  # fmt: skip


def _activity(number: int, draw: random.Random, ids: list[str]) -> dict[str, object]:
    return {
        "activity_id": f"l{number}", "person_id": draw.choice(ids),
        "modality": draw.choice(("peer", "mentoring", "instructor_led_virtual", "self_paced")),
        "started_at": _moment(draw.randrange(1, 118)),
        "status": draw.choice(("completed", "completed", "dropped", "in_progress")),
    }  # fmt: skip
