"""The same aggregates in plain Python over the same rows: slow, obvious, and sharing no code."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

Pairing = dict[str, object]
DAY = timedelta(days=1)


def pairings(rows) -> list[Pairing]:
    """Return one record per two people, cycle, cohort and programme, with groups at that time."""
    found: dict[tuple, dict] = {}
    programme_of = {row["cohort_id"]: row["programme_id"] for row in rows["cohort"]}
    match_of = {row["match_id"]: row for row in rows["match"]}
    members = defaultdict(list)
    for row in rows["match_member"]:
        members[row["match_id"]].append(row["person_id"])
    for match in rows["match"]:
        people = members[match["match_id"]]
        for pair in combinations(sorted(people), 2):
            key = (programme_of[match["cohort_id"]], match["cohort_id"], match["round_no"], *pair)
            record = found.setdefault(key, _fresh())
            record["matched"] = 1
            record["events"].append((match["offered_at"], _quarter(match["offered_at"], "UTC"), 0))
            record["weights"].append(1 / (len(people) - 1))
    seats = defaultdict(list)
    for row in rows["conversation_participant"]:
        seats[row["conversation_id"]].append(row)
    for talk in rows["conversation"]:
        start, match = talk["scheduled_start_at"], match_of.get(talk["match_id"])
        local = start.astimezone(ZoneInfo(talk["tz"]))
        cycle = match["round_no"] if match else 100_000 + local.year * 12 + local.month - 1
        places = seats[talk["conversation_id"]]
        known = [seat for seat in places if seat["person_id"]]
        for one, other in combinations(sorted(known, key=lambda seat: seat["person_id"]), 2):
            key = (talk["programme_id"], talk["cohort_id"] or "", cycle,
                   one["person_id"], other["person_id"])  # fmt: skip
            record = found.setdefault(key, _fresh())
            held = talk["status"] == "completed" and "no" not in (
                one["attended"],
                other["attended"],
            )
            record["scheduled"] = 1
            place = (talk.get("mode"), talk.get("topic_code"), distance(rows, places, start))
            record["talks"].append((not held, start, *place))
            record["events"].append((start, _quarter(start, talk["tz"]), int(held)))
            record["weights"].append(1 / (len(places) - 1))
    return _finish(found, rows)


def _fresh() -> dict:
    return {"matched": 0, "scheduled": 0, "events": [], "weights": [], "talks": []}


def _quarter(moment: datetime, zone: str) -> int:
    local = moment.astimezone(ZoneInfo(zone))
    return (local.year * 12 + local.month - 1) // 3


def _finish(found, rows) -> list[Pairing]:
    pool = {
        (row["cohort_id"], row["round_no"], row["person_id"]): row["pool_code"]
        for row in rows["match_pool"]
    }
    done = []
    for (programme, cohort, cycle, one, other), record in found.items():
        held = [moment for moment, _, completed in record["events"] if completed]
        moment = min(held or [moment for moment, _, _ in record["events"]])
        pools = {pool.get((cohort, cycle, person)) for person in (one, other)}
        done.append({
            "programme": programme, "cohort": cohort, "cycle": cycle, "a": one, "b": other,
            "quarter": min(quarter for _, quarter, _ in record["events"]),
            "pool": pools.pop() if len(pools) == 1 and None not in pools else "across",
            "weight": max(record["weights"]), "matched": record["matched"],
            "scheduled": record["scheduled"],
            "place": min(record["talks"], key=lambda talk: talk[:2], default=())[2:],
            "planned": min(record["talks"], key=lambda talk: talk[1], default=())[2:],
            "completed": int(len(held) > 0), "continued": int(len(held) > 1),
            "groups": {code: tuple(group_at(rows, person, code, moment) for person in (one, other))
                       for code in ("function", "origin")},
        })  # fmt: skip
    return _settle_strata(done)


def _settle_strata(done: list[Pairing]) -> list[Pairing]:
    rounds = defaultdict(list)
    for pairing in done:
        rounds[pairing["programme"], pairing["cohort"], pairing["cycle"]].append(pairing)
    for key, together in rounds.items():
        first = min(pairing["quarter"] for pairing in together)
        crossed = any(pairing["pool"] == "across" for pairing in together)
        for pairing in together:
            pairing["quarter"] = first
            pairing["stratum"] = (*key, "across" if crossed else pairing["pool"])
    return done


def distance(rows, seats, moment: datetime) -> str | None:
    """Return the band of the largest difference on the clock; None where a zone is not known."""
    zones = {
        (row["attribute_code"], row["value_code"]): ZoneInfo(row["tz"])
        for row in rows["attribute_value_def"]
        if row.get("tz")
    }
    attributes = {attribute for attribute, _ in zones}
    if not attributes:
        return None
    (attribute,) = attributes
    lived = [
        zones.get((attribute, group_at(rows, seat["person_id"], attribute, moment)))
        for seat in seats
    ]
    if None in lived:
        return None
    clocks = [moment.astimezone(zone).replace(tzinfo=None) for zone in lived]
    hours = [
        min((one - other) % DAY, (other - one) % DAY) / timedelta(hours=1)
        for one, other in combinations(clocks, 2)
    ]
    furthest = max(hours)
    if furthest == 0:
        return "hours_0"
    return "hours_under_4" if furthest < 4 else "hours_4_to_6" if furthest < 7 else "hours_7_up"


def group_at(rows, person: str, attribute: str, moment: datetime) -> str:
    """Return the value in force, "several", "not said" or "unknown"."""
    held = [
        row for row in rows["person_attribute"]
        if row["person_id"] == person and row["attribute_code"] == attribute
        and row["valid_from"] <= moment.date()
        and moment.date() < row.get("valid_to", date(9999, 12, 31))
    ]  # fmt: skip
    given = [row["value_code"] for row in held if row["state"] == "given"]
    if len(given) > 1:
        return "several"
    if given:
        return given[0]
    return "not said" if held else "unknown"


def mixing(done, attribute: str, stage: str) -> Counter:
    """Count weighted pairings by (stratum, quarter, group a, group b)."""
    counted: Counter = Counter()
    for pairing in done:
        if pairing[stage]:
            key = (pairing["stratum"], pairing["quarter"], *pairing["groups"][attribute])
            counted[key] += pairing["weight"]
    return counted


def stubs(done, attribute: str, stage: str) -> list[tuple[Pairing, str, str, str, float]]:
    """Return both ends of each pairing with known groups: pairing, person, own, partner, weight."""
    ends = []
    for pairing in done:
        groups = pairing["groups"][attribute]
        if pairing[stage] and not {"unknown", "not said"} & set(groups):
            ends.append((pairing, pairing["a"], groups[0], groups[1], pairing["weight"]))
            ends.append((pairing, pairing["b"], groups[1], groups[0], pairing["weight"]))
    return ends
