"""Aggregates of ratings equal plain Python over the same rows, on every engine."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date

import pytest
from sqlalchemy import create_engine

from store import gains, ratings, reading
from store.aggregates import Grouping
from store.facts import FIRST_GROUP
from store.intakes import INTAKE
from store.patterns import OUTSIDE
from store.stamping import read_facts
from tests.store.by_hand import group_at
from tests.store.small_organisation import fill, make_rows
from tests.store.test_patterns import STARTS, intakes_by_hand, number_of, places_by_hand

SKILLS = ("empathy", "focus", "unrated")
RATERS = ("peer", "self")
PROGRAMMES = {"alpha": ("w3", "w4"), None: ("w1", "w2")}
"""Two waves for everybody, and two of a programme's own, which make a series of its own."""
DAYS = {"w1": 10, "w2": 60, "w3": 15, "w4": 40}
NUMBERS = {"w1": 1, "w2": 2, "w3": 1, "w4": 3}
BACK = (("w2", "w1"), ("w4", "w3"))
"""Last waves at which people look back at the first; elsewhere it says nothing about a change."""
ASKED_BACK = (*BACK, ("w2", "w3"), ("w1", "w2"))


@pytest.fixture(scope="module")
def rows():
    rows = make_rows(seed=3, people=60)
    rows["enrolment"] = rows["enrolment"][::4]
    for row in rows["cohort"]:
        row["starts_on"] = STARTS[row["cohort_id"]]
    draw = random.Random(1)
    rows["skill"] = [
        {"skill_code": code, "label": code.title(), "family": "other"} for code in SKILLS
    ]
    rows["wave"] = [
        {"wave_id": wave, "programme_id": programme, "wave_no": NUMBERS[wave],
         "label": f"Wave {NUMBERS[wave]}", "opens_on": date(2026, 1, 1)}
        for programme, waves in PROGRAMMES.items() for wave in waves
    ]  # fmt: skip
    rows["skill_rating"] = [
        _rating(row["person_id"], rater, skill, wave, draw)
        for row in rows["person"]
        for skill in SKILLS[:2]
        for rater in RATERS
        for wave in DAYS
        for _ in range(draw.choice((0, 1, 1, 2)))
    ]
    rows["skill_rating"] += [
        _rating(row["person_id"], "self", skill, wave, draw) | {"about_wave_id": about}
        for row in rows["person"]
        for skill in SKILLS[:2]
        for wave, about in ASKED_BACK
        for _ in range(draw.choice((0, 1, 1, 1)))
    ]
    for number, row in enumerate(rows["skill_rating"]):
        row["rating_id"] = f"s{number}"
    return rows


def _rating(person, rater, skill, wave, draw):
    given = draw.random() < 0.9
    # the same skill on two scales: what is on the second is another item
    top = 7.0 if skill == "focus" and draw.random() < 0.3 else 5.0
    return {
        "person_id": person, "rater_kind": rater, "skill_code": skill, "wave_id": wave,
        "about_wave_id": None, "scale_min": 1.0, "scale_max": top,
        "state": "given" if given else "skipped",
        "value_num": float(draw.randint(1, int(top))) if given else None,
        "rated_on": date.fromordinal(date(2026, 1, 1).toordinal() + DAYS[wave]),
    }  # fmt: skip


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def filled(request, rows, tmp_path_factory):
    engine = create_engine(f"{request.param}:///{tmp_path_factory.mktemp('store') / 'store.db'}")
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def facts(filled):
    return read_facts(filled)


@pytest.fixture(scope="module")
def items(filled):
    frame = reading.read(filled, ratings.items())
    return {
        row.item_no: (row.skill_code, row.rater_kind, row.scale_max) for row in frame.itertuples()
    }


def of_the_present(rows):
    """Return the ratings that have a value and look back at nothing."""
    return [
        row
        for row in rows["skill_rating"]
        if row["value_num"] is not None and row["about_wave_id"] is None
    ]


