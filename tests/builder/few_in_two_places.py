"""Organisations in which three people are in two places, and meet there more than all others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from tests.store.small_organisation import Rows, make_rows

SEED, EVERYBODY, OFTEN = 5, 300, 25
EMPTIED = ("match", "match_member", "match_pool", "conversation", "conversation_participant",
           "response", "enrolment")  # fmt: skip
FIRST, SECOND = date(2026, 1, 1), date(2026, 4, 1)


class Organisation:
    """Rows that conversations are added to, one by one."""

    def __init__(self, groups: Sequence[str] = "x") -> None:
        self.rows: Rows = make_rows(SEED, EVERYBODY)
        for table in EMPTIED:
            self.rows[table] = []
        for cohort in self.rows["cohort"]:
            cohort["starts_on"] = SECOND if cohort["cohort_id"] == "a2" else FIRST
        self.people = [str(row["person_id"]) for row in self.rows["person"]]
        self._draw = random.Random(SEED)
        for table in ("attribute_def", "attribute_value_def"):
            self.rows[table] = [
                row for row in self.rows[table] if row["attribute_code"] == "function"
            ]
        self.rows["person_attribute"] = [
            {"person_id": person, "attribute_code": "function", "state": "given",
             "valid_from": date(2020, 1, 1), "value_code": group, "asserted_by": "hr"}
            for person, group in zip(self.people, groups, strict=False) if group
        ]  # fmt: skip

    def enrol(self, cohort: str, people: Sequence[str]) -> None:
        """Enrol people in a cohort."""
        self.rows["enrolment"] += [
            {"cohort_id": cohort, "person_id": person, "status": "active"} for person in people
        ]

    def meet(
        self, cohort: str, people: Sequence[str], day: int, feedback: float, mode: str = "online"
    ) -> None:
        """Let people who were offered each other meet; each gives feedback with this chance."""
        match, talk = f"m{len(self.rows['match'])}", f"c{len(self.rows['conversation'])}"
        programme = "beta" if cohort == "b1" else "alpha"
        self.rows["match"].append(
            {"match_id": match, "cohort_id": cohort, "round_no": 1 + day // 5, "status": "active",
             "offered_at": _moment(day)}
        )  # fmt: skip
        self.rows["match_member"] += [
            {"match_id": match, "person_id": person, "role": "peer"} for person in people
        ]
        self.rows["conversation"].append(
            {"conversation_id": talk, "programme_id": programme, "cohort_id": cohort,
             "match_id": match, "scheduled_start_at": _moment(day + 2), "tz": "UTC",
             "status": "completed", "evidence": "one_reported", "mode": mode}
        )  # fmt: skip
        for slot, person in enumerate(people, 1):
            self.rows["conversation_participant"].append(
                {"conversation_id": talk, "slot": slot, "person_id": person, "role": "peer",
                 "attended": "yes"}
            )  # fmt: skip
            if self._draw.random() < feedback:
                self.rows["response"].append(
                    {"response_id": f"r{len(self.rows['response'])}", "instrument_id": "i",
                     "person_id": person, "conversation_id": talk, "submitted_at": _moment(day + 3)}
                )  # fmt: skip

    def meet_in_pairs(
        self, cohort: str, people: Sequence[str], day: int, feedback: float, mode: str = "online"
    ) -> None:
        """Let everybody meet somebody once."""
        mixed = self._draw.sample(list(people), len(people))
        for first in range(0, len(mixed) - 1, 2):
            self.meet(cohort, mixed[first : first + 2], day, feedback, mode)


def _moment(day: int) -> datetime:
    return datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day - 1)


def came_again(feedback: float) -> Rows:
    """Return 80 people of one cohort, of whom three came again in the next, with 77 others."""
    made = Organisation("xyz" * 100)
    first, again, others, elsewhere = (
        made.people[:80], made.people[:3], made.people[80:157], made.people[157:],
    )  # fmt: skip
    for cohort, members in (("a1", first), ("a2", [*again, *others]), ("b1", elsewhere)):
        made.enrol(cohort, members)
    made.meet_in_pairs("a1", first, 5, 0.6)
    made.meet_in_pairs("b1", elsewhere, 5, 0.6)
    made.meet_in_pairs("a2", others, 95, 0.6)
    for number in range(OFTEN):
        made.meet("a2", again, 95 + number, feedback)
    return made.rows


def also_in_another(feedback: float) -> Rows:
    """Return a group of 60 in one programme, of whom three are in another programme as well."""
    made = Organisation("x" * 60 + "y" * 120 + "z" * 120)
    made.rows["cohort"] = [row for row in made.rows["cohort"] if row["cohort_id"] != "a2"]
    both, elsewhere = made.people[:3], made.people[120:]
    made.enrol("a1", made.people[:120])
    made.enrol("b1", [*both, *elsewhere])
    made.meet_in_pairs("a1", made.people[:120], 5, 0.5)
    made.meet_in_pairs("b1", elsewhere, 5, 0.5)
    for number in range(OFTEN):
        made.meet("b1", both, 10 + number, feedback)
    return made.rows


def of_unknown_group(feedback: float) -> Rows:
    """Return a programme in which the groups of all but three people are known."""
    made = Organisation(["", "", "", *"x" * 57, *"y" * 120, *"z" * 120])
    made.rows["cohort"] = [row for row in made.rows["cohort"] if row["cohort_id"] != "a2"]
    made.enrol("a1", made.people[:120])
    made.enrol("b1", made.people[120:])
    made.meet_in_pairs("a1", made.people[:120], 5, 0.5)
    made.meet_in_pairs("b1", made.people[120:], 5, 0.5)
    for number in range(OFTEN):
        made.meet("a1", made.people[:3], 10 + number, feedback)
    return made.rows


def in_another_mode(*, of_one_group: bool) -> Rows:
    """Return a cohort that meets in person, but for two people who also meet online."""
    made = Organisation("xyz" * 100)
    parts = made.people[:90], made.people[90:180], made.people[180:]
    for cohort, members in zip(("a1", "a2", "b1"), parts, strict=True):
        made.enrol(cohort, members)
        mode, day = ("in_person" if cohort == "a1" else "online"), 95 if cohort == "a2" else 3
        for number in range(3):
            made.meet_in_pairs(cohort, members, day + 5 * number, 0.5, mode)
    pair = [made.people[0], made.people[3 if of_one_group else 1]]
    for number in range(40):
        made.meet("a1", pair, 20 + number, 0.5)
    return made.rows
