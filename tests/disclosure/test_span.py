"""The span of known cells, beside exact arithmetic: keeping cells as they are loses nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import span
from disclosure.gate import LEVERAGE_TOLERANCE, Gate, Verdict
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity

DEFAULT = Thresholds()
ATTITUDE = Sensitivity.ATTITUDE
LIMIT = Fraction(1, DEFAULT.effective) + Fraction(LEVERAGE_TOLERANCE)
NEARLY = 1e-11
"""How far leverages may differ from exact ones: a hundredth of the gate's tolerance."""


class ExactGate:
    """The same rule in whole numbers and fractions of them, by Gram and Schmidt, over patterns."""

    def __init__(self, people, spent=None):
        self.people = [int(number) for number in people]
        self.directions = []
        self.leverage = [Fraction(0)] * len(self.people)
        self.spent = [Fraction(0) if spent is None else Fraction(s) for s in spent or self.people]

    def dot(self, one, other):
        return sum(n * a * b for n, a, b in zip(self.people, one, other, strict=True))

    def rest(self, cell):
        rest = [Fraction(int(inside)) for inside in cell]
        for direction in self.directions:
            part = self.dot(rest, direction) / self.dot(direction, direction)
            rest = [value - part * d for value, d in zip(rest, direction, strict=True)]
        return rest

    def with_rest(self, rest):
        length = self.dot(rest, rest)
        pairs = zip(self.people, self.leverage, rest, strict=True)
        return [old + d * d / length if n else old for n, old, d in pairs]

    def offer(self, cell):
        if sum(n for n, inside in zip(self.people, cell, strict=True) if inside) < DEFAULT.people:
            return Verdict.SMALL
        rest = self.rest(cell)
        if not self.dot(rest, rest):
            return Verdict.SHOWN
        after = self.with_rest(rest)
        for known, told, spent in zip(self.leverage, after, self.spent, strict=True):
            most = LIMIT if known <= LIMIT else known + Fraction(LEVERAGE_TOLERANCE)
            if told + spent > most:
                return Verdict.PROTECTS
        self.keep(rest, after)
        return Verdict.SHOWN

    def count(self, cell):
        rest = self.rest(cell)
        if self.dot(rest, rest):
            self.keep(rest, self.with_rest(rest))

    def keep(self, rest, leverage):
        self.directions.append(rest)
        self.leverage = leverage


def calls(sizes, most=16):
    """Draw people by pattern, what is spent of each, and cells to offer or to count."""
    return st.integers(1, 9).flatmap(
        lambda patterns: st.tuples(
            st.lists(sizes, min_size=patterns, max_size=patterns),
            st.none() | st.lists(SPENT, min_size=patterns, max_size=patterns),
            st.lists(
                st.tuples(
                    st.sampled_from(["offer", "offer", "offer", "count"]),
                    st.lists(st.booleans(), min_size=patterns, max_size=patterns),
                ),
                max_size=most,
            ),
        )
    )


SPENT = st.sampled_from([0.0, 0.01, 0.1])
FEW = st.integers(0, 12)
MIXED = st.sampled_from([0, 1, 2, 5, 30, 1_000, 99_999])
"""Cells may differ by one person of two hundred thousand."""


def agree(people, spent, told):
    """Tell both gates the same; fail where they part."""
    gate, exact = Gate(people, DEFAULT, ATTITUDE, spent=spent), ExactGate(people, spent)
    for kind, cell in told:
        assert getattr(gate, kind)(cell) == getattr(exact, kind)(cell)
        occupied = np.array(people) > 0
        expected = np.where(occupied, np.array(exact.leverage, dtype=float), 0)
        assert gate.leverage == pytest.approx(expected, abs=NEARLY, rel=0)


@pytest.fixture(params=[1, 3, span.CLOSED_AT])
def closed_at(request, monkeypatch):
    """Let a table take one cell, a few, or as many as usual."""
    monkeypatch.setattr(span, "CLOSED_AT", request.param)


@pytest.mark.usefixtures("closed_at")
@pytest.mark.parametrize("sizes", [FEW, MIXED], ids=["few people", "few beside many"])
def test_verdicts_and_leverages_are_those_of_exact_arithmetic(sizes):
    @settings(max_examples=120, deadline=None)
    @given(calls(sizes))
    def compare(drawn):
        agree(*drawn)

    compare()


