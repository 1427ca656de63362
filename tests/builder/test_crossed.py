"""Cells of crossed groups equal plain Python over the same rows, and keep their promises."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from builder.auditing import audit_release
from builder.crossed import ALONE, KEY, ratios_of
from builder.crossed_groups import CrossedGroup, group_all
from builder.gathering import GroupNumbers
from disclosure.gate import Verdict
from disclosure.publishing import publish
from disclosure.rounding import expected_step, share_step, to_five
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from disclosure.verdicts import ABOVE, BELOW, judge
from metrics import measure
from release import Release
from store.aggregates import Grouping
from tests.builder.organisation import computed, filled_engine, met, with_attributes
from tests.builder.organisation import organisation_rows as make_organisation
from tests.metrics.connection.crossed_tables import count_crossed

FLOATING_POINT = 1e-4  # estimates are published with four decimals


@pytest.fixture(scope="module")
def rows():
    return with_attributes(make_organisation(), "site", "grade")


@pytest.fixture(scope="module")
def engine(rows):
    return filled_engine(rows)


@pytest.fixture(scope="module")
def contents(engine):
    """Return a release at the lowest effective size, in which more can be compared."""
    return computed(engine, minimum_effective=3)


def of_measure(contents, key, attribute):
    return {c.group: c for c in contents.cells if (c.measure, c.breakdown) == (key, attribute)}


def by_hand(rows, own, beside):
    """Return, by crossed group, the people, observed and expected weight of contacts outside."""
    everything = [pairing for pairing in met(rows, own) if pairing.is_known]
    others = [
        other
        for pairing, other in zip(met(rows, own), met(rows, beside), strict=True)
        if pairing.is_known
    ]
    seats = defaultdict(list)
    for number, (pairing, other) in enumerate(zip(everything, others, strict=True)):
        for side in (0, 1):
            crossed = (pairing.groups[side], other.groups[side])
            seats[pairing.stratum].append((pairing.people[side], *crossed, number))
    found = defaultdict(lambda: [set(), 0.0, 0.0, 0.0])
    for taken in seats.values():
        chances = defaultdict(list)
        for person, group, second, _ in taken:
            chances[group, second] += [group != each[1] for each in taken if each[0] != person]
        for person, group, second, number in taken:
            sums, weight = found[group, second], everything[number].weight
            sums[0].add(person)
            sums[1] += weight
            sums[2] += weight * everything[number].crosses
            sums[3] += weight * np.mean(chances[group, second])
    return found


@pytest.mark.parametrize(("own", "beside"), [("site", "grade"), ("grade", "site")])
def test_ratios_as_counted_are_those_counted_by_hand(contents, rows, own, beside):
    exact = by_hand(rows, own, beside)
    drawn = {key: c for key, c in of_measure(contents, ALONE, own).items() if c.is_drawn}
    assert len(drawn) >= 4
    for key, cell in drawn.items():
        group, _, rest = key.partition("|")
        people, weight, observed, expected = exact[group, rest.partition("=")[2]]
        assert cell.people == to_five(len(people))
        base = expected / weight
        half = (share_step(len(people)) + expected_step(len(people)) * observed / expected) / 2
        if not cell.printed.startswith(("under", "over")):
            reach = half / base * 1.05 + FLOATING_POINT
            assert cell.estimate == pytest.approx(observed / expected, abs=reach)


def test_every_crossed_group_has_a_steadied_value_or_the_same_reason_for_none(contents):
    for attribute in ("site", "grade"):
        counted, steadied = (of_measure(contents, key, attribute) for key in (ALONE, KEY))
        assert counted.keys() == steadied.keys()
        for key, cell in counted.items():
            assert steadied[key].is_hidden == cell.is_hidden
            if not steadied[key].is_drawn:
                assert steadied[key].reason == cell.reason
            # what is counted is no finding by itself
            assert cell.verdict == ""


def test_a_steadied_value_stands_beside_the_one_counted(contents):
    cells = [cell for cell in of_measure(contents, KEY, "site").values() if cell.is_drawn]
    assert cells
    for cell in cells:
        assert "counted alone" in cell.sentence
        assert "people whose site is" in cell.sentence
        assert "and whose grade is" in cell.sentence


def test_special_categories_are_crossed_with_nothing(rows):
    everything = make_organisation()
    found = computed(
        filled_engine(with_attributes(everything, "site", "belief")),
        special_attributes="belief",
        special_purpose="To see whether beliefs part people.",
    )
    assert any(cell.breakdown == "belief" for cell in found.cells)
    assert not [cell for cell in found.cells if cell.measure in (KEY, ALONE)]


@pytest.mark.parametrize("leading", ["grade", "site"])
def test_attributes_are_crossed_with_the_leading_one(leading):
    rows = with_attributes(make_organisation(), "function", "site", "grade")
    found = computed(filled_engine(rows), headline_attribute=leading)
    beside = defaultdict(set)
    for cell in found.cells:
        if cell.measure == KEY:
            beside[cell.breakdown].add(cell.group.partition("|")[2].partition("=")[0])
    others = {"function", "site", "grade"} - {leading}
    assert beside == {leading: others} | {other: {leading} for other in others}


def numbers(*codes):
    return GroupNumbers(Grouping("any"), tuple(range(2, 2 + len(codes))), codes, codes, ())


def test_small_crossed_groups_are_merged_within_their_first_group():
    own, beside = numbers("woman", "man"), numbers("a", "b", "c", "d")
    people = {(2, 2): 40, (2, 3): 6, (2, 4): 7, (3, 2): 60, (3, 3): 35, (3, 4): 3}
    found = list(group_all(own, beside, people, Thresholds()))
    # by hand: 6 + 7 women join and are enough; d, which nobody is in, is not told from a few;
    # of the men, c and d stay too few even together, and are hidden together
    assert [(group.own, group.members) for group in found] == [
        (0, (0,)), (0, (1, 2, 3)), (1, (0,)), (1, (1,)), (1, (2, 3)),
    ]  # fmt: skip
    assert found[1].number == found[1].numbers[0]
    assert found[1].level == found[4].level == 4


def findings(engine, contents):
    with engine.connect() as connection:
        return audit_release(connection, Release(contents), Thresholds(effective=3))


def test_the_release_keeps_every_promise(engine, contents):
    assert findings(engine, contents) == []


def test_the_audit_notices_a_crossed_group_that_must_not_stand_there(engine, contents):
    cells = list(contents.cells)
    place = next(n for n, c in enumerate(cells) if c.measure == KEY and c.is_drawn)
    unknown = replace(cells[place], group="north|grade=nobody")
    broken = replace(contents, cells=(*cells[:place], unknown, *cells[place + 1 :]))
    assert {finding.rule for finding in findings(engine, broken)} >= {"not published", "own number"}


def test_the_audit_notices_a_crossed_group_that_the_gate_would_hide(engine, contents):
    """A union of four interns apart, so that shown parts would single out a few."""
    template = next(c for c in contents.cells if c.measure == ALONE and c.is_drawn)
    hidden = [c for c in contents.cells if c.measure == ALONE and c.status == "protects"]
    if not hidden:
        pytest.skip("nothing is hidden to protect others here")
    shown = {
        (cell.breakdown, cell.group): replace(template, breakdown=cell.breakdown, group=cell.group)
        for cell in hidden
    }
    broken = tuple(
        shown.get((c.breakdown, c.group), c) if c.measure == ALONE else c for c in contents.cells
    )
    assert findings(engine, replace(contents, cells=broken))


def drawn_programme(rng, own, beside, rounds):
    """Return pairings in which everybody is paired by lot in every round."""
    pairs, strata = [], []
    for number in range(rounds):
        order = rng.permutation(len(own))
        pairs += list(zip(order[::2].tolist(), order[1::2].tolist(), strict=True))
        strata += [number] * (len(own) // 2)
    return count_crossed(pairs, own, beside, strata=strata)


def verdicts_of(counts, crossed):
    """Return the verdicts on all crossed groups, from results to the last rounding."""
    labels = Labels(place="the whole organisation", breakdown="gender", groups=("a × b",))
    every = range(len(crossed))
    cells = [
        publish(measure(ALONE), measure(ALONE).compute(counts, (number,)), Verdict.SHOWN,
                Thresholds(), labels)
        for number in every
    ]  # fmt: skip
    groups = [CrossedGroup(own, (beside,), beside, (1,), (1,)) for own, beside in crossed]
    ratios = ratios_of(SimpleNamespace(groups=groups), counts, cells)
    steadied = [
        publish(measure(KEY), measure(KEY).compute(ratios, (number,)), Verdict.SHOWN, Thresholds(),
                labels)
        for number in every
    ]  # fmt: skip
    return [cell.verdict for cell in judge(steadied)]


@pytest.mark.simulation
@pytest.mark.parametrize("groups", [(2, 4), (4, 2)])
def test_where_partners_are_drawn_by_lot_few_tables_show_anything(groups):
    rng = np.random.default_rng(sum(groups))
    found = []
    for _ in range(200):
        own, beside = (rng.integers(size, size=240).tolist() for size in groups)
        found.append(verdicts_of(*drawn_programme(rng, own, beside, rounds=6)))
    tables = np.mean([ABOVE in said or BELOW in said for said in found])
    # 5 % false findings; two standard errors of 200 tables are 3 points
    assert tables <= 0.05 + 0.03
    assert np.mean([verdict in (ABOVE, BELOW) for said in found for verdict in said]) <= 0.05


@pytest.mark.simulation
def test_a_crossed_group_that_meets_others_half_as_often_is_found():
    rng = np.random.default_rng(30)
    people, found = 640, []
    for _ in range(20):
        own, beside = (rng.integers(size, size=people) for size in (2, 4))
        left_out = (own == 0) & (beside == 0)
        pairs, strata = [], []
        for number in range(12):
            i, j = rng.permutation(people).reshape(2, -1)
            met = (own[i] == own[j]) | ~(left_out[i] | left_out[j]) | (rng.random(i.size) < 0.5)
            pairs += list(zip(i[met].tolist(), j[met].tolist(), strict=True))
            strata += [number] * int(met.sum())
        counts, crossed = count_crossed(pairs, own.tolist(), beside.tolist(), strata=strata)
        found.append(verdicts_of(counts, crossed)[0] == BELOW)
    assert np.mean(found) > 0.9
