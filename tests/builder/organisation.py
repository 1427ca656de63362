"""A small organisation with groups of every kind, and its connection counted in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine, create_engine

from builder.build import compute
from release.contents import Contents
from settings import Settings
from tests.store import by_hand
from tests.store.small_organisation import Rows, fill, make_rows

PEOPLE = 300
LATER = 35
SITES = {"north": 130, "south": 90, "east": 53, "hill": 9, "mill": 9, "quay": 9}
"""Three sites that are too small each and form a union."""
UNION = {"hill": "other_groups", "mill": "other_groups", "quay": "other_groups"}
GRADES = {"junior": 160, "senior": 136, "intern": 4}
"""Four interns: too small to show, and beside groups too large to join them."""
BADGES = {"blue": 296, "red": 4}
BELIEFS = {"b1": 120, "b2": 100, "b3": 80}
LEFT_OUT = {"intern": "unknown"}
UNKNOWN = ("unknown", "not said")


def organisation_rows(seed: int = 11) -> Rows:
    """Return the rows of the small organisation with a later round and four more attributes."""
    rows = make_rows(seed, PEOPLE)
    _move_last_round(rows)
    for code, values, sensitivity in (
        ("site", SITES, "plain"),
        ("grade", GRADES, "plain"),
        ("badge", BADGES, "plain"),
        ("belief", BELIEFS, "special"),
    ):
        _add_attribute(rows, code, values, sensitivity)
    return rows


def _move_last_round(rows: Rows) -> None:
    """Move the third round of each cohort into the second quarter, with all that came of it."""
    later = timedelta(days=LATER)
    moved = [row for row in rows["match"] if row["round_no"] == 3]
    matches = {row["match_id"] for row in moved}
    talks = [row for row in rows["conversation"] if row["match_id"] in matches]
    for row in moved:
        row["offered_at"] += later
    for row in talks:
        row["scheduled_start_at"] += later


def _add_attribute(rows: Rows, code: str, values: dict[str, int], sensitivity: str) -> None:
    rows["attribute_def"].append(
        {"attribute_code": code, "label": code, "kind": "category", "multi": False, "sort": 0,
         "sensitivity": sensitivity}
    )  # fmt: skip
    rows["attribute_value_def"] += [
        {"attribute_code": code, "value_code": value, "label": value.title(), "sort": sort}
        for sort, value in enumerate(values)
    ]
    held = [value for value, people in values.items() for _ in range(people)]
    # turned by a step without common factor, so that attributes do not run in parallel
    step = {"site": 7, "grade": 11, "badge": 13, "belief": 17}[code]
    for number, person in enumerate(rows["person"]):
        rows["person_attribute"].append(
            {"person_id": person["person_id"], "attribute_code": code, "state": "given",
             "valid_from": date(2020, 1, 1), "value_code": held[number * step % PEOPLE],
             "asserted_by": "hr"}
        )  # fmt: skip


def without(rows: Rows, *tables: str) -> Rows:
    """Return the rows as of an organisation that does not record these tables."""
    return {name: [] if name in tables else part for name, part in rows.items()}


def with_attributes(rows: Rows, *attributes: str) -> Rows:
    """Return the rows as of an organisation that records these attributes alone."""
    return {
        name: [row for row in part if row.get("attribute_code", attributes[0]) in attributes]
        for name, part in rows.items()
    }


def filled_engine(rows: Rows, url: str = "sqlite://") -> Engine:
    """Return a store that holds the rows; in memory unless a URL is given."""
    engine = create_engine(url)
    fill(engine, rows)
    return engine


def computed(engine: Engine, **changes: object) -> Contents:
    """Return the contents of a release of this store."""
    with engine.connect() as connection:
        return compute(connection, Settings(home=Path("unused"), **changes))


@dataclass(frozen=True)
class Met:
    """One completed pairing with the published groups of both people."""

    stratum: tuple
    programme: str
    cohort: str
    period: str
    people: tuple[str, str]
    groups: tuple[str, str]
    weight: float

    @property
    def is_known(self) -> bool:
        return not set(UNKNOWN) & set(self.groups)

    @property
    def crosses(self) -> bool:
        return self.groups[0] != self.groups[1]


def met(rows: Rows, attribute: str) -> list[Met]:
    """Return all completed pairings, with groups of the attribute as they are published."""
    values = {
        row["person_id"]: row["value_code"]
        for row in rows["person_attribute"]
        if row["attribute_code"] == attribute
    }
    found = []
    for pairing in by_hand.pairings(rows):
        if not pairing["completed"]:
            continue
        people = (pairing["a"], pairing["b"])
        # by_hand knows the two attributes that change with time; the others never do
        held = pairing["groups"].get(attribute) or tuple(values[person] for person in people)
        published = tuple((UNION | LEFT_OUT).get(group, group) for group in held)
        quarter = f"{pairing['quarter'] // 4}-Q{pairing['quarter'] % 4 + 1}"
        found.append(
            Met(pairing["stratum"], pairing["programme"], pairing["cohort"], quarter, people,
                published, pairing["weight"])
        )  # fmt: skip
    return found


def inside(pairings: Iterable[Met], slice_: str, period: str) -> list[Met]:
    """Return the pairings of known groups in one slice and period."""
    kind, _, code = slice_.partition("=")
    return [
        pairing
        for pairing in pairings
        if pairing.is_known
        and period in ("all", pairing.period)
        and (not code or getattr(pairing, kind) == code)
    ]


def ends(pairings: Iterable[Met]) -> Iterator[tuple[Met, str, str, str]]:
    """Yield both ends of each pairing: pairing, person, own group, partner's group."""
    for pairing in pairings:
        (one, other), (own, partner) = pairing.people, pairing.groups
        yield pairing, one, own, partner
        yield pairing, other, partner, own


def share_by_hand(pairings: list[Met], group: str) -> float:
    """Return the weighted share that crosses, of all pairings or of one group's contacts."""
    counted = [
        (pairing.weight, own != partner)
        for pairing, _, own, partner in ends(pairings)
        if group in ("all", own)
    ]
    return sum(weight for weight, out in counted if out) / sum(weight for weight, _ in counted)


def expected_by_hand(pairings: list[Met], group: str) -> float:
    """Return the share under a lottery: every seat beside every seat of somebody else, in turn."""
    seats = defaultdict(list)
    for pairing, person, own, _ in ends(pairings):
        seats[pairing.stratum].append((person, own, pairing.weight))
    crossing = total = 0.0
    for stratum in seats.values():
        out = possible = 0
        for person, own, _ in stratum:
            for partner, other, _ in stratum:
                if person != partner and group in ("all", own):
                    possible += 1
                    out += own != other
        weight = sum(weight for _, own, weight in stratum if group in ("all", own))
        crossing += weight * out / possible if possible else 0
        total += weight
    return crossing / total


def people_by_hand(pairings: list[Met], group: str) -> int:
    """Return the distinct people with a contact, of everybody or of one group."""
    return len({person for _, person, own, _ in ends(pairings) if group in ("all", own)})
