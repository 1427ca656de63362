"""How two courses become canonical tables with cycles: a due date, or a week, is a round.

The data stay outside the product. Open University (OULAD, CC BY 4.0): whoever hands in an
assignment has exchanged something with their tutor, who marks it. A learning-analytics course
(Lopez-Pernas et al. 2024, CC BY 4.0): whoever does group work in a week has met the course.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.real_data.recipes import Tables, _attributes, _people, _rows

STARTS = {"2013J": "2013-10-01", "2014B": "2014-02-01", "2014J": "2014-10-01"}
COURSE_START = "2022-09-05"
DAY, WEEK = pd.Timedelta(days=1), pd.Timedelta(days=7)


def open_university(source: Path) -> Tables:
    """Return students of eight presentations; a tutor-marked assignment is a round."""
    rows = pd.read_csv(source / "enrolments.csv")
    rows["cohort_id"] = rows["code_module"] + "-" + rows["code_presentation"]
    rows["start"] = pd.to_datetime(rows["code_presentation"].map(STARTS))
    rows["student"] = "s" + rows["person_id"].astype(str)
    students = rows.drop_duplicates("student")[["student", "gender"]]
    people = students.set_axis(["person_id", "gender"], axis=1)
    cohorts = rows.drop_duplicates("cohort_id")
    modules = sorted(rows["code_module"].unique())
    tutors = [f"tutor-{code}" for code in cohorts["cohort_id"]]
    return {
        **_people("ou", "Open University", [*people["person_id"], *tutors]),
        **_attributes(people, {"gender": "personal"}),
        "programme": pd.DataFrame(
            {"programme_id": modules, "label": modules, "kind": "mentoring"}
        ),
        "cohort": pd.DataFrame(
            {"cohort_id": cohorts["cohort_id"], "programme_id": cohorts["code_module"],
             "label": cohorts["cohort_id"], "starts_on": _days(cohorts["start"])}
        ),
        "enrolment": _enrolled(rows),
        **_rounds(_assignments(source, rows)),
    }  # fmt: skip


def _days(moments: pd.Series) -> pd.Series:
    return moments.dt.strftime("%Y-%m-%d")


def _enrolled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return enrolments; who left before the first day never started, which is no dropping out."""
    left = rows["date_unregistration"]
    status = left.gt(0).map({True: "withdrawn", False: "active"}).mask(left.le(0), "declined")
    return pd.DataFrame(
        {"cohort_id": rows["cohort_id"], "person_id": rows["student"], "status": status}
    )


def _assignments(source: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Return who was still enrolled when an assignment was due, and whether they handed it in."""
    marks = pd.read_csv(source / "ratings.csv")
    marks = marks[(marks["assessment_type"] == "TMA") & marks["date_due"].notna()]
    keys = ["code_module", "code_presentation"]
    due = marks[[*keys, "id_assessment", "date_due"]].drop_duplicates().sort_values("date_due")
    due["round_no"] = due.groupby(keys).cumcount() + 1
    due["before"] = due.groupby(keys)["date_due"].shift(fill_value=0)
    asked = rows.merge(due, on=keys)
    asked = asked[~(asked["date_unregistration"] <= asked["date_due"])]
    done = marks[["person_id", "id_assessment"]].drop_duplicates().assign(met=True)
    asked = asked.merge(done, on=["person_id", "id_assessment"], how="left")
    return pd.DataFrame(
        {
            "cohort_id": asked["cohort_id"],
            "programme_id": asked["code_module"],
            "person_id": asked["student"],
            "round_no": asked["round_no"],
            "offered_at": asked["start"] + asked["before"] * DAY,
            "due_at": asked["start"] + asked["date_due"] * DAY,
            "met": asked["met"].notna(),
        }
    )


def moodle_course(source: Path) -> Tables:
    """Return learners of one course of seven weeks."""
    people = pd.read_csv(source / "people.csv", keep_default_na=False)
    people["person_id"] = "s" + people["person_id"].astype(str)
    return {
        **_people("uef", "University of Eastern Finland", [*people["person_id"], "tutor-course"]),
        **_attributes(people, {"gender": "personal", "location": "plain"}),
        "programme": _rows(programme_id="course", label="Learning analytics", kind="mentoring"),
        "cohort": _rows(
            cohort_id="course", programme_id="course", label="Learning analytics",
            starts_on=COURSE_START,
        ),
        "enrolment": pd.DataFrame(
            {"cohort_id": "course", "person_id": people["person_id"], "status": "active"}
        ),
        **_rounds(_weeks(source, people["person_id"])),
    }  # fmt: skip


def _weeks(source: Path, people: pd.Series) -> pd.DataFrame:
    rows = pd.read_csv(source / "weekly_activity.csv")
    together = rows[rows["action"] == "Group_work"]
    active = {(f"s{row.person_id}", row.week) for row in together.itertuples()}
    every = people.to_frame("person_id").merge(pd.DataFrame({"week": range(7)}), how="cross")
    start = pd.Timestamp(COURSE_START)
    return pd.DataFrame(
        {
            "cohort_id": "course",
            "programme_id": "course",
            "person_id": every["person_id"],
            "round_no": every["week"] + 1,
            "offered_at": start + every["week"] * WEEK,
            "due_at": start + every["week"] * WEEK + 6 * DAY,
            "met": [(row.person_id, row.week) in active for row in every.itertuples()],
        }
    )


def _rounds(turns: pd.DataFrame) -> Tables:
    """Return a match of each learner with the tutor of the cohort in each round they were in."""
    keys = [f"m{number:05d}" for number in range(len(turns))]
    tutor = "tutor-" + turns["cohort_id"]
    met = turns["met"].to_numpy()
    seats = [
        pd.DataFrame({"match_id": keys, "person_id": who.to_numpy(), "role": role, "slot": slot,
                      "attended": ["yes" if came else "unknown" for came in met]})
        for slot, (who, role) in enumerate(
            ((turns["person_id"], "mentee"), (tutor, "mentor")), 1
        )
    ]  # fmt: skip
    both = pd.concat(seats, ignore_index=True)
    return {
        "match": pd.DataFrame(
            {"match_id": keys, "cohort_id": turns["cohort_id"].to_numpy(),
             "round_no": turns["round_no"].to_numpy(), "status": "active",
             "offered_at": _instants(turns["offered_at"])}
        ),
        "match_member": both[["match_id", "person_id", "role"]],
        "conversation": pd.DataFrame(
            {"conversation_id": keys, "programme_id": turns["programme_id"].to_numpy(),
             "cohort_id": turns["cohort_id"].to_numpy(), "match_id": keys,
             "scheduled_start_at": _instants(turns["due_at"]), "evidence": "platform_marked",
             "status": ["completed" if came else "no_show" for came in met]}
        ),
        "conversation_participant": both.rename(columns={"match_id": "conversation_id"})[
            ["conversation_id", "slot", "person_id", "role", "attended"]
        ],
    }  # fmt: skip


def _instants(moments: pd.Series) -> list[str]:
    return list(moments.dt.strftime("%Y-%m-%dT12:00:00Z"))
