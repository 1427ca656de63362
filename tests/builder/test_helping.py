"""Help given and received: by hand, protected at both ends, and audited."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from builder.auditing import audit_release
from builder.helping_gate import GAVE, GOT, HelpGate
from disclosure.gate import Verdict
from disclosure.rounding import share_step
from disclosure.thresholds import Thresholds
from release import Release
from tests.builder.organisation import (
    LEFT_OUT,
    UNION,
    UNKNOWN,
    computed,
    filled_engine,
    organisation_rows,
    with_attributes,
)
from tests.store.test_helping import answers_by_hand, with_help

ATTRIBUTES = ("site", "grade")
SHARES = ("help_given", "help_received")
FLOATING_POINT = 1e-4  # estimates are published with four decimals


@pytest.fixture(scope="module")
def rows():
    rows = with_attributes(organisation_rows(), *ATTRIBUTES)
    grades = {
        row["person_id"]: row["value_code"]
        for row in rows["person_attribute"]
        if row["attribute_code"] == "grade"
    }

    def chance(_, others):
        # seniors help nearly always, juniors hardly ever
        return 0.9 if all(grades.get(other) == "senior" for other in others) else 0.3

    return with_help(rows, chance=chance)


@pytest.fixture(scope="module")
def engine(rows):
    return filled_engine(rows)


@pytest.fixture(scope="module")
def contents(engine):
    return computed(engine)


def of_measure(contents, measure, attribute):
    return [c for c in contents.cells if (c.measure, c.breakdown) == (measure, attribute)]


def sides(rows, attribute, group, *, across):
    """Return answers about a group and answers of it, groups as they are published."""
    given, got = [], []
    for answer in answers_by_hand(rows, ATTRIBUTES):
        own, partner = (
            (UNION | LEFT_OUT).get(value, value) for value in answer["groups"][attribute]
        )
        if {own, partner} & set(UNKNOWN) or (across and own == partner):
            continue
        if partner == group:
            given.append(answer)
        if own == group:
            got.append(answer)
    return given, got


def share(answers):
    weight = sum(answer["weight"] for answer in answers)
    return sum(answer["weight"] for answer in answers if answer["helped"]) / weight


def people(answers):
    return min(len({answer["pair"][end] for answer in answers}) for end in (0, 1))


@pytest.mark.parametrize("suffix", ["", "_across"])
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_shares_are_those_counted_by_hand(contents, rows, attribute, suffix):
    drawn = 0
    for number, key in enumerate(SHARES):
        for cell in of_measure(contents, f"{key}{suffix}", attribute):
            if not cell.is_drawn:
                continue
            answers = sides(rows, attribute, cell.group, across=bool(suffix))[number]
            drawn += 1
            half = share_step(people(answers)) / 2 + FLOATING_POINT
            if not cell.printed.startswith(("under", "over")):
                assert cell.estimate == pytest.approx(share(answers), abs=half)
            assert cell.people == pytest.approx(people(answers), abs=2.5)
    assert drawn >= 2


def test_who_helps_is_found_and_a_balance_is_that_of_its_published_shares(contents):
    cells = {cell.group: cell for cell in of_measure(contents, "help_balance_across", "grade")}
    assert cells["senior"].verdict == "above"
    assert cells["junior"].verdict == "below"
    assert "more often than they get it" in cells["senior"].sentence
    given, got = (
        {cell.group: cell for cell in of_measure(contents, f"{key}_across", "grade")}
        for key in SHARES
    )
    for group, cell in cells.items():
        ratio = given[group].estimate / got[group].estimate
        assert cell.estimate == pytest.approx(ratio, abs=1e-3)
        assert cell.expected == pytest.approx(1, abs=0.1)


def findings(engine, contents):
    with engine.connect() as connection:
        return audit_release(connection, Release(contents), Thresholds())


def test_the_release_keeps_every_promise(engine, contents):
    assert findings(engine, contents) == []


def forged(contents, cell, **changes):
    wrong = replace(cell, **changes)
    return replace(contents, cells=tuple(wrong if c == cell else c for c in contents.cells))


def test_the_audit_notices_values_and_balances_that_are_not_what_they_say(engine, contents):
    cell = of_measure(contents, "help_given_across", "grade")[0]
    wrong = forged(contents, cell, estimate=cell.estimate + 0.2)
    assert {"value", "balance and shares"} <= {f.rule for f in findings(engine, wrong)}
    balance = of_measure(contents, "help_balance_across", "grade")[0]
    wrong = forged(contents, balance, estimate=balance.estimate + 0.1)
    assert {finding.rule for finding in findings(engine, wrong)} == {"balance and shares"}


def answering(*answers):
    """Lay out answers as the gate reads them: who answered about whom, and both groups."""
    return pd.DataFrame(answers, columns=["answered_by", "helped_by", "o0", "p0"])


def test_answers_inside_a_group_cannot_be_had_by_subtraction():
    # thirty pairs across, both ways; of those inside group 2 only two people answered
    across = [(n, 100 + n, 2, 3) for n in range(30)] + [(100 + n, n, 3, 2) for n in range(30)]
    gate = HelpGate(answering(*across, (0, 1, 2, 2), (1, 0, 2, 2)), 1, Thresholds())
    assert gate.offer(0, 2, "across", GOT) is Verdict.SHOWN
    assert gate.offer(0, 2, "all", GOT) is Verdict.PROTECTS
    enough = [(n, (n + 1) % 30, 2, 2) for n in range(30)]
    gate = HelpGate(answering(*across, *enough), 1, Thresholds())
    assert gate.offer(0, 2, "across", GOT) is Verdict.SHOWN
    assert gate.offer(0, 2, "all", GOT) is Verdict.SHOWN


@pytest.mark.parametrize("swapped", [False, True])
def test_few_people_at_either_end_are_protected(swapped):
    # thirty people answer about four
    answers = [(n, 100 + n % 4, 2, 3) for n in range(30)]
    if swapped:
        answers = [(other, one, partner, own) for one, other, own, partner in answers]
    gate = HelpGate(answering(*answers), 1, Thresholds())
    group, side = (2, GAVE) if swapped else (2, GOT)
    assert gate.behind(0, group, "across")[1 - swapped] == 4
    assert gate.offer(0, group, "across", side) is Verdict.SMALL
