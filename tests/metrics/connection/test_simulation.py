"""Error rates of tests and intervals, by repeating the whole computation."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.connection.counts import PairingCounts
from metrics.connection.lottery import within_moments
from metrics.connection.measures import cross_group_ratio, cross_group_share, group_pair_ratio
from metrics.connection.trend import trend_test
from metrics.intervals import Z95

pytestmark = pytest.mark.simulation

REPEATS = 20_000


def drawn_within(rng: np.random.Generator, stubs: list[int], repeats: int) -> np.ndarray:
    """Return the pairings inside groups of randomly paired seats, shape (repeats,)."""
    seats = np.repeat(np.arange(len(stubs)), stubs)
    dealt = rng.permuted(np.tile(seats, (repeats, 1)), axis=1)
    return (dealt[:, ::2] == dealt[:, 1::2]).sum(axis=1)


@pytest.mark.parametrize(
    ("stubs", "strata"), [([6, 4], 10), ([14, 4, 2], 10), ([18, 2], 40), ([30, 20, 10], 2)]
)
def test_five_percent_of_lotteries_look_unusual(stubs: list[int], strata: int) -> None:
    rng = np.random.default_rng(strata + stubs[0])
    within = drawn_within(rng, stubs, REPEATS * strata).reshape(REPEATS, strata).sum(axis=1)
    moments = within_moments(np.array([stubs] * strata))
    z = (within - moments.mean.sum()) / np.sqrt(moments.variance.sum())
    assert np.mean(np.abs(z) > Z95) == pytest.approx(0.05, abs=0.015)
    assert z.mean() == pytest.approx(0, abs=0.03)
    assert z.std() == pytest.approx(1, abs=0.03)


def test_five_percent_of_lotteries_show_a_trend() -> None:
    rng = np.random.default_rng(8)
    stubs = [[20 + 4 * t, 10 + 2 * t] for t in range(8)]  # the programme grows
    within = np.array([drawn_within(rng, each, REPEATS) for each in stubs])
    moments = within_moments(np.array(stubs))
    pairings = np.array(stubs).sum(axis=1) / 2
    z = [
        trend_test(pairings - each, pairings - moments.mean, moments.variance).z
        for each in within.T[:5000]
    ]
    assert np.mean(np.abs(z) > Z95) == pytest.approx(0.05, abs=0.015)


def drawn_programme(
    rng: np.random.Generator, group: np.ndarray, per_person: float, homophily: float
) -> PairingCounts:
    """Draw how active people of two groups are, and how often each two of them meet."""
    people = len(group)
    activity = rng.gamma(2, 0.5, people)
    same = group[:, None] == group[None, :]
    rate = np.triu(np.outer(activity, activity) * np.where(same, homophily, 1.0), 1)
    met = rng.poisson(rate * per_person / people)
    member = np.eye(2)[group]
    both = met + met.T
    contacts, seats = both @ member, both.sum(axis=1)
    cells = member.T @ both @ member
    mixing = np.triu(cells, 1) + np.diag(np.diag(cells)) / 2
    squares = member.T @ both**2 @ member
    return PairingCounts(
        groups=("a", "b"),
        pairings=mixing[None],
        weights=mixing[None],
        weights_squared=mixing[None],
        stubs_squared=(member.T @ seats**2)[None],
        contact_moments=np.einsum("ig,ih,ik->ghk", member, contacts, contacts),
        pair_squares=np.triu(squares, 1) + np.diag(np.diag(squares)) / 2,
        people=member.T @ (seats > 0),
    )


HOMOPHILY = 1.5


@pytest.mark.parametrize(("people", "per_person"), [(30, 6), (60, 4), (120, 4)])
def test_the_interval_of_the_share_covers_the_process_behind_it(
    people: int, per_person: float
) -> None:
    rng = np.random.default_rng(people)
    # people are drawn from a larger population, 40 % of it in group 1
    inside, across = (0.4**2 + 0.6**2) * HOMOPHILY, 2 * 0.4 * 0.6
    truth = across / (across + inside)
    results = [
        cross_group_share(drawn_programme(rng, rng.binomial(1, 0.4, people), per_person, HOMOPHILY))
        for _ in range(1000)
    ]
    covered = np.mean([each.low <= truth <= each.high for each in results])
    assert covered == pytest.approx(0.95, abs=0.02)


def test_intervals_of_groups_and_of_pairs_of_groups_cover_at_least_what_they_say() -> None:
    rng = np.random.default_rng(7)
    group = np.repeat([0, 1], [36, 24])
    programmes = [drawn_programme(rng, group, 4, HOMOPHILY) for _ in range(500)]
    # two different people of group 1 meet 1.5 times as often as two of different groups
    inside, across = HOMOPHILY * 24 * 23 / 2, 24 * 36
    truth = across / (across + 2 * inside)
    results = [cross_group_share(counts, (1,)) for counts in programmes]
    assert np.mean([each.low <= truth <= each.high for each in results]) >= 0.93
    for part in [(0, 0), (0, 1), (1, 1)]:
        ratios = [group_pair_ratio(counts, part) for counts in programmes]
        middle = np.exp(np.mean([np.log(each.estimate) for each in ratios]))
        covered = np.mean([each.low <= middle <= each.high for each in ratios])
        assert 0.93 <= covered <= 0.995


def test_a_lottery_gives_a_ratio_of_one_in_every_cell() -> None:
    rng = np.random.default_rng(9)
    group = np.repeat([0, 1], [36, 24])
    programmes = [drawn_programme(rng, group, 8, 1.0) for _ in range(300)]
    for part in [(0, 0), (0, 1), (1, 1)]:
        ratios = [group_pair_ratio(counts, part).estimate for counts in programmes]
        assert np.mean(ratios) == pytest.approx(1, abs=0.02)
    ratios = [cross_group_ratio(counts).estimate for counts in programmes]
    assert np.mean(ratios) == pytest.approx(1, abs=0.01)
