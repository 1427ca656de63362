"""Aggregates of answers equal plain Python over the same rows, on every engine."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from store import answer_sums, answers, feedback, questionnaires, reading
from store.aggregates import Grouping
from store.answered import gather
from store.facts import FIRST_GROUP
from store.intakes import INTAKE
from store.patterns import OUTSIDE
from store.stamping import read_facts
from tests.store.by_hand import group_at
from tests.store.small_organisation import fill, make_rows
from tests.store.test_patterns import STARTS, intakes_by_hand, number_of, places_by_hand

GROUPINGS = [Grouping("function"), Grouping("origin")]
QUESTIONS = {"safe-1": True, "safe-2": False, "safe-3": False}
"""Questions of one scale from 1 to 5, and whether they are reversed."""
OPENS = {"w1": 5, "w2": 60}
COHORTS = ("a1", "a2", "b1")


@pytest.fixture(scope="module")
def rows():
    rows = make_rows(seed=5, people=60)
    rows["enrolment"] = rows["enrolment"][::4]
    for row in rows["cohort"]:
        row["starts_on"] = STARTS[row["cohort_id"]]
    draw = random.Random(4)
    rows["wave"] = [
        {"wave_id": wave, "wave_no": number, "label": wave, "opens_on": day(OPENS[wave])}
        for number, wave in enumerate(OPENS, 1)
    ]
    rows["instrument"] += [
        {"instrument_id": "pulse", "label": "Pulse", "kind": "pulse", "version": "1",
         "identity": "pseudonymous"}
    ]  # fmt: skip
    rows["item"] = [
        *(question(code, "pulse", "safe", "scale", turned) for code, turned in QUESTIONS.items()),
        question("source", "pulse", "learning_source", "single"),
        question("heard", "i", "felt_heard", "scale"),
        question("ally", "i", "ally", "single"),
    ]
    rows["item_option"] = [
        {"item_id": "source", "option_code": code, "label": code.title(), "sort": sort}
        for sort, code in enumerate(("peers", "managers"))
    ]
    rows["answer"] = []
    for talk in rows["response"]:
        answer(rows, talk, "heard", value=float(draw.randint(1, 5)))
        answer(rows, talk, "ally", option=draw.choice(("yes", "no", "no_occasion")))
    for wave in OPENS:
        for person in rows["person"]:
            if draw.random() < 0.7:
                pulse(rows, draw, wave, person_id=person["person_id"])
        for cohort in COHORTS:
            pulse(rows, draw, wave, cohort_id=cohort)
    rows["employment_spell"] = [
        {"person_id": row["person_id"], "spell_no": 1, "hired_on": date(2020, 1, 1),
         "left_on": day(30) if number < 5 else None}
        for number, row in enumerate(rows["person"][:40])
    ]  # fmt: skip
    return rows


def day(number):
    return date(2026, 1, 1) + timedelta(days=number - 1)


def question(code, instrument, construct, kind, turned=False):
    scale = (1.0, 5.0) if kind == "scale" else (None, None)
    return {"item_id": code, "instrument_id": instrument, "construct": construct, "kind": kind,
            "scale_min": scale[0], "scale_max": scale[1], "reversed": turned}  # fmt: skip


def answer(rows, response, item, value=None, option=""):
    rows["answer"].append(
        {"response_id": response["response_id"], "item_id": item, "value_num": value,
         "option_code": option, "state": "given" if value or option else "skipped"}
    )  # fmt: skip


def pulse(rows, draw, wave, **who):
    response = {
        "response_id": f"q{len(rows['response']):05d}", "instrument_id": "pulse", "wave_id": wave,
        "submitted_at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=OPENS[wave]), **who,
    }  # fmt: skip
    rows["response"].append(response)
    for code in QUESTIONS:
        answer(rows, response, code, draw.choice((None, 1.0, 2.0, 3.0, 4.0, 5.0)))
    option = draw.choice(("peers", "managers", "both", ""))
    answer(rows, response, "source", option=option)


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def filled(request, rows, tmp_path_factory):
    engine = create_engine(f"{request.param}:///{tmp_path_factory.mktemp('store') / 'store.db'}")
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def told(filled):
    return gather(filled, read_facts(filled), GROUPINGS)


@pytest.fixture(scope="module")
def crossed(filled, told):
    return feedback.gather_crossed(filled, told)


@pytest.fixture(scope="module")
def numbers(filled):
    """Return the number of each construct."""
    frame = reading.read(filled, answers.items())
    return dict(zip(frame["construct"], frame["item_no"], strict=True))


# --- the same in plain Python ---

GROUPS = {"function": ("x", "y", "z"), "origin": ("u", "v", "w", "several")}


def group_number(rows, person, attribute, moment):
    """Return the number of the group in force; below the first group where there is none."""
    value = group_at(rows, person, attribute, moment)
    named = GROUPS[attribute]
    return FIRST_GROUP + named.index(value) if value in named else 0


def mean(values):
    return sum(values) / len(values)


def answers_of(rows):
    found = defaultdict(dict)
    for row in rows["answer"]:
        if row["state"] == "given":
            found[row["response_id"]][row["item_id"]] = row["value_num"] or row["option_code"]
    return found


def scores(rows):
    """Return the score of each response that has at least two of three answers."""
    found = {}
    for response, given in answers_of(rows).items():
        own = [6 - given[code] if turned else given[code]
               for code, turned in QUESTIONS.items() if code in given]  # fmt: skip
        if len(own) >= 2:
            found["safe", response] = mean(own)
        if "heard" in given:
            found["felt_heard", response] = given["heard"]
    return found


def who(rows, response):
    """Return a person's number, or the response itself where nobody is known."""
    person = response.get("person_id")
    return number_of(rows, person) if person else response["response_id"]