def values(rows):
    """Return the mean over raters by item, person, series and wave number."""
    programme = {row["wave_id"]: row["programme_id"] or "" for row in rows["wave"]}
    found = defaultdict(list)
    for row in of_the_present(rows):
        item = row["skill_code"], row["rater_kind"], row["scale_max"]
        wave = row["wave_id"]
        key = (item, row["person_id"], programme[wave], NUMBERS[wave])
        found[key].append(row["value_num"])
    return {key: sum(each) / len(each) for key, each in found.items()}


def mean(numbers):
    return sum(numbers) / len(numbers)


def ends(rows):
    """Return (first, last or None) by item and person."""
    held, last, first = values(rows), {}, {}
    for item, _, series, wave in held:
        first[item, series] = min(wave, first.get((item, series), wave))
        last[item, series] = max(wave, last.get((item, series), wave))
    pairs = defaultdict(list)
    for (item, person, series, wave), value in held.items():
        if wave == first[item, series]:
            end = held.get((item, person, series, last[item, series]))
            pairs[item, person].append((value, end))
    found = {}
    for key, each in pairs.items():
        both = [pair for pair in each if pair[1] is not None]
        x = mean([pair[0] for pair in both or each])
        found[key] = (x, mean([pair[1] for pair in both]) if both else None)
    return found


def looked_back(rows):
    """Return (first, first as recalled at the last, last) by item and person with all three."""
    held, programme = values(rows), {w["wave_id"]: w["programme_id"] or "" for w in rows["wave"]}
    last, first, recalled = {}, {}, defaultdict(list)
    for item, _, series, wave in held:
        first[item, series] = min(wave, first.get((item, series), wave))
        last[item, series] = max(wave, last.get((item, series), wave))
    for row in rows["skill_rating"]:
        if row["value_num"] is not None and (row["wave_id"], row["about_wave_id"]) in BACK:
            item = row["skill_code"], row["rater_kind"], row["scale_max"]
            recalled[item, row["person_id"], programme[row["wave_id"]]].append(row["value_num"])
    found = defaultdict(list)
    for (item, person, series), each in recalled.items():
        x = held.get((item, person, series, first.get((item, series))))
        y = held.get((item, person, series, last.get((item, series))))
        if x is not None and y is not None:
            found[item, person].append((x, mean(each), y))
    return {key: tuple(map(mean, zip(*each, strict=True))) for key, each in found.items()}


def belonging(rows):
    """Return every place of every person: kind, slice and group."""
    taking_part = places_by_hand(rows)
    rated = {
        row["person_id"]: min(
            other["rated_on"]
            for other in of_the_present(rows)
            if other["person_id"] == row["person_id"]
        )
        for row in of_the_present(rows)
    }
    found = {}
    for person, day in rated.items():
        held = taking_part.get(number_of(rows, person))
        if not held:
            found[person] = {(ratings.COMPARED, 0, 0)}
            continue
        group = group_at(rows, person, "function", _At(day))
        found[person] = (
            {(ratings.ORGANISATION, 0, 0)}
            | {(ratings.PROGRAMME, programme, 0) for programme, _ in held}
            | {(ratings.COHORT, cohort, 0) for _, cohort in held if cohort}
            | {(ratings.FIRST_ATTRIBUTE, 0, FIRST_GROUP + "xyz".index(group))}
        )
    return found


class _At:
    """A moment of which only the day matters."""

    def __init__(self, day: date) -> None:
        self._day = day

    def date(self) -> date:
        return self._day


def test_items_are_skills_by_rater_and_scale(filled, items, rows):
    assert set(items.values()) == {key[0] for key in values(rows)}
    listed = reading.read(filled, ratings.skills())
    assert list(listed["skill_code"]) == sorted(SKILLS)
    waves = reading.read(filled, ratings.waves())
    assert dict(zip(waves["wave_no"], waves["label"], strict=True)) == {
        1: "Wave 1", 2: "Wave 2", 3: "Wave 3",
    }  # fmt: skip


