"""Means and changes on a scale lose what one person could be read off from."""

from __future__ import annotations

from math import sqrt

import pytest
from scipy.stats import t

from disclosure.gate import Verdict
from disclosure.points import points, points_change, points_derived, standardised_change
from disclosure.publishing import CellStatus, publish
from disclosure.rounding import point_step, round_spread
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from metrics.definition import Measure, Result, Sensitivity, Unit, undefined

ONE_TO_FIVE = (1.0, 5.0)


def plain(words):
    return words.replace("\u202f", "_").replace("\u2212", "-")


def result(estimate, people=640, spread=0.93, **facts):
    return Result(
        estimate=estimate, people=people, spread=spread, **({"scale": ONE_TO_FIVE} | facts)
    )


def measure(unit):
    return Measure(
        key="example", title="Example", question="?", reads="-",
        compute=lambda aggregate, part: undefined("-"), unit=unit,
        sensitivity=Sensitivity.ATTITUDE, better="higher", definition="-", caveat="-", source="-",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("people", "scale", "step"),
    [
        # five people who each move by one of four steps of the scale: 5 / 50, 5 / 100, 5 / 500
        (50, ONE_TO_FIVE, 0.1),
        (100, ONE_TO_FIVE, 0.05),
        (249, ONE_TO_FIVE, 0.02),
        (500, ONE_TO_FIVE, 0.01),
        # and no finer for more people
        (1280, ONE_TO_FIVE, 0.01),
        # a quarter of 100 is 25, times five over 100 people is 1.25: the next short step is 2
        (100, (0.0, 100.0), 2.0),
    ],
)
def test_a_mean_moves_in_steps_of_five_people(people, scale, step):
    assert point_step(people, scale) == pytest.approx(step)


def test_a_spread_is_rounded_up_and_never_nothing():
    # a fortieth of four points is 0.1
    assert round_spread(0.81, ONE_TO_FIVE) == pytest.approx(0.9)
    assert round_spread(0.0, ONE_TO_FIVE) == pytest.approx(0.1)


def test_the_interval_of_a_change_comes_from_rounded_numbers_alone():
    # 122 people are printed as 120: step 0.05, spread 1.0, t with 119 degrees of freedom
    one, other = (
        points_change(result(by, people, 0.95)) for by, people in ((0.337, 122), (0.36, 118))
    )
    assert one == other
    reach = t.ppf(0.975, 119) * 1.0 / sqrt(120) + 0.025
    assert (one.low, one.high) == pytest.approx((0.35 - reach, 0.35 + reach))
    assert plain(one.printed) == "+0.35_points"


def test_no_change_has_no_sign():
    assert plain(points_change(result(-0.003)).printed) == "±0.00_points"


def test_a_mean_near_an_end_is_published_as_a_bound():
    # 5 % of four points from the end: nobody learns that everybody said 5
    assert points(result(5.0)).printed == "over 4.80"
    assert points(result(1.0)).printed == "under 1.20"
    assert points(result(3.456)).printed == "3.46"


def test_a_mean_on_another_scale_keeps_it():
    numbers = points(result(2.5, scale=(1.0, 4.0)))
    assert numbers.printed == "2.50" and numbers.high <= 4.0


def test_a_standardised_change_divides_rounded_by_rounded():
    numbers = standardised_change(result(0.353, base=0.71))
    assert numbers.estimate == pytest.approx((1 - 3 / (4 * 639 - 1)) * 0.35 / 0.8)


@pytest.mark.parametrize("unit", [Unit.POINTS, Unit.POINTS_CHANGE, Unit.STANDARDISED_CHANGE])
def test_a_mean_needs_fifty_people(unit):
    exact = result(3.0, people=49, base=1.0)
    labels = Labels(place="Crossings", groups=("Empathy",))
    cell = publish(measure(unit), exact, Verdict.SHOWN, Thresholds(), labels)
    assert cell.status is CellStatus.SMALL
    assert cell.estimate is None and cell.reason == "fewer than 50 people"


def test_a_sentence_says_who_sees_a_change():
    labels = Labels(place="Crossings", groups=("Empathy",), by="peers")
    cell = publish(measure(Unit.POINTS_CHANGE), result(0.35), Verdict.SHOWN, Thresholds(), labels)
    assert plain(cell.sentence).startswith(
        "In Crossings: Empathy, as seen by peers, rose by 0.35_points (95_% interval +0.27 to +0.43"
    )


def test_points_without_a_scale_are_refused():
    with pytest.raises(ValueError, match="scale"):
        points(result(3.0, scale=None))


def test_what_follows_from_published_values_is_not_rounded_again():
    # 60 people alone would be rounded to a tenth; half of 0.07 is drawn from a published mean
    numbers = points_derived(result(0.273, people=60, spread=0.06 * sqrt(60), expected=0.34))
    assert plain(numbers.printed) == "+0.27_points"
    assert (numbers.low, numbers.high) == pytest.approx((0.27 - 1.96 * 0.06, 0.27 + 1.96 * 0.06),
                                                        abs=1e-4)  # fmt: skip
    assert numbers.expected == pytest.approx(0.34)