def wave_number(response):
    return {"w1": 1, "w2": 2}.get(response.get("wave_id"))


def quarter(response):
    moment = response["submitted_at"]
    return moment.year * 4 + (moment.month - 1) // 3


def spots(rows, response, cut=True):
    """Return every place of a response: kind, slice and group."""
    talks = {row["conversation_id"]: row for row in rows["conversation"]}
    programmes, cohorts = {"alpha": 1, "beta": 2}, {code: n for n, code in enumerate(COHORTS, 1)}
    about = response.get("conversation_id")
    if about:
        return {(0, 0, 0), (1, programmes[talks[about]["programme_id"]], 0)}
    if response.get("cohort_id"):
        cohort = response["cohort_id"]
        programme = {"a1": 1, "a2": 1, "b1": 2}[cohort]
        return {(0, 0, 0), (1, programme, 0), (2, cohorts[cohort], 0)}
    held = places_by_hand(rows).get(who(rows, response))
    if not held:
        return {(3, 0, 0)}
    found = {(0, 0, 0)}
    for programme, cohort in held:
        found |= {(1, programme, 0)} | ({(2, cohort, 0)} if cohort else set())
    first = min(
        other["submitted_at"] for other in rows["response"]
        if other.get("person_id") == response["person_id"]
    )  # fmt: skip
    for position, attribute in enumerate(("function", "origin")):
        group = group_number(rows, response["person_id"], attribute, first)
        if group >= FIRST_GROUP:
            found.add((4 + position, 0, group))
    return found


def counted(rows):
    """Yield each response with its places and periods."""
    for response in rows["response"]:
        number = wave_number(response)
        periods = (number + 1,) if number else (quarter(response), 0)
        for spot in spots(rows, response):
            for period in periods:
                yield response, spot, period


def grouped(frame, keys, values):
    return {
        tuple(getattr(row, key) for key in keys): tuple(getattr(row, name) for name in values)
        for row in frame.itertuples()
    }


# --- comparisons ---


def test_items_are_constructs_on_a_scale(filled, numbers):
    frame = reading.read(filled, answers.items()).set_index("construct")
    assert set(numbers) == {"safe", "learning_source", "felt_heard", "ally"}
    assert (frame.loc["felt_heard", "after"], frame.loc["safe", "after"]) == (1, 0)


def test_options_are_those_offered_and_those_chosen(filled):
    frame = reading.read(filled, answers.options())
    source = frame[frame["construct"] == "learning_source"]
    assert list(source["option_code"]) == ["peers", "managers", "both"]
    assert list(source["label"]) == ["Peers", "Managers", "both"]


def test_scores_sum_as_by_hand(filled, told, rows, numbers):
    held, each = scores(rows), defaultdict(list)
    for response, spot, period in counted(rows):
        for construct in ("safe", "felt_heard"):
            x = held.get((construct, response["response_id"]))
            if x is not None:
                each[construct, period, spot, who(rows, response)].append(x)
    expected = defaultdict(list)
    for (construct, period, spot, _), values in each.items():
        expected[(numbers[construct], period, *spot)].append(mean(values))
    cuts = {numbers["safe"]: (2.5, 3.5)}
    frame = reading.read_numbers(filled, answer_sums.score_sums(told, cuts))
    keys = ("item_no", "period_no", *answers.PLACE)
    found = grouped(frame, keys, ("people", "x", "xx", "low", "high"))
    assert set(found) == set(expected)
    for key, values in expected.items():
        ends = (
            (sum(x < 2.5 - 1e-9 for x in values), sum(x >= 3.5 - 1e-9 for x in values))
            if key[0] in cuts
            else (0, 0)
        )
        wanted = (len(values), sum(values), sum(x * x for x in values), *ends)
        assert found[key] == pytest.approx(wanted), key
    assert any(row[3] for row in found.values()) and any(row[4] for row in found.values())


