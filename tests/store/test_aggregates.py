"""Every aggregate equals plain Python over the same rows, on every engine at hand."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from sqlalchemy import create_engine, select

from store import aggregates, rates, reading
from store.aggregates import LEVELS, SPANS, Grouping
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import fill, make_rows

ATTRIBUTES = ("function", "origin")


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def engine(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    engine = create_engine(f"{request.param}:///{folder / 'store.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def rows():
    return make_rows(seed=7)


@pytest.fixture(scope="module")
def filled(engine, rows):
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


@pytest.fixture(scope="module")
def done(rows):
    return by_hand.pairings(rows)


@pytest.fixture(scope="module")
def names(filled, facts):
    """Return value codes by (attribute, group number)."""
    known = {
        (row.attribute_code, row.group_no): row.value_code
        for row in reading.groups(filled, facts).itertuples()
    }
    for attribute in ATTRIBUTES:
        known |= {(attribute, 0): "unknown", (attribute, 1): "not said"}
    return known


@pytest.fixture(scope="module")
def strata(filled, facts):
    """Return (programme, cohort, cycle, pool) by stratum number; merged pools read 'across'."""
    found = defaultdict(list)
    for row in filled.execute(select(facts.stratum)):
        found[row.stratum_no].append(row)
    return {
        number: (
            rows[0].programme_id,
            rows[0].cohort_id,
            rows[0].cycle_no,
            rows[0].pool_code if len(rows) == 1 else "across",
        )
        for number, rows in found.items()
    }


@pytest.mark.parametrize("stage", ["matched", "completed", "continued"])
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_mixing_counts_each_pairing_in_its_lottery(
    filled, facts, done, names, strata, attribute, stage
):
    frame = reading.read(filled, aggregates.mixing(facts, Grouping(attribute), stage))
    counted = Counter()
    for row in frame.itertuples():
        groups = sorted((names[attribute, row.group_a], names[attribute, row.group_b]))
        counted[strata[row.stratum_no], row.quarter_no, *groups] += row.weight
    expected = Counter()
    for (stratum, quarter, one, other), weight in by_hand.mixing(done, attribute, stage).items():
        expected[stratum, quarter, *sorted((one, other))] += weight
    assert counted.keys() == expected.keys()
    assert all(counted[key] == pytest.approx(expected[key]) for key in expected)
    assert len(expected) > 5


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_stub_squares_are_squares_of_pairings_per_person(
    filled, facts, done, names, strata, attribute
):
    frame = reading.read(filled, aggregates.stub_squares(facts, Grouping(attribute)))
    counted = {
        (strata[row.stratum_no], names[attribute, row.group_no]): row.stubs_squared
        for row in frame.itertuples()
    }
    per_person = Counter(
        (pairing["stratum"], own, person)
        for pairing, person, own, _, _ in by_hand.stubs(done, attribute, "completed")
    )
    expected = Counter()
    for (stratum, own, _), count in per_person.items():
        expected[stratum, own] += count**2
    assert counted == pytest.approx(dict(expected))


def _slice_numbers(rows, level):
    key = {"organisation": None, "programme": "programme_id", "cohort": "cohort_id"}[level]
    if key is None:
        return defaultdict(int)
    table = level
    codes = sorted(row[key] for row in rows[table])
    return {code: number for number, code in enumerate(codes, 1)} | {"": 0}


def _place(pairing, rows, level, span):
    numbers = _slice_numbers(rows, level)
    code = pairing.get(level, "")
    return numbers[code], (0 if span == "all" else pairing["quarter"])


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_contact_moments_are_products_of_contacts_per_person(
    filled, facts, done, rows, names, attribute, level, span
):
    groups = tuple(sorted(number for code, number in names if code == attribute and number >= 2))
    query = aggregates.contacts(facts, Grouping(attribute), groups, level, span)
    frame = reading.read(filled, query)
    contact = defaultdict(Counter)
    for pairing, person, own, partner, weight in by_hand.stubs(done, attribute, "completed"):
        contact[(*_place(pairing, rows, level, span), own), person][partner] += weight
    expected = defaultdict(Counter)
    for (key, _), counts in contact.items():
        expected[key]["people"] += 1
        for one, number in enumerate(groups):
            mine = counts[names[attribute, number]]
            expected[key][f"people_{one}"] += mine > 0
            expected[key][f"most_{one}"] = max(expected[key][f"most_{one}"], mine)
            for other in range(one, len(groups)):
                theirs = counts[names[attribute, groups[other]]]
                expected[key][f"moment_{one}_{other}"] += mine * theirs
    assert len(frame) == len(expected)
    for row in frame.to_dict("records"):
        key = (row["slice_no"], row["quarter_no"], names[attribute, row["own"]])
        assert {name: row[name] for name in expected[key]} == pytest.approx(expected[key])


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("level", LEVELS)
def test_pair_squares_join_the_pairings_of_the_same_two_people(
    filled, facts, done, rows, names, level, span
):
    frame = reading.read(filled, aggregates.pair_squares(facts, Grouping("function"), level, span))
    counted = Counter()
    for row in frame.itertuples():
        cell = sorted((names["function", row.group_a], names["function", row.group_b]))
        counted[row.slice_no, row.quarter_no, *cell] += row.squares
    met = Counter()
    for pairing in done:
        groups = pairing["groups"]["function"]
        if pairing["completed"]:
            # groups stay in the order of the people, as one pair may change groups over time
            key = (*_place(pairing, rows, level, span), pairing["a"], pairing["b"], groups)
            met[key] += pairing["weight"]
    expected = Counter()
    for (number, quarter, _, _, groups), weight in met.items():
        expected[number, quarter, *sorted(groups)] += weight**2
    assert counted == pytest.approx(expected)


def test_membership_patterns_partition_the_people_by_where_they_met(filled, facts, done, names):
    frame = reading.read(filled, aggregates.membership_patterns(facts, Grouping("function")))
    cells = {
        row.cell_no: (row.programme_id, row.cohort_id, row.quarter_no)
        for row in reading.cells(filled, facts).itertuples()
    }
    counted = Counter()
    for _, pattern in frame.groupby("pattern_no"):
        members = frozenset(
            (*cells[row.cell_no], names["function", row.group_no]) for row in pattern.itertuples()
        )
        counted[members] += int(pattern["people"].iloc[0])
    belongs = defaultdict(set)
    for pairing, person, own, _, _ in by_hand.stubs(done, "function", "completed"):
        place = (pairing["programme"], pairing["cohort"], pairing["quarter"], own)
        belongs[person].add(place)
    assert counted == Counter(frozenset(places) for places in belongs.values())


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("level", LEVELS)
def test_completion_counts_offers_and_those_held(filled, facts, done, rows, level, span):
    frame = reading.read(filled, rates.completion(facts, level, span))
    by_person = defaultdict(lambda: [0, 0])
    for pairing in done:
        if pairing["matched"]:
            for person in (pairing["a"], pairing["b"]):
                totals = by_person[_place(pairing, rows, level, span), person]
                totals[0] += 1
                totals[1] += pairing["completed"]
    expected = defaultdict(Counter)
    for (place, _), (offers, held) in by_person.items():
        expected[place] += Counter(people=1, denominator=offers, numerator=held)
        expected[place] += Counter(dd=offers**2, xd=held * offers, xx=held**2)
    for row in frame.to_dict("records"):
        wanted = expected[row["slice_no"], row["quarter_no"]]
        assert {name: row[name] for name in wanted} == pytest.approx(wanted)
    assert len(frame) == len(expected)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("level", LEVELS)
def test_participation_counts_the_eligible_who_met_somebody(filled, facts, done, rows, level, span):
    frame = reading.read(filled, rates.participation(facts, level, span))
    eligible, met = defaultdict(set), defaultdict(set)
    programme_of = {row["cohort_id"]: row["programme_id"] for row in rows["cohort"]}
    quarters = {pairing["quarter"] for pairing in done}
    # both quarters that the four months of the cohorts touch
    assert quarters == {2026 * 4, 2026 * 4 + 1}
    for row in rows["enrolment"]:
        for quarter in quarters:
            place = {"programme": programme_of[row["cohort_id"]], "cohort": row["cohort_id"]}
            here = _place(place | {"quarter": quarter}, rows, level, span)
            eligible[here].add(row["person_id"])
    for pairing in done:
        if pairing["completed"]:
            met[_place(pairing, rows, level, span)] |= {pairing["a"], pairing["b"]}
    counted = {
        (row.slice_no, row.quarter_no): (row.eligible, row.participants)
        for row in frame.itertuples()
    }
    expected = {place: (len(all_), len(all_ & met[place])) for place, all_ in eligible.items()}
    assert counted == expected


def test_feedback_counts_seats_and_answers(filled, facts, rows):
    frame = reading.read(filled, rates.feedback(facts, "organisation", "all"))
    completed = {
        row["conversation_id"] for row in rows["conversation"] if row["status"] == "completed"
    }
    seats = [
        (row["conversation_id"], row["person_id"])
        for row in rows["conversation_participant"]
        if row["conversation_id"] in completed and row["person_id"] and row["attended"] != "no"
    ]
    answered = {(row["conversation_id"], row["person_id"]) for row in rows["response"]}
    row = frame.to_dict("records")[0]
    assert row["denominator"] == len(seats)
    assert row["numerator"] == sum(seat in answered for seat in seats)
    assert row["dd"] == sum(count**2 for count in Counter(person for _, person in seats).values())


def test_groups_merged_for_publication_count_as_one(filled, facts, names):
    numbers = sorted(number for code, number in names if code == "function" and number >= 2)
    merged = Grouping("function", {numbers[1]: numbers[0]})
    whole = reading.read(filled, aggregates.mixing(facts, merged))
    apart = reading.read(filled, aggregates.mixing(facts, Grouping("function")))
    assert numbers[1] not in set(whole["group_a"]) | set(whole["group_b"])
    assert whole["weight"].sum() == pytest.approx(apart["weight"].sum())
