"""How two public data sets become canonical tables: worked examples for docs/own-data.md.

The data stay outside the product. Open Seeds (OLS, CC BY 4.0) is a mentoring programme; Digital
Learning Transition (Kellogg & Edelmann 2015, CC0) a course whose learners answer each other.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

Tables = dict[str, pd.DataFrame]

LONG_AGO = "2000-01-01"
OPEN_SEEDS_COHORTS = {
    # first and last month of each cohort, from the programme's public calendar
    1: ("2020-01-20", "2020-05-15"),
    2: ("2020-09-07", "2020-12-18"),
    3: ("2021-02-01", "2021-06-11"),
    4: ("2021-09-06", "2021-12-17"),
}


def open_seeds(source: Path) -> Tables:
    """Return mentors and mentees of four cohorts; a tie is one pairing that took place."""
    people = pd.read_csv(source / "people.csv", dtype=str, keep_default_na=False)
    roles = pd.read_csv(source / "participation.csv", dtype=str)
    ties = pd.read_csv(source / "ties.csv", dtype=str)
    ties = ties[ties["from_id"] != ties["to_id"]].drop_duplicates(["cohort", "from_id", "to_id"])
    ids = sorted({*people["person_id"], *roles["person_id"], *ties["from_id"], *ties["to_id"]})
    keys = [f"tie-{number:03d}" for number in range(len(ties))]
    cohorts = ["cohort-" + number for number in ties["cohort"]]
    started = [OPEN_SEEDS_COHORTS[int(number)][0] + "T12:00:00Z" for number in ties["cohort"]]
    return {
        **_people("ols", "Open Life Science", ids),
        **_attributes(people, {"gender": "personal", "continent": "plain"}),
        "programme": _rows(programme_id="open-seeds", label="Open Seeds", kind="mentoring"),
        "cohort": pd.DataFrame(
            [
                {"cohort_id": f"cohort-{number}", "programme_id": "open-seeds",
                 "label": f"Cohort {number}", "starts_on": first, "ends_on": last}
                for number, (first, last) in OPEN_SEEDS_COHORTS.items()
            ]
        ),
        "enrolment": pd.DataFrame(
            {"cohort_id": "cohort-" + roles["cohort"], "person_id": roles["person_id"],
             "status": "active"}
        ).drop_duplicates(),
        "match": pd.DataFrame(
            {"match_id": keys, "cohort_id": cohorts, "round_no": 1, "offered_at": started,
             "status": "ended"}
        ),
        "match_member": _seats(keys, ties, "match_id", roles=("mentor", "mentee")),
        "conversation": pd.DataFrame(
            {"conversation_id": keys, "programme_id": "open-seeds", "cohort_id": cohorts,
             "match_id": keys, "scheduled_start_at": started, "status": "completed",
             "evidence": "platform_marked"}
        ),
        "conversation_participant": _seats(keys, ties, "conversation_id", slots=True),
    }  # fmt: skip


def digital_learning(source: Path) -> Tables:
    """Return a course in which every reply to somebody else is a conversation of two."""
    people = pd.read_csv(source / "people.csv", dtype=str, keep_default_na=False)
    events = pd.read_csv(source / "events.csv", dtype=str)
    events = events[events["from_id"] != events["to_id"]].reset_index(drop=True)
    keys = [f"reply-{number:04d}" for number in range(len(events))]
    # the file has no zone; the course was run in North Carolina
    times = pd.to_datetime(events["time"]).dt.tz_localize("America/New_York")
    kept = {"gender": "personal", "region": "plain", "role": "plain", "experience_level": "plain",
            "discussion_group": "plain"}  # fmt: skip
    return {
        **_people("mooced", "MOOC-Ed", sorted(people["person_id"])),
        **_attributes(people, kept),
        "programme": _rows(
            programme_id="dlt1", label="Digital Learning Transition", kind="peer_learning"
        ),
        "conversation": pd.DataFrame(
            {"conversation_id": keys, "programme_id": "dlt1",
             "actual_start_at": [moment.isoformat() for moment in times],
             "tz": "America/New_York", "status": "completed", "evidence": "platform_marked",
             "mode": "online"}
        ),
        "conversation_participant": _seats(keys, events, "conversation_id", slots=True),
    }  # fmt: skip


def write(tables: Tables, folder: Path) -> Path:
    """Write the tables as a canonical folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


def _rows(**values: object) -> pd.DataFrame:
    return pd.DataFrame([values])


def _people(code: str, label: str, ids: list[str]) -> Tables:
    return {
        "organisation": _rows(org_id=code, label=label, tz="UTC"),
        "person": pd.DataFrame({"person_id": ids, "home_org_id": code, "kind": "external"}),
    }


def _attributes(people: pd.DataFrame, kept: dict[str, str]) -> Tables:
    """Return the attributes kept; an empty cell means that nobody knows, and gets no row."""
    values = people.melt("person_id", list(kept), "attribute_code", "value_code")
    values = values[~values["value_code"].isin(["", "NA"])]
    listed = values[["attribute_code", "value_code"]].drop_duplicates().sort_values(
        ["attribute_code", "value_code"]
    )  # fmt: skip
    return {
        "attribute_def": pd.DataFrame(
            {"attribute_code": code, "label": code.replace("_", " "), "sensitivity": sensitivity,
             "sort": number}
            for number, (code, sensitivity) in enumerate(kept.items())
        ),
        "attribute_value_def": listed.assign(
            label=listed["value_code"].str.replace("_", " ").str.capitalize()
        ),
        "person_attribute": values.assign(valid_from=LONG_AGO, state="given", asserted_by="self"),
    }  # fmt: skip


def _seats(
    keys: list[str],
    ties: pd.DataFrame,
    key: str,
    *,
    roles: tuple[str, str] | None = None,
    slots: bool = False,
) -> pd.DataFrame:
    """Return two rows per tie, one for each end."""
    parts = []
    for number, column in enumerate(("from_id", "to_id")):
        part = pd.DataFrame({key: keys, "person_id": ties[column].to_numpy()})
        if roles:
            part["role"] = roles[number]
        if slots:
            part["slot"] = number + 1
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