def test_changes_are_of_the_same_people(filled, told, rows, numbers):
    held, ends, places = scores(rows), defaultdict(dict), {}
    for response in rows["response"]:
        x, number = held.get(("safe", response["response_id"])), wave_number(response)
        person = who(rows, response)
        if number:
            places.setdefault(person, set()).update(spots(rows, response))
            if x is not None:
                ends[person][number] = x
    for person, own in intakes_by_hand(rows).items():
        places.setdefault(person, set()).update((INTAKE, *intake) for intake in own)
    expected = defaultdict(lambda: [0, []])
    for person, both in ends.items():
        if 1 in both:
            for spot in places[person]:
                expected[spot][0] += 1
                if 2 in both:
                    expected[spot][1].append(both[2] - both[1])
    frame = reading.read_numbers(filled, answer_sums.change_sums(told))
    frame = frame[frame["item_no"] == numbers["safe"]]
    found = grouped(frame, answers.PLACE, ("started", "people", "d", "dd"))
    for spot, (started, values) in expected.items():
        wanted = (started, len(values), sum(values), sum(x * x for x in values))
        assert found[spot] == pytest.approx(wanted), spot
    assert {spot for spot in found if spot[0] == INTAKE} <= set(expected)


def test_patterns_hold_the_people_of_every_change_of_an_intake(filled, told, numbers):
    sums = reading.read_numbers(filled, answer_sums.change_sums(told))
    patterns = reading.read_numbers(filled, answer_sums.answer_patterns(told))
    at = patterns[(patterns["item_no"] == numbers["safe"]) & (patterns["period_no"] == -1)]
    by_intake = sums[(sums["item_no"] == numbers["safe"]) & (sums["kind_no"] == INTAKE)]
    assert len(by_intake) > 4
    for row in by_intake.itertuples():
        own = at[at["g3" if not row.slice_no else "g2"] == row.group_no]
        own = own[own["programme_no"] == row.slice_no] if row.slice_no else own
        assert own.drop_duplicates("pattern_no")["people"].sum() == row.people


@pytest.mark.parametrize(
    "construct, item", [("learning_source", "source"), ("ally", "ally")], ids=["pulse", "talk"]
)
def test_choices_sum_as_by_hand(filled, told, rows, numbers, construct, item):
    given, people = answers_of(rows), defaultdict(lambda: defaultdict(list))
    for response, spot, period in counted(rows):
        option = given[response["response_id"]].get(item)
        if option:
            people[period, spot][who(rows, response)].append(option)
    frame = reading.read_numbers(filled, answer_sums.option_sums(told))
    frame = frame[frame["item_no"] == numbers[construct]]
    keys = ("option_code", "period_no", *answers.PLACE)
    names = ("people", "y", "d", "yy", "yd", "dd", "all_people", "z", "a", "zz", "za", "aa")
    found = grouped(frame, keys, names)
    for (period, spot), chosen in people.items():
        for option in ("peers", "both") if construct == "learning_source" else ("yes", "no"):
            y = [each.count(option) for each in chosen.values()]
            a = [len(each) for each in chosen.values()]
            d = [len([one for one in each if one != "no_occasion"]) for each in chosen.values()]
            wanted = (
                sum(n > 0 for n in d), sum(y), sum(d), dot(y, y), dot(y, d), dot(d, d),
                len(a), sum(y), sum(a), dot(y, y), dot(y, a), dot(a, a),
            )  # fmt: skip
            assert found[(option, period, *spot)] == pytest.approx(wanted)


def dot(one, other):
    return sum(x * y for x, y in zip(one, other, strict=True))


def test_who_was_there_and_who_answered(filled, told, rows):
    left = {row["person_id"]: row["left_on"] for row in rows["employment_spell"]}
    frame = reading.read(filled, questionnaires.response_rates(told))
    found = grouped(frame, ("wave_no", "kind_no", "slice_no"), ("asked", "answered"))
    taking_part = places_by_hand(rows)
    for number, wave in enumerate(OPENS, 1):
        there = {
            number_of(rows, row["person_id"])
            for row in rows["person"]
            if left.get(row["person_id"]) is None or left[row["person_id"]] > day(OPENS[wave])
        }
        answered = {who(rows, row) for row in rows["response"] if row.get("wave_id") == wave}
        for slice_ in (0, 1, 2):
            inside = {
                person for person, held in taking_part.items()
                if not slice_ or slice_ in {programme for programme, _ in held}
            }  # fmt: skip
            key = (number, 1 if slice_ else 0, slice_)
            assert found[key] == (len(there & inside), len(there & inside & answered))


