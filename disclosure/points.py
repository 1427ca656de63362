"""Means and changes of means on a scale, rounded from what five people could move."""

from __future__ import annotations

from math import sqrt

from scipy.special import stdtrit

from disclosure.numbers import PublishedNumbers
from disclosure.printing import (
    bounded,
    decimal_interval,
    points_range,
    scale_points,
    signed_decimal,
    signed_points,
    signed_points_interval,
)
from disclosure.rounding import (
    FIVE,
    MOST_FINE,
    point_step,
    round_points,
    round_points_change,
    round_spread,
    to_five,
)
from metrics.definition import NAN, Result
from metrics.intervals import Z95


def points(result: Result) -> PublishedNumbers:
    """Return a mean on its scale, with the t interval of the rounded mean and spread."""
    scale = _scale(result)
    step = point_step(result.people, scale)
    mean = round_points(result.estimate, result.people, scale)
    reach = _reach(result) + mean.step / 2
    low, high = max(mean.value - reach, scale[0]), min(mean.value + reach, scale[1])
    expected = _expected(result)
    return PublishedNumbers(
        estimate=mean.value,
        low=low,
        high=high,
        expected=expected,
        expected_error=_expected_error(result),
        step=mean.step,
        tail=mean.tail,
        bound=mean.bound,
        printed=bounded(mean.tail, scale_points(mean.bound if mean.tail else mean.value, step)),
        interval=points_range(low, high),
    )


def points_change(result: Result) -> PublishedNumbers:
    """Return a change in points, with the t interval of the rounded change and spread."""
    change = round_points_change(result.estimate, result.people, _scale(result))
    reach = _reach(result) + change.step / 2
    low, high = change.value - reach, change.value + reach
    return PublishedNumbers(
        estimate=change.value,
        low=low,
        high=high,
        expected=_expected(result),
        expected_error=_expected_error(result),
        step=change.step,
        tail="",
        bound=NAN,
        printed=signed_points(change.value, change.step),
        interval=signed_points_interval(low, high),
    )


def points_derived(result: Result) -> PublishedNumbers:
    """Return a change that follows from published values: as fine as those of 500 people."""
    scale = _scale(result)
    step = point_step(MOST_FINE, scale)
    error = (result.spread or 0.0) / sqrt(_people(result))
    value, reach = round(result.estimate / step) * step, Z95 * error
    return PublishedNumbers(
        estimate=value,
        low=value - reach,
        high=value + reach,
        expected=None if result.expected is None else round(result.expected / step) * step,
        expected_error=None if result.expected is None else error,
        step=step,
        tail="",
        bound=NAN,
        printed=signed_points(value, step),
        interval=signed_points_interval(value - reach, value + reach),
    )


def standardised_change(result: Result) -> PublishedNumbers:
    """Return the rounded change over the rounded standard deviation before, corrected for size."""
    if result.base is None:
        raise ValueError("a standardised change needs the standard deviation before")
    scale, people = _scale(result), _people(result)
    before = round_spread(result.base, scale)
    change = round_points_change(result.estimate, result.people, scale)
    corrected = 1 - 3 / (4 * (people - 1) - 1)
    value = corrected * change.value / before
    spread = round_spread(result.spread or 0.0, scale) / before
    error = sqrt(spread**2 / people + value**2 / (2 * people))
    reach, step = _student_t(people) * error, change.step / before
    low, high = value - reach - step / 2, value + reach + step / 2
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=None if result.expected is None else error,
        step=step,
        tail="",
        bound=NAN,
        printed=signed_decimal(value),
        interval=decimal_interval(low, high),
    )


def _student_t(people: int) -> float:
    # a hundred times as fast as the same quantile from a distribution object
    return float(stdtrit(people - 1, 0.975))


def _scale(result: Result) -> tuple[float, float]:
    if result.scale is None:
        raise ValueError("points need the scale that they are on")
    return result.scale


def _people(result: Result) -> int:
    return max(to_five(result.people), FIVE)


def _error(result: Result) -> float:
    """Return the standard error, from the rounded spread and the rounded number of people."""
    return round_spread(result.spread or 0.0, _scale(result)) / sqrt(_people(result))


def _reach(result: Result) -> float:
    return _student_t(_people(result)) * _error(result)


def _expected(result: Result) -> float | None:
    if result.expected is None:
        return None
    # rests on a comparison group and on starting levels: on the same step as the value beside it
    return round_points_change(result.expected, result.people, _scale(result)).value


def _expected_error(result: Result) -> float | None:
    """Return the error of the distance from what is expected: at least that of the estimate."""
    if result.expected is None:
        return None
    error = _error(result)
    if result.expected_error is None:
        return error
    # on the grid of the spread as well, so that no finer number is published beside it
    wanted = result.expected_error * sqrt(_people(result))
    return max(error, round_spread(wanted, _scale(result)) / sqrt(_people(result)))
