"""How weekly activity and hand-ins become sums of behaviour: a week or a due date is a cycle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

Sums = dict[str, np.ndarray]
OTHERS = ("dates", "held", "dates_usual", "dates_chance", "pairings", "partners")


def sums_of(active: np.ndarray, also: np.ndarray) -> Sums:
    """Return the sums of people in one cohort.

    ``active`` tells who did something in which cycle, shape (P, C); ``also`` who then also did the
    thing that stands for feedback.
    """
    people, cycles = active.shape
    usual = active.mean(axis=0)
    late = np.arange(1, cycles + 1) * 2 > cycles
    left = np.cumsum(usual[::-1])[::-1]
    since = np.append(left, 0.0)[[
        row.nonzero()[0].max(initial=-1) + 1 for row in active
    ]]  # fmt: skip
    given = (also & active).sum(axis=0) / np.maximum(active.sum(axis=0), 1)
    sums = {
        "cycles": np.full(people, cycles),
        "met": active.sum(axis=1),
        "usual": np.full(people, usual.sum()),
        "chance": np.full(people, (usual * (1 - usual)).sum()),
        "late_cycles": np.full(people, late.sum()),
        "late_met": active[:, late].sum(axis=1),
        "late_usual": np.full(people, usual[late].sum()),
        "late_chance": np.full(people, (usual * (1 - usual))[late].sum()),
        "silence": since,
        "seats": active.sum(axis=1),
        "feedbacks": (also & active).sum(axis=1),
        "feedback_usual": active @ given,
        "feedback_chance": active @ (given * (1 - given)),
    }
    zeros = dict.fromkeys(OTHERS, np.zeros(people))
    return {name: np.asarray(values, dtype=float) for name, values in (sums | zeros).items()}


def moodle_weeks(source: Path) -> Sums:
    """Return learners by week; who worked with the group in a week gave "feedback"."""
    rows = pd.read_csv(source / "weekly_activity.csv")
    rows["group"] = rows["n"].where(rows["action"] == "Group_work", 0)
    table = rows.pivot_table(
        index="person_id", columns="week", values=["n", "group"], aggfunc="sum", fill_value=0
    )
    return sums_of(table["n"].to_numpy() > 0, table["group"].to_numpy() > 0)


def open_university_hand_ins(source: Path) -> Sums:
    """Return enrolments by due date; who handed in on time gave "feedback"."""
    marks = pd.read_csv(source / "ratings.csv")
    marks = marks[marks["date_due"].notna()]
    who = pd.read_csv(source / "enrolments.csv")
    who = who[who["date_unregistration"].isna() | (who["date_unregistration"] > 0)]
    parts = []
    for course, own in marks.groupby(["code_module", "code_presentation"]):
        there = who[(who["code_module"] == course[0]) & (who["code_presentation"] == course[1])]
        people = there["person_id"].drop_duplicates()
        done, on_time = (
            part.pivot_table(index="person_id", columns="id_assessment", values="weight",
                             aggfunc="size", fill_value=0)
            .reindex(index=people, columns=sorted(own["id_assessment"].unique()), fill_value=0)
            .to_numpy()
            > 0
            for part in (own, own[own["date_submitted"] <= own["date_due"]])
        )  # fmt: skip
        parts.append(sums_of(done, on_time))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
