"""Changes are printed from what is published of each quarter, and their verdicts are words."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.optimize import brentq

from disclosure.change_words import more_pairings, with_change_words
from disclosure.changes import is_bounded, round_together
from disclosure.gate import Verdict
from disclosure.publishing import publish
from disclosure.rounding import round_effective_size, round_share
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from disclosure.verdicts import judge
from metrics import measure
from metrics.connection.change import change_split
from metrics.connection.ratio_change import TwoPeriods, change_error, ratio_change
from metrics.definition import PeriodShare, Result
from metrics.intervals import Z95
from tests.metrics.connection.test_change import summed
from tests.metrics.connection.test_simulation import drawn_programme

LABELS = Labels(place="Alpha", breakdown="function", period="Q1 2026 to Q2 2026")
SMALLEST = 0.05
REAL = "a real change"


def changed(
    earlier: float, later: float, *, people: int = 2000, size: float = 5000, pairs: int = 10_000
) -> Result:
    """Return the change between two shares, both with an expected share of a half."""
    both = tuple(
        PeriodShare(share=share, people=people, base=0.5, size=size) for share in (earlier, later)
    )
    return Result(
        estimate=later / earlier,
        people=people,
        pairs=pairs,
        expected=1.0,
        expected_error=change_error(*both),
        periods=both,
    )


def told(*results: Result, smallest: float = SMALLEST):
    """Return the published cells of a family with their verdicts in words."""
    cells = [
        publish(measure("ratio_change"), each, Verdict.SHOWN, Thresholds(), LABELS)
        for each in results
    ]
    return [with_change_words(cell, smallest) for cell in judge(cells)]


def test_a_change_beyond_noise_is_a_real_one() -> None:
    (cell,) = told(changed(0.50, 0.60))
    assert (cell.verdict, cell.phrase) == ("above", REAL)
    assert cell.printed == "+20\u202f%"
    assert cell.sentence.startswith(
        "In Alpha, Q1 2026 to Q2 2026, meeting outside people's own function rose by 20\u202f% "
        "against a lottery (95\u202f% interval +"
    )
    assert cell.sentence.endswith(". A real change.")


def test_an_interval_within_the_smallest_difference_rules_a_larger_one_out() -> None:
    (cell,) = told(changed(0.60, 0.60, size=40_000, people=20_000))
    assert cell.verdict == "noise"
    assert cell.phrase == "no change larger than 5\u202f%"


def test_too_early_says_how_many_more() -> None:
    (cell,) = told(changed(0.60, 0.61, size=500))
    assert cell.phrase.startswith("too early: about ")
    assert cell.phrase.endswith(" more pairings would show a change of 5\u202f%")
    number = cell.phrase.removeprefix("too early: about ").split(" more")[0].replace("\u202f", "")
    # two significant digits
    assert len(number.rstrip("0")) <= 2


def test_a_change_below_the_rounding_of_shares_can_never_be_seen() -> None:
    # shares are whole per cents at best, so each of both ratios may be off by half of 1 in 50
    (cell,) = told(changed(0.5, 0.5, size=500), smallest=0.02)
    assert cell.phrase == "a change of 2\u202f% is smaller than published shares can show"


def test_hidden_and_undefined_changes_get_no_words() -> None:
    result = changed(0.5, 0.6)
    for verdict in (Verdict.SMALL, Verdict.PROTECTS):
        cell = publish(measure("ratio_change"), result, verdict, Thresholds(), LABELS)
        assert with_change_words(cell, SMALLEST) == cell


def test_what_is_printed_follows_from_what_is_published_of_both_quarters() -> None:
    # any shares and sizes that are rounded to the same give the same cell
    shares = [(0.5005, 5012.0), (0.5049, 4960.0)]
    assert len({round_share(share, 2000).value for share, _ in shares}) == 1
    assert len({round_effective_size(size) for _, size in shares}) == 1
    cells = []
    for share, size in shares:
        result = changed(share, 0.6)
        earlier = replace(result.periods[0], size=size)
        cells += told(replace(result, periods=(earlier, result.periods[1])))
    assert cells[0] == cells[1]


def test_verdicts_go_by_the_logarithm_so_that_up_and_down_are_alike() -> None:
    up, down = told(changed(0.5, 0.6, size=600))[0], told(changed(0.6, 0.5, size=600))[0]
    scores = [
        (cell.estimate - 1) / (cell.lottery_high - 1) * Z95 / np.log(cell.estimate)
        for cell in (up, down)
    ]
    assert scores[0] == pytest.approx(scores[1], rel=1e-3)


def test_parts_sum_to_the_change_of_the_printed_shares() -> None:
    rng = np.random.default_rng(5)
    for _ in range(300):
        people = int(rng.choice([40, 90, 300, 3000]))
        contacts = rng.integers(0, 4, (people, 2))
        across = rng.binomial(contacts, rng.uniform(0.3, 0.7))
        rows = zip(contacts.tolist(), across.tolist(), strict=True)
        sums = summed([(a, x, b, y) for (a, b), (x, y) in rows])
        results = [change_split(sums, (number,)) for number in range(4)]
        if is_bounded(results[0].periods):
            continue
        cells = [
            publish(measure("change_split"), replace(each, people=50), Verdict.SHOWN, Thresholds(),
                    replace(LABELS, groups=("some",)))
            for each in results
        ]  # fmt: skip
        shares = [
            round(100 * round_share(share, there).value)
            for share, there in zip(sums.shares, sums.people, strict=True)
        ]
        points = [round(100 * cell.estimate) for cell in cells]
        assert sum(points) == shares[1] - shares[0]
        for cell, exact in zip(cells, results, strict=True):
            assert abs(cell.estimate - exact.estimate) <= cell.step / 2 + 1e-9


@pytest.mark.parametrize(
    ("parts", "total", "step", "rounded"),
    [
        # every part down, then one to each of those that lost most: 0.8 and 0.7
        ((1.8, -0.3, 0.4, 0.1), 2, 1, (2, 0, 0, 0)),
        ((0.0, 5.0, 0.0, 0.0), 5, 1, (0, 5, 0, 0)),
        # in steps of four, the last piece smaller than a step goes where most is lost
        ((7.0, 1.0, 1.0, 0.0), 9, 4, (8, 1, 0, 0)),
    ],
)
def test_rounding_is_shared_out_by_largest_remainders(parts, total, step, rounded) -> None:
    assert round_together(parts, total, step) == rounded


def test_whatever_the_parts_they_are_rounded_to_their_total() -> None:
    rng = np.random.default_rng(6)
    for total, step in product(range(-8, 9), (1, 2, 5)):
        parts = rng.normal(0, 5, 4)
        parts += (total + rng.uniform(-step, step) - parts.sum()) / 4
        assert sum(round_together(parts.tolist(), total, step)) == total


def test_a_part_in_words() -> None:
    sums = summed([(4, 1, 4, 2), (8, 2, 8, 4)] * 300)
    labels = replace(LABELS, groups=("people there in both quarters",))
    within = publish(
        measure("change_split"), change_split(sums, (0,)), Verdict.SHOWN, Thresholds(), labels
    )
    assert within.printed == within.phrase == "+25\u202fpoints"
    assert within.sentence.startswith(
        "In Alpha, Q1 2026 to Q2 2026, people there in both quarters: 25 percentage points more "
        "of all pairings outside their own function (95\u202f% interval +"
    )
    mix = publish(
        measure("change_split"), change_split(sums, (1,)), Verdict.SHOWN, Thresholds(), labels
    )
    assert (mix.printed, mix.interval) == ("±0\u202fpoints", "")
    assert "no difference" in mix.sentence


CROSS, INSIDE = 2 * 0.6 * 0.4, 0.6**2 + 0.4**2


def drawn(rng: np.random.Generator, people: int, homophily: float = 1.0) -> Result:
    """Return the change between a quarter without a preference and one with; 60 % in group 0."""
    group = np.repeat([0, 1], [round(0.6 * people), round(0.4 * people)])
    both = [drawn_programme(rng, group, 4, each) for each in (1.0, homophily)]
    there = tuple(round(counts.people.sum()) for counts in both)
    return ratio_change(TwoPeriods(earlier=both[0], later=both[1], people=there))


def planted(homophily: float) -> float:
    """Return the ratio against a lottery of that preference, as numbers grow."""
    total = CROSS + INSIDE * homophily
    seats = (0.4**2 * homophily + CROSS / 2) / total
    return CROSS / total / (2 * seats * (1 - seats))


@pytest.mark.simulation
def test_without_a_change_at_most_five_percent_of_pages_show_a_real_one() -> None:
    rng = np.random.default_rng(21)
    pages = [told(drawn(rng, 200), drawn(rng, 200)) for _ in range(300)]
    alarms = np.mean([any(cell.phrase == REAL for cell in page) for page in pages])
    # 5 % and two standard errors of 300 pages
    assert alarms <= 0.05 + 2 * (0.05 * 0.95 / 300) ** 0.5


@pytest.mark.simulation
def test_with_as_many_more_pairings_as_promised_four_of_five_changes_are_found() -> None:
    rng = np.random.default_rng(22)
    smallest, people = 0.25, 100
    before = [told(drawn(rng, people), smallest=smallest)[0] for _ in range(80)]
    growth = np.median([1 + more_pairings(cell, smallest) / cell.pairs for cell in before])
    homophily = brentq(lambda each: planted(each) - 1 - smallest, 0.3, 1)
    found = {}
    for factor in (0.75, 1.25):
        cells = [
            told(drawn(rng, round(people * growth * factor), homophily))[0] for _ in range(150)
        ]
        found[factor] = np.mean([cell.phrase == REAL for cell in cells])
    # the number that finds four of five lies within a quarter of the promise; two errors of 150
    assert found[0.75] < 0.8 + 0.065
    assert found[1.25] > 0.8 - 0.065