def test_questions_go_together_as_by_hand(filled, rows, numbers):
    given = answers_of(rows)
    complete = [
        [6 - own[code] if turned else own[code] for code, turned in QUESTIONS.items()]
        for row in rows["response"]
        if row.get("wave_id") == "w2"
        for own in [given[row["response_id"]]]
        if all(code in own for code in QUESTIONS)
    ]
    frame = reading.read(filled, questionnaires.question_sums())
    frame = frame[frame["item_no"] == numbers["safe"]]
    found = grouped(frame, ("one_no", "other_no"), ("people", "x", "y", "xy"))
    assert len(found) == 6
    for (one, other), values in found.items():
        x, y = ([row[number - 1] for row in complete] for number in (one, other))
        assert values == pytest.approx((len(complete), sum(x), sum(y), dot(x, y)))


def kinds_by_hand(rows, attribute):
    """Return the scores within and across groups, by person and programme."""
    talks = {row["conversation_id"]: row for row in rows["conversation"]}
    held, found = scores(rows), defaultdict(lambda: ([], []))
    for response in rows["response"]:
        about = response.get("conversation_id")
        if not about:
            continue
        talk = talks[about]
        began = talk["scheduled_start_at"]
        others = [
            seat["person_id"] for seat in rows["conversation_participant"]
            if seat["conversation_id"] == about and seat["attended"] != "no"
            and seat["person_id"] != response["person_id"]
        ]  # fmt: skip
        own = group_number(rows, response["person_id"], attribute, began)
        theirs = [group_number(rows, each, attribute, began) if each else 0 for each in others]
        crossed = any(own >= FIRST_GROUP and g >= FIRST_GROUP and g != own for g in theirs)
        known = all(own >= FIRST_GROUP and g >= FIRST_GROUP for g in theirs)
        if others and (crossed or known):
            for programme in (0, {"alpha": 1, "beta": 2}[talk["programme_id"]]):
                key = programme, response["person_id"]
                found[key][int(crossed)].append(held["felt_heard", response["response_id"]])
    return {key: kinds for key, kinds in found.items() if all(kinds)}


@pytest.mark.parametrize("position, attribute", [(0, "function"), (1, "origin")])
def test_feedback_across_and_within_groups_is_of_the_same_people(
    filled, crossed, rows, numbers, position, attribute
):
    expected = defaultdict(list)
    for (programme, _), (within, across) in kinds_by_hand(rows, attribute).items():
        expected[programme].append(mean(across) - mean(within))
    frame = reading.read_numbers(filled, feedback.kind_sums(crossed))
    frame = frame[frame["attribute_no"] == position]
    found = grouped(frame, ("programme_no",), ("people", "d", "dd"))
    assert expected
    for programme, values in expected.items():
        wanted = (len(values), sum(values), sum(x * x for x in values))
        assert found[(programme,)] == pytest.approx(wanted)


@pytest.mark.parametrize("period", [2, 3])
def test_patterns_hold_the_people_of_every_cell(filled, told, rows, numbers, period):
    sums = reading.read_numbers(filled, answer_sums.score_sums(told, {}))
    patterns = reading.read_numbers(filled, answer_sums.answer_patterns(told))
    patterns = patterns[patterns["item_no"] == numbers["safe"]]
    at = patterns[patterns["period_no"] == period]
    inside = at[at["programme_no"] != OUTSIDE]
    for row in sums.itertuples():
        if (row.item_no, row.period_no) != (numbers["safe"], period):
            continue
        held = {
            0: inside, 1: inside[inside["programme_no"] == row.slice_no],
            2: inside[inside["cohort_no"] == row.slice_no],
            3: at[at["programme_no"] == OUTSIDE],
            4: inside[inside["g0"] == row.group_no], 5: inside[inside["g1"] == row.group_no],
        }[row.kind_no]  # fmt: skip
        assert held.drop_duplicates("pattern_no")["people"].sum() == row.people


def test_patterns_of_feedback_hold_the_people_of_every_difference(filled, crossed):
    sums = reading.read_numbers(filled, feedback.kind_sums(crossed))
    patterns = reading.read_numbers(filled, feedback.feedback_patterns(crossed))
    for row in sums.itertuples():
        held = patterns[
            (patterns["period_no"] == feedback.FIRST_BOTH - row.attribute_no)
            & (patterns["programme_no"] == row.programme_no)
        ]
        assert held.drop_duplicates("pattern_no")["people"].sum() == row.people
