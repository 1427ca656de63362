"""Aggregates of help equal plain Python over the same rows, on every engine."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest
from sqlalchemy import create_engine

from store import helping, reading
from store.aggregates import Grouping
from store.stamping import read_facts
from tests.store import by_hand
from tests.store.small_organisation import fill, make_rows

ATTRIBUTES = ("function", "origin")
UNKNOWN = ("unknown", "not said")


def with_help(rows, seed=5, chance=None):
    """Let most who gave feedback say whether the conversation helped; others skip it.

    ``chance`` gives the chance of yes by who answers and who is there beside.
    """
    draw = random.Random(seed)
    item = {
        "item_id": "helped", "instrument_id": "i", "construct": helping.HELPED, "kind": "single",
        "reversed": False,
    }  # fmt: skip
    seats = defaultdict(list)
    for seat in rows["conversation_participant"]:
        seats[seat["conversation_id"]].append(seat["person_id"])
    answers = []
    for response in rows["response"]:
        others = [p for p in seats[response["conversation_id"]] if p != response["person_id"]]
        likely = chance(response["person_id"], others) if chance else 0.6
        said = draw.choices(("yes", "no", ""), (likely * 0.9, (1 - likely) * 0.9, 0.1))[0]
        answers.append(
            {"response_id": response["response_id"], "item_id": "helped", "option_code": said,
             "state": "given" if said else "skipped"}
        )  # fmt: skip
    return rows | {"item": [item], "answer": answers}


def answers_by_hand(rows, attributes=ATTRIBUTES):
    """Return one record for each answer and each person who may have helped."""
    talks = {row["conversation_id"]: row for row in rows["conversation"]}
    asked = {row["response_id"]: row for row in rows["response"]}
    seats = defaultdict(list)
    for seat in rows["conversation_participant"]:
        if seat["attended"] != "no":
            seats[seat["conversation_id"]].append(seat["person_id"])
    found = []
    for answer in rows["answer"]:
        if answer["state"] != "given":
            continue
        response = asked[answer["response_id"]]
        who, talk = response["person_id"], talks[response["conversation_id"]]
        others = list(seats[response["conversation_id"]])
        if who in others:
            others.remove(who)
        for other in filter(None, others):
            pair = (who, other)
            found.append({
                "pair": pair, "weight": 1 / len(others), "helped": answer["option_code"] == "yes",
                "programme": talk["programme_id"], "cohort": talk["cohort_id"],
                "groups": {
                    code: tuple(
                        by_hand.group_at(rows, person, code, talk["scheduled_start_at"])
                        for person in pair
                    )
                    for code in attributes
                },
            })  # fmt: skip
    return found


@pytest.fixture(scope="module")
def rows():
    return with_help(make_rows(seed=7))


@pytest.fixture(scope="module")
def answers(rows):
    return answers_by_hand(rows)


@pytest.fixture(scope="module")
def helped(filled):
    facts = read_facts(filled)
    return helping.gather_helped(filled, facts, [Grouping(code) for code in ATTRIBUTES])


@pytest.fixture(scope="module")
def values(filled):
    """Return value codes by (attribute number, group number)."""
    frame = reading.groups(filled, read_facts(filled))
    return {
        (ATTRIBUTES.index(row.attribute_code), row.group_no): row.value_code
        for row in frame.itertuples()
    }


def known(answers):
    """Return answers whose groups are known: attribute number, own, partner, answer."""
    for number, code in enumerate(ATTRIBUTES):
        for answer in answers:
            own, partner = answer["groups"][code]
            if not {own, partner} & set(UNKNOWN):
                yield number, own, partner, answer


def test_answers_by_groups_and_cohorts_add_up(filled, helped, answers, values):
    frame = reading.read_numbers(filled, helping.helped_by_groups(helped, len(ATTRIBUTES)))
    expected = defaultdict(lambda: [0.0, 0.0])
    for number, own, partner, answer in known(answers):
        key = (number, answer["programme"], answer["cohort"], own, partner)
        expected[key][0] += answer["weight"]
        expected[key][1] += answer["weight"] * answer["helped"]
    programmes, cohorts = ("alpha", "beta"), (None, "a1", "a2", "b1")
    counted = {
        (row.attribute_no, programmes[int(row.programme_no) - 1], cohorts[int(row.cohort_no)],
         values[row.attribute_no, row.own], values[row.attribute_no, row.partner]):
        [row.answers, row.yes]
        for row in frame.itertuples()
    }  # fmt: skip
    assert counted.keys() == expected.keys()
    for key, wanted in expected.items():
        assert counted[key] == pytest.approx(wanted), key
    # circles of several people, and people without a cohort, are among them
    assert {answer["weight"] for answer in answers} > {1.0, 0.5}
    assert {key[2] for key in expected} == set(cohorts)


@pytest.mark.parametrize("by_pair", [False, True])
def test_moments_are_products_of_what_touches_a_person_or_a_pair(
    filled, helped, answers, values, by_pair
):
    touched = defaultdict(lambda: dict.fromkeys(helping.SUMS, 0.0))
    for number, own, partner, answer in known(answers):
        for kind in ("all", "across"):
            if kind == "across" and own == partner:
                continue
            units = [tuple(sorted(answer["pair"]))] if by_pair else answer["pair"]
            weight, yes = answer["weight"], answer["weight"] * answer["helped"]
            for unit in units:
                for group, names in ((partner, ("given_yes", "given")), (own, ("got_yes", "got"))):
                    sums = touched[number, group, kind, unit]
                    sums[names[0]] += yes
                    sums[names[1]] += weight
    query = helping.help_moments(helped, len(ATTRIBUTES), by_pair=by_pair)
    found = reading.rows(filled, query)
    assert {
        (row["attribute_no"], values[row["attribute_no"], row["group_no"]]) for row in found
    } == {key[:2] for key in touched}
    for row in found:
        here = (row["attribute_no"], values[row["attribute_no"], row["group_no"]])
        for kind in ("all", "across"):
            sums = [each for key, each in touched.items() if key[:3] == (*here, kind)]
            for one, other in helping.PRODUCTS:
                wanted = sum(each[one] * each[other] for each in sums)
                assert row[f"{kind}_{one}_{other}"] == pytest.approx(wanted)
            for name in ("given", "got"):
                assert row[f"{kind}_most_{name}"] == pytest.approx(max(e[name] for e in sums))


def test_the_question_is_asked_where_an_item_says_so(filled, tmp_path):
    assert helping.is_asked(filled)
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}")
    fill(engine, make_rows(seed=3))
    with engine.connect() as connection:
        assert not helping.is_asked(connection)
    engine.dispose()
