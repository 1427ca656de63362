"""A small random organisation as plain Python rows, to compare SQL with arithmetic done by hand."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, insert

from schema import CANONICAL, METADATA
from store.stamping import stamp

Rows = dict[str, list[dict[str, object]]]


def make_rows(seed: int, people: int = 40) -> Rows:
    """Return canonical rows: two programmes, three cohorts, two attributes, four months."""
    draw = random.Random(seed)
    ids = [f"p{number:03d}" for number in range(people)]
    rows: Rows = {
        "person": [{"person_id": person, "kind": "employee"} for person in ids],
        "attribute_def": [
            _attribute("function", False),
            _attribute("origin", True),
        ],
        "attribute_value_def": [
            {"attribute_code": code, "value_code": value, "label": value.title(), "sort": sort}
            for code, values in (("function", "xyz"), ("origin", "uvw"))
            for sort, value in enumerate(values)
        ],
        "programme": [
            {"programme_id": code, "label": code.title(), "kind": "peer_learning",
             "cross_company": False}
            for code in ("alpha", "beta")
        ],
        "cohort": [
            _cohort("a1", "alpha"), _cohort("a2", "alpha"), _cohort("b1", "beta")
        ],
    }  # fmt: skip
    rows["person_attribute"] = [row for person in ids for row in _attributes_of(person, draw)]
    rows["enrolment"] = [
        {"cohort_id": cohort, "person_id": person, "status": "active"}
        for cohort in ("a1", "a2", "b1")
        for person in draw.sample(ids, people // 2)
    ]
    _add_meetings(rows, draw)
    return rows


def _attribute(code: str, multi: bool) -> dict[str, object]:
    return {"attribute_code": code, "label": code, "kind": "category", "multi": multi, "sort": 0,
            "sensitivity": "plain"}  # fmt: skip


def _cohort(code: str, programme: str) -> dict[str, object]:
    return {"cohort_id": code, "programme_id": programme, "label": code.upper(),
            "starts_on": date(2026, 1, 1), "ends_on": date(2026, 4, 30),
            "arm": "delivered"}  # fmt: skip


def _attributes_of(person: str, draw: random.Random) -> list[dict[str, object]]:
    first = {"person_id": person, "attribute_code": "function", "state": "given",
             "valid_from": date(2020, 1, 1), "value_code": draw.choice("xyz"),
             "asserted_by": "hr"}  # fmt: skip
    rows = [first]
    if draw.random() < 0.3:
        turn = date(2026, draw.choice((2, 3)), 10)
        rows = [
            first | {"valid_to": turn},
            first | {"valid_from": turn, "value_code": draw.choice("xyz")},
        ]
    state = draw.choices(("given", "prefer_not_to_say", "none"), (0.8, 0.1, 0.1))[0]
    common = {"person_id": person, "attribute_code": "origin", "valid_from": date(2020, 1, 1),
              "asserted_by": "self"}  # fmt: skip
    if state == "given":
        chosen = draw.sample("uvw", draw.choice((1, 1, 1, 2)))
        rows += [common | {"value_code": value, "state": "given"} for value in chosen]
    elif state == "prefer_not_to_say":
        rows.append(common | {"value_code": "", "state": state})
    return rows


def _add_meetings(rows: Rows, draw: random.Random) -> None:
    for table in ("match", "match_member", "match_pool", "conversation",
                  "conversation_participant", "instrument", "response"):  # fmt: skip
        rows[table] = []
    rows["instrument"].append(
        {"instrument_id": "i", "label": "After", "version": "1", "kind": "post_conversation",
         "identity": "pseudonymous"}
    )  # fmt: skip
    for cohort, programme in (("a1", "alpha"), ("a2", "alpha"), ("b1", "beta")):
        members = [row["person_id"] for row in rows["enrolment"] if row["cohort_id"] == cohort]
        for round_no in (1, 2, 3):
            _add_round(rows, draw, cohort, programme, round_no, members)
    for _ in range(15):
        talkers = draw.sample([row["person_id"] for row in rows["person"]], draw.choice((2, 3, 4)))
        _add_conversation(rows, draw, "beta", None, None, talkers, draw.randrange(1, 118))


def _add_round(rows, draw, cohort, programme, round_no, members) -> None:
    pools = {person: draw.choice(("north", "south")) for person in members}
    if cohort == "a1":
        rows["match_pool"] += [
            {"cohort_id": cohort, "round_no": round_no, "person_id": person, "pool_code": pool}
            for person, pool in pools.items()
        ]
    for pool in ("north", "south"):
        inside = [person for person in members if pools[person] == pool]
        draw.shuffle(inside)
        while len(inside) >= 2:
            size = 3 if len(inside) >= 3 and draw.random() < 0.2 else 2
            together = [inside.pop() for _ in range(size)]
            key = f"m{len(rows['match'])}"
            day = 30 * (round_no - 1) + draw.randrange(1, 8)
            rows["match"].append(
                {"match_id": key, "cohort_id": cohort, "round_no": round_no, "status": "active",
                 "offered_at": _moment(day)}
            )  # fmt: skip
            rows["match_member"] += [
                {"match_id": key, "person_id": person, "role": "peer"} for person in together
            ]
            for _ in range(draw.choice((0, 1, 1, 2))):
                later = day + draw.randrange(1, 21)
                _add_conversation(rows, draw, programme, cohort, key, together, later)


def _add_conversation(rows, draw, programme, cohort, match, people, day) -> None:
    key = f"c{len(rows['conversation'])}"
    status = draw.choices(("completed", "no_show", "cancelled"), (0.7, 0.2, 0.1))[0]
    rows["conversation"].append(
        {"conversation_id": key, "programme_id": programme, "cohort_id": cohort,
         "match_id": match, "scheduled_start_at": _moment(day), "tz": "America/New_York",
         "status": status, "evidence": "one_reported", "mode": "online"}
    )  # fmt: skip
    for slot, person in enumerate(people, 1):
        known = person if draw.random() > 0.05 else None
        rows["conversation_participant"].append(
            {"conversation_id": key, "slot": slot, "person_id": known, "role": "peer",
             "attended": draw.choices(("yes", "no", "unknown"), (0.7, 0.05, 0.25))[0]}
        )  # fmt: skip
        if known and status == "completed" and draw.random() < 0.6:
            rows["response"].append(
                {"response_id": f"r{len(rows['response'])}", "instrument_id": "i",
                 "person_id": known, "conversation_id": key, "submitted_at": _moment(day + 1)}
            )  # fmt: skip


def _moment(day: int) -> datetime:
    return datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=day - 1)


def fill(engine: Engine, rows: Rows) -> None:
    """Write the rows into an empty store and derive the facts."""
    METADATA.create_all(engine)
    with engine.begin() as connection:
        for table, wanted in rows.items():
            columns = [column.name for column in CANONICAL[table].c]
            complete = [
                {name: row.get(name) for name in columns} | {"run_id": "run", "row_hash": "hash"}
                for row in wanted
            ]
            if complete:
                connection.execute(insert(CANONICAL[table]), complete)
        stamp(connection)
