"""The gate: its boundaries, its promise, and that the audit catches a gate that is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.audit import audit_item, audit_statistics
from disclosure.gate import Gate, Verdict
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity

DEFAULT = Thresholds()
ATTITUDE = Sensitivity.ATTITUDE


class PersonGate:
    """The same rule written over single people, with nothing clever, as a second opinion."""

    def __init__(self, people: int, thresholds: Thresholds) -> None:
        self.directions = np.zeros((0, people))
        self.thresholds = thresholds

    def offer(self, inside: np.ndarray) -> Verdict:
        if inside.sum() < self.thresholds.people:
            return Verdict.SMALL
        candidate = np.vstack([self.directions, inside.astype(float)])
        projection = np.linalg.pinv(candidate) @ candidate
        if np.diag(projection).max() > 1 / self.thresholds.effective + 1e-9:
            return Verdict.PROTECTS
        self.directions = candidate
        return Verdict.SHOWN


def populations(largest: int = 12):
    patterns = st.integers(1, 10)
    return patterns.flatmap(
        lambda count: st.tuples(
            st.lists(st.integers(0, largest), min_size=count, max_size=count),
            st.lists(st.lists(st.booleans(), min_size=count, max_size=count), max_size=14),
        )
    )


def offer_all(people, cells, thresholds=DEFAULT, sensitivity=ATTITUDE):
    gate = Gate(np.array(people), thresholds, sensitivity)
    return [gate.offer(np.array(cell)) for cell in cells]


def kept(cells, verdicts):
    return [cell for cell, verdict in zip(cells, verdicts, strict=True) if verdict == "shown"]


@pytest.mark.parametrize(
    ("people", "verdict"),
    [(size, "small") for size in range(10)] + [(10, "shown"), (11, "shown")],
)
def test_a_cell_is_shown_from_ten_people_on_and_smaller_ones_look_alike(people, verdict):
    # the threshold itself: privacy threshold of 10, from 0 to 9 never told apart
    assert offer_all([people, 30], [[True, False]]) == [verdict]


@pytest.mark.parametrize(("people", "verdict"), [(4, "small"), (5, "shown")])
def test_an_operational_cell_needs_five_people_and_nothing_else(people, verdict):
    assert offer_all([people, 30], [[1, 0]], sensitivity=Sensitivity.OPERATIONAL) == [verdict]
    # 25 inside 27: differencing would isolate two, which operational numbers accept
    nested = offer_all([25, 2], [[1, 1], [1, 0]], sensitivity=Sensitivity.OPERATIONAL)
    assert nested == ["shown", "shown"]


@pytest.mark.parametrize(("rest", "verdict"), [(4, "protects"), (5, "shown"), (6, "shown")])
def test_a_part_is_shown_only_if_the_rest_has_five_people(rest, verdict):
    # whole and part span part and rest; leverage in the rest is 1/rest, allowed up to 1/5
    assert offer_all([40, rest], [[1, 1], [1, 0]]) == ["shown", verdict]


def test_a_cell_that_follows_from_shown_ones_costs_nothing():
    # the third cell is the whole minus the first part, exactly 5 people less would be refused
    cells = [[1, 1, 1], [1, 0, 0], [0, 1, 1], [1, 0, 0], [1, 1, 1]]
    assert offer_all([10, 5, 5], cells) == ["shown"] * 5


def test_special_categories_follow_the_rule_for_attitudes():
    cells = [[1, 1], [1, 0]]
    assert offer_all([40, 4], cells, sensitivity=Sensitivity.SPECIAL) == ["shown", "protects"]


def test_empty_patterns_change_nothing():
    assert offer_all([40, 0, 4], [[1, 1, 1], [1, 1, 0]]) == offer_all([40, 4], [[1, 1], [1, 0]])


def test_a_cell_of_another_population_is_refused():
    with pytest.raises(ValueError, match="patterns"):
        Gate([10, 10], DEFAULT, ATTITUDE).offer([True])
    with pytest.raises(ValueError, match="negative"):
        Gate([10, -1], DEFAULT, ATTITUDE)


@settings(max_examples=300, deadline=None)
@given(populations())
def test_the_audit_finds_nothing_in_what_the_gate_showed(population):
    people, cells = population
    shown = kept(cells, offer_all(people, cells))
    assert audit_item(people, np.array(shown).reshape(-1, len(people)), DEFAULT) == []


@settings(max_examples=200, deadline=None)
@given(populations())
def test_patterns_give_the_verdicts_that_single_people_give(population):
    people, cells = population
    by_person = PersonGate(sum(people), DEFAULT)
    expected = [by_person.offer(np.repeat(np.array(cell), people)) for cell in cells]
    assert offer_all(people, cells) == expected


@settings(max_examples=150, deadline=None)
@given(populations(), st.integers(10, 30))
def test_raising_the_number_of_people_only_hides(population, raised):
    people, cells = population
    usual = offer_all(people, cells)
    stricter = offer_all(people, cells, Thresholds(people=raised))
    for before, after in zip(usual, stricter, strict=True):
        assert after in {before, "small"}


def test_raising_a_threshold_hides_cells_of_a_catalogue_offered_from_whole_to_part():
    # nested cells of 60, 50, 40, 30, 20, 10 people: each difference has 10
    people = [10] * 6
    cells = [[n < size for n in range(6)] for size in range(6, 0, -1)]
    assert offer_all(people, cells) == ["shown"] * 6
    raised = offer_all(people, cells, Thresholds(people=20, effective=11))
    assert raised == ["shown", "protects", "shown", "protects", "shown", "small"]


def size_check_only(people, cells):
    sizes = np.array(cells) @ np.array(people)
    return [cell for cell, size in zip(cells, sizes, strict=True) if size >= DEFAULT.people]


def rules(findings):
    return {finding.rule for finding in findings}


def test_a_size_check_instead_of_the_gate_fails_the_audit_on_a_nested_pair():
    people, cells = [40, 1], [[1, 1], [1, 0]]
    findings = audit_item(people, size_check_only(people, cells), DEFAULT)
    assert rules(findings) == {"effective group size", "nested cells"}


def test_a_size_check_fails_the_audit_on_a_combination_that_no_pair_shows():
    # a + c + e - b - d = twice the first pattern, a single person; all cells have 20 people or more
    people = [1, 20, 20, 20, 20]
    five = [
        [1, 1, 0, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 1, 1],
        [1, 0, 0, 0, 1],
    ]
    findings = audit_item(people, size_check_only(people, five), DEFAULT)
    assert rules(findings) == {"effective group size"}
    verdicts = offer_all(people, five)
    assert verdicts.count("protects") >= 1
    assert audit_item(people, kept(five, verdicts), DEFAULT) == []


def test_the_gate_stays_exact_over_hundreds_of_overlapping_cells():
    # a re-orthogonalised span must agree with the singular value decomposition of the audit
    random = np.random.default_rng(5)
    people = random.integers(1, 40, size=600)
    cells = random.random((250, 600)) < random.uniform(0.02, 0.9, size=(250, 1))
    verdicts = offer_all(people, cells)
    shown = np.array(kept(list(cells), verdicts))
    assert len(shown) > 20
    assert audit_item(people, shown, DEFAULT) == []


def test_what_another_statistic_used_up_is_left_to_it():
    """Ten people alone have leverage 1/10: within 1/5 beside 0.1 spent, and not beside 0.11."""
    people, cell = np.array([10, 40]), np.array([True, False])
    for spent, verdict in ((0.1, Verdict.SHOWN), (0.11, Verdict.PROTECTS)):
        gate = Gate(people, DEFAULT, ATTITUDE, spent=np.array([spent, 0.0]))
        assert gate.offer(np.array([True, True])) == Verdict.SHOWN
        assert gate.offer(cell) == verdict


@pytest.mark.parametrize(("spent", "verdict"), [(1e-10, "shown"), (1e-8, "protects")])
def test_the_limit_leaves_room_for_rounding_and_for_nothing_else(spent, verdict):
    gate = Gate([40, 5], DEFAULT, ATTITUDE, spent=[0.0, spent])
    assert gate.offer([True, True]) == "shown"
    assert gate.offer([True, False]) == verdict


def test_leverage_is_what_shown_cells_tell_of_a_person():
    gate = Gate(np.array([10, 0, 40]), DEFAULT, ATTITUDE)
    gate.offer(np.array([True, True, True]))
    assert gate.leverage == pytest.approx([1 / 50, 0, 1 / 50])
    # a refused cell leaves nothing behind; one that is shown tells both parts apart
    gate.offer(np.array([True, False, False]))
    assert gate.leverage == pytest.approx([1 / 10, 0, 1 / 40])


def test_the_audit_adds_up_several_statistics_of_the_same_answers():
    people, whole, part = np.array([10, 40]), [True, True], [True, False]
    assert audit_statistics(people, [(1, [whole, part]), (2, [whole])], DEFAULT) == []
    findings = audit_statistics(people, [(1, [whole, part]), (2, [part])], DEFAULT)
    assert [finding.rule for finding in findings] == ["effective group size"]


def test_a_counted_cell_is_remembered_whatever_it_tells():
    """Ten of twelve are published by a rule of their own: nothing may tell the two apart further.

    By hand: with the whole and a cell of ten known, the two others have leverage 1/2 each.
    """
    gate = Gate(np.array([10, 1, 1, 20]), DEFAULT, ATTITUDE)
    assert gate.offer([True, True, True, False]) is Verdict.SHOWN
    gate.count([True, False, False, False])
    assert gate.leverage == pytest.approx([1 / 10, 1 / 2, 1 / 2, 0])
    # what follows from both is no news, and who was not concerned is not held up
    assert gate.offer([True, False, False, False]) is Verdict.SHOWN
    assert gate.offer([False, False, False, True]) is Verdict.SHOWN
    # a new cell would tell one of the two from the other
    assert gate.offer([True, True, False, True]) is Verdict.PROTECTS
    assert gate.offer([True, False, False, True]) is Verdict.SHOWN


def test_a_cell_that_follows_from_a_counted_one_is_seen_where_it_was_refused():
    """Offered alone the ten would be refused after the twelve, and the twenty shown after them."""
    people = np.array([10, 2, 10])
    whole, ten, two_and_ten = [True] * 3, [True, False, False], [False, True, True]
    for tell, expected in (("offer", Verdict.SHOWN), ("count", Verdict.SHOWN)):
        gate = Gate(people, DEFAULT, ATTITUDE)
        gate.offer(whole)
        getattr(gate, tell)(ten)
        assert gate.offer(two_and_ten) is expected
    gate = Gate(people, DEFAULT, ATTITUDE)
    gate.offer(whole)
    gate.count([True, True, False])
    gate.count(ten)
    assert gate.offer([False, False, True]) is Verdict.SHOWN
    assert gate.offer([True, False, True]) is Verdict.SHOWN  # the whole without the two: known