def test_wave_sums_are_those_counted_by_hand(filled, facts, items, rows):
    query = ratings.wave_sums(facts, [Grouping("function")], list(items))
    found = {
        (items[row.item_no], row.wave_no, row.kind_no, row.slice_no, row.group_no):
            (row.people, row.x, row.xx)
        for row in reading.read(filled, query).itertuples()
    }  # fmt: skip
    by_person = defaultdict(list)
    for (item, person, _, wave), value in values(rows).items():
        by_person[item, wave, person].append(value)
    expected = defaultdict(lambda: [0, 0.0, 0.0])
    places = belonging(rows)
    for (item, wave, person), each in by_person.items():
        for place in places[person]:
            sums = expected[item, wave, *place]
            sums[0] += 1
            sums[1] += mean(each)
            sums[2] += mean(each) ** 2
    assert set(found) == set(expected)
    for key, sums in expected.items():
        assert found[key] == pytest.approx(tuple(sums)), key


def test_pair_sums_are_those_counted_by_hand(filled, facts, items, rows):
    query = ratings.pair_sums(facts, [Grouping("function")], list(items))
    found = {
        (items[row.item_no], row.kind_no, row.slice_no, row.group_no):
            (row.started, row.people, row.x, row.y, row.xx, row.yy, row.xy, row.rose)
        for row in reading.read(filled, query).itertuples()
    }  # fmt: skip
    expected = defaultdict(lambda: [0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    places, began = belonging(rows), intakes_by_hand(rows)
    assert len({intake for own in began.values() for intake in own}) > 4
    for (item, person), (x, y) in ends(rows).items():
        for place in places[person] | {(INTAKE, *own) for own in began[number_of(rows, person)]}:
            sums = expected[item, *place]
            sums[0] += 1
            if y is not None:
                for number, term in enumerate((1, x, y, x * x, y * y, x * y, y > x), 1):
                    sums[number] += term
    assert set(found) == set(expected)
    for key, sums in expected.items():
        assert found[key] == pytest.approx(tuple(sums)), key


def test_sums_of_those_who_look_back_are_those_counted_by_hand(filled, facts, items, rows):
    found = {
        (items[row.item_no], row.kind_no, row.slice_no):
            (row.people, row.gain, row.gain_squares, row.shift, row.shift_squares)
        for row in reading.read(filled, ratings.then_sums(facts)).itertuples()
    }  # fmt: skip
    expected, places = defaultdict(lambda: [0, 0.0, 0.0, 0.0, 0.0]), belonging(rows)
    for (item, person), (x, t, y) in looked_back(rows).items():
        for kind, slice_no, _ in places[person]:
            if kind in (ratings.ORGANISATION, ratings.PROGRAMME, ratings.COMPARED):
                sums = expected[item, kind, slice_no]
                for number, term in enumerate((1, y - t, (y - t) ** 2, t - x, (t - x) ** 2)):
                    sums[number] += term
    assert len(found) > 6 and set(found) == set(expected)
    for key, sums in expected.items():
        assert found[key] == pytest.approx(tuple(sums)), key


def test_groups_are_summed_for_the_items_asked_for_alone(filled, facts, items):
    asked = next(iter(items))
    for query in (ratings.wave_sums, ratings.pair_sums):
        frame = reading.read(filled, query(facts, [Grouping("function")], [asked]))
        by_group = frame[frame["kind_no"] >= ratings.FIRST_ATTRIBUTE]
        assert set(by_group["item_no"]) == {asked}
        by_intake = frame[frame["kind_no"] == INTAKE]
        assert set(by_intake["item_no"]) == ({asked} if query is ratings.pair_sums else set())


def test_patterns_hold_as_many_people_as_the_sums(filled, facts, items, rows):
    groupings = [Grouping("function")]
    frame = reading.read(filled, ratings.rating_patterns(facts, groupings, list(items)))
    sums = reading.read(filled, ratings.pair_sums(facts, groupings, list(items)))
    looking_back = frame[frame["period_no"] == ratings.RECALLED]
    assert {items[number][1] for number in looking_back["item_no"]} == {"self"}
    recalled = looking_back.drop_duplicates(["item_no", "pattern_no"])["people"].sum()
    # everybody is known, so each person is in one pattern of an item
    assert recalled == len(looked_back(rows))
    paired = frame[frame["period_no"] == ratings.PAIRED]
    for row in sums.itertuples():
        own = paired[paired["item_no"] == row.item_no]
        if row.kind_no == ratings.COMPARED:
            own = own[own["programme_no"] == OUTSIDE]
        else:
            own = own[own["programme_no"] != OUTSIDE]
        if row.kind_no in (ratings.PROGRAMME, ratings.COHORT):
            name = "programme_no" if row.kind_no == ratings.PROGRAMME else "cohort_no"
            own = own[own[name] == row.slice_no]
        if row.kind_no == ratings.FIRST_ATTRIBUTE:
            own = own[own["g0"] == row.group_no]
        if row.kind_no == INTAKE and row.slice_no:
            own = own[(own["programme_no"] == row.slice_no) & (own["g1"] == row.group_no)]
        if row.kind_no == INTAKE and not row.slice_no:
            own = own[own["g2"] == row.group_no]
        assert own.drop_duplicates("pattern_no")["people"].sum() == row.people


def test_people_who_started_come_with_what_is_known_of_them(filled, facts, items, rows):
    asked = [number for number, item in items.items() if item[1] == "peer"]
    query = ratings.missing_people(facts, [Grouping("function")], asked, 1)
    frame = reading.read(filled, query)
    found = {
        (items[row.item_no], row.person_no): (row.x, row.y if row.stayed else None)
        for row in frame.itertuples()
    }
    taking_part = places_by_hand(rows)
    expected = {
        (item, number_of(rows, person)): pair
        for (item, person), pair in ends(rows).items()
        if item[1] == "peer" and number_of(rows, person) in taking_part
    }
    assert set(found) == set(expected)
    for key, (x, y) in expected.items():
        assert found[key][0] == pytest.approx(x)
        assert found[key][1] == (None if y is None else pytest.approx(y))
    every = reading.read(filled, ratings.missing_people(facts, [Grouping("function")], asked, 3))
    assert 0 < len(every) < len(frame)


def test_members_of_programmes_are_those_counted_by_hand(filled, facts, rows):
    found = reading.read(filled, ratings.memberships(facts))
    expected = {
        (person, programme)
        for person, places in places_by_hand(rows).items()
        for programme, _ in places
        if programme > 0
    }
    pairs = list(zip(found["person_no"], found["programme_no"], strict=True))
    assert len(pairs) == len(set(pairs)) and set(pairs) == expected


def test_gains_are_summed_by_group_among_those_of_the_same_programmes(filled, facts, items, rows):
    asked = [number for number, item in items.items() if item[1] == "peer"]
    query = gains.gain_sums(facts, [Grouping("function")], [None], asked)
    found = {
        (items[row.item_no], row.programme_no, row.first_no, row.last_no, row.programmes,
         row.place_no, row.group_no): (row.started, row.people, row.gain, row.gain_squares)
        for row in reading.read(filled, query).itertuples()
    }  # fmt: skip
    taking_part, places = places_by_hand(rows), belonging(rows)
    expected = defaultdict(lambda: [0, 0, 0.0, 0.0])
    for (item, person), (x, y) in ends(rows).items():
        held = taking_part.get(number_of(rows, person))
        if item[1] == "peer" and held:
            (group,) = (g for kind, _, g in places[person] if kind == ratings.FIRST_ATTRIBUTE)
            programmes = {programme for programme, _ in held}
            alike = min(programmes), max(programmes), len(programmes), 0, group
            gain = 0.0 if y is None else y - x
            for programme in (gains.EVERYWHERE, *programmes):
                # once everywhere, and once in each programme
                for place, term in enumerate((1, y is not None, gain, gain**2)):
                    expected[item, programme, *alike][place] += term
    assert found == {key: pytest.approx(tuple(sums)) for key, sums in expected.items()}
    assert len({key[0] for key in found}) == len(asked) > 1
    assert {key[1] for key in found} == {0, 1, 2}
    assert len({key[2:5] for key in found}) > 2