def test_one_person_of_a_hundred_thousand_is_told_apart_and_no_second_time():
    """By hand: with the whole and all but one known, that one has leverage 1."""
    people = [1, 49_999, 50_000]
    gate = Gate(people, DEFAULT, ATTITUDE)
    assert gate.offer([True, True, True]) is Verdict.SHOWN
    assert gate.offer([False, True, True]) is Verdict.PROTECTS
    gate.count([False, True, True])
    assert gate.leverage == pytest.approx([1, 1 / 99_999, 1 / 99_999], rel=1e-9)
    # known already: the one alone would be too small, and so nothing about it is news
    assert gate.offer([False, True, False]) is Verdict.SHOWN
    assert gate.offer([True, True, False]) is Verdict.SHOWN
    assert gate.leverage == pytest.approx([1, 1 / 49_999, 1 / 50_000], rel=1e-9)
    assert gate.offer([True, False, True]) is Verdict.SHOWN


def test_a_long_chain_of_cells_that_differ_by_one_person_stays_exact():
    """Each counted cell has one person fewer: by hand, whoever left has leverage 1."""
    left = 60
    people = np.append(np.ones(left, dtype=int), 100_000 - left)
    gate = Gate(people, DEFAULT, ATTITUDE)
    for gone in range(left):
        gate.count(np.arange(left + 1) >= gone)
    expected = np.append(np.ones(left - 1), np.full(2, 1 / (100_000 - left + 1)))
    assert gate.leverage == pytest.approx(expected, rel=1e-9)
    # every union of those who left follows, so it costs nothing; who is left cannot be split
    chance = np.random.default_rng(11)
    for _ in range(40):
        union = np.append(chance.random(left - 1) < 0.5, [True, True])
        assert gate.offer(union) is Verdict.SHOWN
    assert gate.offer(np.arange(left + 1) == left) is Verdict.PROTECTS
    assert gate.leverage == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_cells_that_tell_single_people_from_millions_apart_stay_exact(seed):
    """By exact arithmetic; without a second pass such spans lose everything to rounding."""
    chance = np.random.default_rng(seed)
    patterns = 24
    people = chance.choice([1, 1, 2, 7, 300, 99_999, 1_000_000], patterns)
    gate, exact = Gate(people, DEFAULT, ATTITUDE), ExactGate(people)
    for _ in range(40):
        cell = chance.random(patterns) < chance.choice([0.05, 0.3, 0.5, 0.9])
        gate.count(cell)
        exact.count(cell)
    assert len(exact.directions) == patterns
    assert gate.leverage == pytest.approx(np.array(exact.leverage, dtype=float), abs=NEARLY)


def organisation(seed, people):
    """Return people by pattern and cells by place, wave and group: wholes first, then parts."""
    chance = np.random.default_rng(seed)
    cohort = chance.integers(12, size=people)
    wave = chance.integers(3, size=people)
    groups = [chance.choice(4, people, p=[0.6, 0.25, 0.1, 0.05]) for _ in range(3)]
    whole = np.ones(people, dtype=bool)
    places = [whole, *(cohort % 3 == p for p in range(3)), *(cohort == c for c in range(12))]
    cells = [place & when for place in places for when in [whole, *(wave == w for w in range(3))]]
    cells += [
        (group == g) & when
        for group in groups
        for g in range(4)
        for when in [whole, *(wave == w for w in range(3))]
    ]
    return cells


def test_a_catalogue_gets_the_verdicts_of_singular_values(monkeypatch):
    """By numpy's decomposition of the cells over single people, anew for every cell."""
    monkeypatch.setattr(span, "CLOSED_AT", 20)
    people = 400
    gate = Gate(np.ones(people, dtype=int), DEFAULT, ATTITUDE)
    known, rank, told = np.zeros((0, people)), 0, np.zeros(people)
    verdicts = []
    for cell in organisation(4, people):
        verdict = gate.offer(cell)
        verdicts.append(verdict)
        if verdict is Verdict.SMALL:
            continue
        candidate = np.vstack([known, cell.astype(float)])
        _, strengths, directions = np.linalg.svd(candidate, full_matrices=False)
        kept = directions[strengths > 1e-9 * strengths[0]]
        leverage = (kept**2).sum(axis=0)
        fits = leverage.max() <= 1 / DEFAULT.effective + LEVERAGE_TOLERANCE
        assert verdict == (Verdict.SHOWN if fits else Verdict.PROTECTS)
        if fits:
            known = candidate if len(kept) > rank else known
            rank, told = len(kept), leverage
    assert gate.leverage == pytest.approx(told, abs=1e-10)
    assert verdicts.count("shown") > 50 and verdicts.count("protects") > 20
    assert rank < verdicts.count("shown")  # some follow from others
