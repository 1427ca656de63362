"""Crossing by mode and topic, against enumeration, the whole, and drawn lotteries."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from metrics.connection.measures import cross_group_ratio, cross_group_share
from metrics.connection.where import (
    PlaceCounts,
    completion_by_place,
    cross_group_ratio_by_place,
    place_crossing,
    recorded_alike,
    shared_result,
)
from metrics.definition import Status
from metrics.intervals import Z95
from metrics.participation import RateMoments
from tests.metrics.connection.pairing_tables import count_pairings


def moments(rows):
    """Return the sums of (people, d, x) over people and over pairs, counted one by one."""
    person, pair = defaultdict(Counter), defaultdict(Counter)
    for people, d, x in rows:
        for somebody in people:
            person[somebody] += Counter(d=d, x=x)
        pair[frozenset(people)] += Counter(d=d, x=x)

    def total(units, one, other):
        return float(sum(each[one] * each[other] for each in units.values()))

    return RateMoments(
        numerator=float(sum(x for _, _, x in rows)),
        denominator=float(sum(d for _, d, _ in rows)),
        people=len(person),
        denominator_squared=total(person, "d", "d"),
        product=total(person, "d", "x"),
        numerator_squared=total(person, "x", "x"),
        pair_denominator_squared=total(pair, "d", "d"),
        pair_product=total(pair, "d", "x"),
        pair_numerator_squared=total(pair, "x", "x"),
    )


def place_counts(pairs, group_of, chosen, *, strata=None, weights=None):
    """Return the counts of the chosen pairings among all."""
    whole = count_pairings(pairs, group_of, strata=strata, weights=weights)
    strata = [0] * len(pairs) if strata is None else strata
    weights = [1.0] * len(pairs) if weights is None else weights
    per_stratum = np.zeros((3, len(whole.pairings)))
    rows = []
    for (one, other), stratum, weight, inside in zip(pairs, strata, weights, chosen, strict=True):
        if inside:
            per_stratum[:, stratum] += 1, weight, weight**2
            crosses = group_of[one] != group_of[other]
            rows.append(((one, other), weight, weight * crosses))
    return PlaceCounts(
        stubs=whole.stubs,
        stubs_squared=whole.stubs_squared,
        pairings=per_stratum[0],
        weights=per_stratum[1],
        weights_squared=per_stratum[2],
        contacts=moments(rows),
        people=len({person for people, _, _ in rows for person in people}),
    )


def matchings(seats):
    """Yield every way to pair up the seats."""
    if not seats:
        yield []
        return
    first, *others = seats
    for position, partner in enumerate(others):
        rest = others[:position] + others[position + 1 :]
        for tail in matchings(rest):
            yield [(first, partner), *tail]


def random_programme(seed, people=60, pairings=150, groups=3):
    rng = np.random.default_rng(seed)
    group_of = rng.integers(groups, size=people)
    pairs = [tuple(rng.choice(people, 2, replace=False)) for _ in range(pairings)]
    strata = rng.integers(4, size=pairings)
    weights = rng.choice([1.0, 0.5], size=pairings)
    return rng, pairs, group_of, strata, weights


@pytest.mark.parametrize("kept", [1, 2, 3])
def test_mean_and_variance_are_those_over_every_possible_matching(kept):
    # six seats of six people give 15 matchings; the place is the first `kept` pairings of each
    group_of = [0, 0, 0, 1, 1, 2]
    crossed = [
        sum(group_of[one] != group_of[other] for one, other in matching[:kept])
        for drawn in matchings(list(range(6)))
        for matching in _orders(drawn)
    ]
    pairs = [(0, 1), (2, 3), (4, 5)]
    found = place_crossing(place_counts(pairs, group_of, [n < kept for n in range(3)]))
    assert found.expected == pytest.approx(np.mean(crossed))
    assert found.variance == pytest.approx(np.var(crossed))


def _orders(matching):
    """Return a matching in every cyclic order, so that no seat comes first more often."""
    return [
        [matching[order[number]] for number in range(3)]
        for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_single_place_that_holds_everything_says_what_the_whole_says(seed):
    _, pairs, group_of, strata, weights = random_programme(seed)
    whole = cross_group_ratio(count_pairings(pairs, group_of, strata=strata, weights=weights))
    everything = [True] * len(pairs)
    place = cross_group_ratio_by_place(
        place_counts(pairs, group_of, everything, strata=strata, weights=weights)
    )
    for name in ("estimate", "low", "high", "base", "expected_error", "effective_size"):
        assert getattr(place, name) == pytest.approx(getattr(whole, name)), name
    assert (place.people, place.pairs) == (whole.people, whole.pairs)


@pytest.mark.parametrize("seed", range(5))
def test_expected_crossings_of_all_places_add_up_to_those_of_the_whole(seed):
    rng, pairs, group_of, strata, weights = random_programme(seed)
    place_of = rng.integers(3, size=len(pairs))
    parts = [
        place_crossing(
            place_counts(pairs, group_of, place_of == place, strata=strata, weights=weights)
        )
        for place in range(3)
    ]
    share = cross_group_share(count_pairings(pairs, group_of, strata=strata, weights=weights))
    total = sum(part.total for part in parts)
    assert sum(part.expected for part in parts) / total == pytest.approx(share.expected)
    assert sum(part.observed for part in parts) / total == pytest.approx(share.estimate)


def test_a_ratio_worked_out_by_hand():
    # 20 rounds of four people, two of each group: a lottery crosses in 2 of 3 pairings.
    # Online crosses in all 20 rounds, in person never: each has 20 pairings, 40/3 expected.
    group_of = [0, 0, 1, 1]
    pairs, strata, online = [], [], []
    for number in range(20):
        crossing, inside = (0, 2), (0, 1)
        pairs += [crossing, (1, 3)] if number % 2 else [inside, (2, 3)]
        strata += [number, number]
        online += [number % 2 == 1] * 2
    counts = place_counts(pairs, group_of, online, strata=strata)
    result = cross_group_ratio_by_place(counts)
    assert result.base == pytest.approx(2 / 3)
    assert result.estimate == pytest.approx(1.5)
    # two pairings of one round cross together or not at all: variance 8/9 each, ten rounds
    assert result.expected_error == pytest.approx((10 * 8 / 9) ** 0.5 / (20 * 2 / 3))
    other = cross_group_ratio_by_place(
        place_counts(pairs, group_of, np.logical_not(online), strata=strata)
    )
    assert other.estimate == 0


def test_why_there_is_no_ratio_is_said_in_words():
    pairs, group_of = [(0, 1), (2, 3)], [0, 1, 0, 1]
    nobody = cross_group_ratio_by_place(place_counts(pairs, group_of, [False, False]))
    assert nobody.status is Status.UNDEFINED
    assert nobody.reason == "nobody with a known partner met here"
    alike = cross_group_ratio_by_place(place_counts(pairs, [0, 0, 0, 0], [True, True]))
    assert "nobody could cross" in alike.reason
    few = cross_group_ratio_by_place(place_counts(pairs, group_of, [True, False]))
    assert few.reason == "a lottery would give less than one such conversation"
    weak = cross_group_ratio_by_place(
        place_counts(pairs * 2, group_of, [True] * 4, strata=[0, 0, 1, 1])
    )
    assert weak.status is Status.TOO_FEW


def test_unanimous_contacts_count_as_pairs_but_never_above_people():
    # five pairs of ten people, all across: distinct pairs 5; the same pair five times counts once
    apart = shared_result(moments([((2 * n, 2 * n + 1), 1.0, 1.0) for n in range(5)]), 10)
    assert apart.effective_size == 5
    again = shared_result(moments([((0, 1), 1.0, 1.0)] * 5), 2)
    assert again.effective_size == 1


def test_shapes_that_do_not_fit_are_refused():
    counts = place_counts([(0, 1)], [0, 1], [True])
    parts = dict(vars(counts))
    with pytest.raises(ValueError, match="weights"):
        PlaceCounts(**parts | {"weights": np.zeros(2)})
    with pytest.raises(ValueError, match="stubs"):
        PlaceCounts(**parts | {"stubs_squared": np.zeros((2, 2))})


def test_completion_by_place_is_held_over_planned():
    # six planned pairings of different people, four of them held
    result = completion_by_place(moments([((2 * n, 2 * n + 1), 1, n < 4) for n in range(6)]))
    assert result.estimate == pytest.approx(4 / 6)
    assert result.pairs == 6


@pytest.mark.parametrize(
    ("held", "held_known", "missed", "missed_known", "alike"),
    [
        (100, 100, 50, 50, True),
        (100, 80, 50, 36, True),  # 72 % against 80 %: just nine tenths
        (100, 80, 50, 35, False),
        (100, 100, 50, 0, False),
        (100, 100, 0, 0, True),  # nothing was missed
    ],
)
def test_places_must_be_recorded_before_a_conversation_is_held(
    held, held_known, missed, missed_known, alike
):
    assert recorded_alike(held, held_known, missed, missed_known) is alike


@pytest.mark.simulation
def test_five_percent_of_lotteries_look_unusual_in_a_place():
    rng = np.random.default_rng(5)
    seats = np.repeat([0, 1, 2], [14, 8, 4])  # 13 pairings a round, in person one by one by chance
    crossing = place_counts(
        [(2 * n, 2 * n + 1) for n in range(13)] * 10,
        list(seats),
        [n < 5 for n in range(13)] * 10,
        strata=list(np.repeat(range(10), 13)),
    )
    found = place_crossing(crossing)
    drawn = rng.permuted(np.tile(seats, (40_000, 1)), axis=1)
    crossed = (drawn[:, 0:10:2] != drawn[:, 1:10:2]).sum(axis=1).reshape(4000, 10).sum(axis=1)
    z = (crossed - found.expected) / found.variance**0.5
    assert z.mean() == pytest.approx(0, abs=0.05)
    assert z.std() == pytest.approx(1, abs=0.03)
    assert np.mean(np.abs(z) > Z95) == pytest.approx(0.05, abs=0.015)


@pytest.mark.simulation
def test_the_variance_is_on_the_safe_side_where_people_hold_several_seats():
    rng = np.random.default_rng(6)
    person = np.repeat(np.arange(12), 3)  # everybody meets three times in one round
    group = (np.arange(12) >= 7).astype(int)
    crossed = []
    while len(crossed) < 3000:
        drawn = rng.permutation(person)
        one, other = drawn[::2], drawn[1::2]
        if (one != other).all():  # nobody meets themself
            crossed.append((group[one] != group[other])[:6].sum())
    pairs = [(n, (n + 1) % 12) for n in range(12)] + [(n, n + 6) for n in range(6)]
    found = place_crossing(place_counts(pairs, list(group), [n < 6 for n in range(18)]))
    assert found.expected == pytest.approx(np.mean(crossed), abs=0.08)
    assert found.variance >= 0.97 * np.var(crossed)
