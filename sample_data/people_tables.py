"""The canonical tables about people: organisations, spells, and attributes with their history."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data.columns import END, NO_DAY, START, Whole, canonical, days, pick, rows, same
from sample_data.people import (
    ETHNICITIES,
    FUNCTIONS,
    GENDERS,
    LOCATIONS,
    NOT_SAID,
    ORGANISATIONS,
    SENIORITIES,
    TENURES,
    UNKNOWN,
    ZONES,
    People,
)
from schema.tables import VALUE_STATES

LABELS = {
    "south_asian": "South Asian",
    "east_asian": "East Asian",
    "hispanic_latino": "Hispanic or Latino",
    "middle_eastern": "Middle Eastern or North African",
    "product": "Product and design",
    "service": "Customer service",
    "people": "People and culture",
    "nonbinary": "Non-binary",
    "under_2": "Under 2 years",
    "2_to_5": "2 to 5 years",
    "5_to_10": "5 to 10 years",
    "over_10": "Over 10 years",
    "halden-moor": "Halden & Moor",
    "fennick": "Fennick Ferry Works",
}
ATTRIBUTES = (
    ("function", "function", "category", False, "plain", FUNCTIONS),
    ("seniority", "seniority", "ordinal", False, "plain", SENIORITIES),
    ("location", "location", "category", False, "plain", LOCATIONS),
    ("tenure", "tenure in the profession", "ordinal", False, "plain", TENURES),
    ("company", "company", "category", False, "plain", ORGANISATIONS),
    ("gender", "gender", "category", False, "personal", GENDERS),
    ("ethnicity", "ethnicity", "category", True, "special", ETHNICITIES),
)

ZONE_OF = dict(zip(LOCATIONS, ZONES, strict=True))

RETURNED = 0.02
LEAVE_REASONS = ("voluntary", "involuntary", "end_of_contract", "retirement", "other")
LEAVE_REASON_SHARE = (0.66, 0.12, 0.10, 0.07, 0.05)


def people_tables(rng: np.random.Generator, people: People) -> dict[str, pd.DataFrame]:
    """Return the canonical tables about people."""
    return {
        "organisation": rows(
            "organisation",
            ("org_id", "label", "tz", "is_external"),
            [
                (code, f"{LABELS[code]}, invented", ZONES[0], code != ORGANISATIONS[0])
                for code in ORGANISATIONS
            ],
        ),
        "person": _person(people),
        "employment_spell": _spells(rng, people),
        "attribute_def": rows(
            "attribute_def",
            ("attribute_code", "label", "kind", "multi", "sensitivity", "sort"),
            [(*attribute[:5], number) for number, attribute in enumerate(ATTRIBUTES, start=1)],
        ),
        "attribute_value_def": rows(
            "attribute_value_def",
            ("attribute_code", "value_code", "label", "sort", "tz"),
            [
                (
                    code,
                    value,
                    LABELS.get(value, value.replace("_", " ").capitalize()),
                    number,
                    ZONE_OF.get(value),
                )
                for code, *_, values in ATTRIBUTES
                for number, value in enumerate(values, start=1)
            ],
        ),
        "person_attribute": _person_attributes(people),
    }


def _person(people: People) -> pd.DataFrame:
    kind = np.where(people.partner, 2, np.where(people.contractor, 1, 0))
    return canonical(
        "person",
        {
            "person_id": people.keys,
            "home_org_id": pick(ORGANISATIONS, people.partner.astype(np.int64)),
            "kind": pick(("employee", "contractor", "external"), kind),
        },
    )


def _spells(rng: np.random.Generator, people: People) -> pd.DataFrame:
    """Return spells; a few people were here once before."""
    count = len(people)
    returned = np.flatnonzero((rng.random(count) < RETURNED) & (people.hired_on < START))
    everybody = np.arange(count)
    number = np.ones(count, np.int64)
    number[returned] = 2
    earlier_end = people.hired_on[returned] - rng.integers(200, 900, len(returned))
    reason = rng.choice(len(LEAVE_REASONS), count, p=LEAVE_REASON_SHARE)
    reason = np.where(people.left_on == NO_DAY, -1, reason)
    frame = canonical(
        "employment_spell",
        {
            "person_id": people.keys.take(np.concatenate([everybody, returned])),
            "spell_no": np.concatenate([number, np.ones(len(returned), np.int64)]),
            "hired_on": days(
                np.concatenate(
                    [people.hired_on, earlier_end - rng.integers(200, 1500, len(returned))]
                )
            ),
            "left_on": days(np.concatenate([people.left_on, earlier_end])),
            "leave_reason": pick(
                LEAVE_REASONS, np.concatenate([reason, np.zeros(len(returned), np.int64)])
            ),
        },
    )
    return frame.sort_values(["person_id", "spell_no"], ignore_index=True)


def _person_attributes(people: People) -> pd.DataFrame:
    function = np.where(people.function_known, people.function, UNKNOWN)
    later = np.where(people.function_known, people.function_later, UNKNOWN)
    parts = [
        _attribute(people, "function", function, later),
        _attribute(people, "seniority", people.seniority, people.seniority_later),
        _attribute(people, "location", people.location),
        _attribute(people, "tenure", people.tenure),
        _attribute(people, "company", people.partner.astype(np.int64)),
        _attribute(people, "gender", people.gender),
        _attribute(people, "ethnicity", people.ethnicity),
        _second_values(people),
    ]
    return pd.concat(parts, ignore_index=True)


def _attribute(people: People, code: str, value: Whole, later: Whole | None = None) -> pd.DataFrame:
    """Return one attribute of everybody; where it changes, the first row closes and one opens."""
    changes = np.zeros(len(people), bool) if later is None else later != value
    changes &= people.changes_on < END
    changed = np.flatnonzero(changes)
    closes_on = np.where(changes, people.changes_on, NO_DAY)
    first = _values(people, code, np.arange(len(people)), value, people.hired_on, closes_on)
    if later is None:
        return first
    open_on, never = people.changes_on[changed], np.full(len(changed), NO_DAY)
    second = _values(people, code, changed, later[changed], open_on, never)
    return pd.concat([first, second], ignore_index=True)


def _second_values(people: People) -> pd.DataFrame:
    person = np.flatnonzero(people.second_ethnicity >= 0)
    value = people.second_ethnicity[person]
    never = np.full(len(person), NO_DAY)
    return _values(people, "ethnicity", person, value, people.hired_on[person], never)


def _values(
    people: People, code: str, person: Whole, value: Whole, valid_from: Whole, valid_to: Whole
) -> pd.DataFrame:
    """Return rows of one attribute; a key column cannot be empty, so no value is the empty word."""
    _, _, _, _, sensitivity, words = next(a for a in ATTRIBUTES if a[0] == code)
    state = np.where(value >= 0, 0, np.where(value == NOT_SAID, 1, 3))
    return canonical(
        "person_attribute",
        {
            "person_id": people.keys.take(person),
            "attribute_code": same(code, len(person)),
            "valid_from": days(valid_from),
            "value_code": pick([*words, ""], np.where(value >= 0, value, len(words))),
            "state": pick(VALUE_STATES, state),
            "valid_to": days(valid_to),
            "asserted_by": same("hr" if sensitivity == "plain" else "self", len(person)),
        },
    )
