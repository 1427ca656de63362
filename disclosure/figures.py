"""The numbers of one result as they may be published, rounded as its unit demands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil, exp, floor, isfinite

from disclosure.changes import part_of_change, ratio_change
from disclosure.coefficients import coefficient
from disclosure.cohort_figures import (
    limits,
    points_compared,
    ratio_compared,
    share_change_derived,
    share_derived,
)
from disclosure.engagement_sentences import counted
from disclosure.expected_people import expected_people
from disclosure.gaps import share_gap
from disclosure.numbers import PublishedNumbers
from disclosure.points import points, points_change, points_derived, standardised_change
from disclosure.pooled import ratio_derived
from disclosure.printing import (
    bounded,
    decimal_interval,
    outer_interval,
    percent,
    ratio_interval,
    signed_change,
    signed_decimal,
    signed_percent,
    times,
    times_interval,
)
from disclosure.printing import percent_interval as share_interval
from disclosure.rounding import (
    FINEST_SHARE,
    FIVE,
    FLOATING_POINT,
    RoundedShare,
    Tail,
    expected_count_step,
    expected_step,
    round_count,
    round_effective_size,
    round_expected_count,
    round_expected_share,
    round_known_share,
    round_log_error,
    round_mean_ratio,
    round_share,
    significant_up,
    to_five,
)
from metrics.connection.indices import inbreeding_homophily
from metrics.definition import Result, StageShare, Unit
from metrics.intervals import Z95, wilson

ERROR_DIGITS = 2
MIRRORED: dict[Tail, Tail] = {"": "", "under": "over", "over": "under"}
"""What a bound on the share outside says about an index that grows with the share inside."""


def published_numbers(unit: Unit, result: Result) -> PublishedNumbers:
    """Return the numbers of a defined result as they may be published."""
    return ROUNDED[unit](result)


def _share_bounds(share: RoundedShare, result: Result) -> tuple[float, float]:
    low, high = wilson(share.value, _published_size(share, result))
    return max(float(low) - share.step / 2, 0.0), min(float(high) + share.step / 2, 1.0)


def _published_size(share: RoundedShare, result: Result) -> int:
    # where nothing varies an effective size is set by rule, which would tell unanimity
    if share.tail or result.effective_size is None:
        return max(to_five(result.people), FIVE)
    return round_effective_size(result.effective_size)


def _rounded_error(result: Result) -> float | None:
    if result.expected_error is None or not isfinite(result.expected_error):
        return None
    return significant_up(result.expected_error, ERROR_DIGITS)


def _share(result: Result) -> PublishedNumbers:
    share = round_share(result.estimate, result.people)
    low, high = _share_bounds(share, result)
    expected = (
        None if result.expected is None else round_expected_share(result.expected, result.people)
    )
    shown = share.bound if share.tail else share.value
    return PublishedNumbers(
        estimate=share.value,
        low=low,
        high=high,
        expected=expected,
        expected_error=_rounded_error(result),
        step=share.step + (0.0 if expected is None else expected_step(result.people)),
        tail=share.tail,
        bound=share.bound,
        printed=bounded(share.tail, percent(shown)),
        interval=share_interval(low, high),
    )


def _share_ratio(result: Result) -> PublishedNumbers:
    share = round_share(result.estimate * _base(result), result.people)
    base = round_expected_share(_base(result), result.people)
    low, high = (bound / base for bound in _share_bounds(share, result))
    ratio, bound = share.value / base, share.bound / base
    return PublishedNumbers(
        estimate=ratio,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=_rounded_error(result),
        step=(share.step + expected_step(result.people) * ratio) / base,
        tail=share.tail,
        bound=bound,
        printed=bounded(share.tail, signed_percent(bound if share.tail else ratio)),
        interval=ratio_interval(low, high),
    )


def _bounds(result: Result) -> PublishedNumbers:
    """Return bounds that follow from the rounded share and the rounded part that is known."""
    share = round_share(result.estimate, result.people)
    known = round_known_share(1 - (result.high - result.low), result.people)
    low = max(share.value - share.step / 2, 0.0) * known
    high = min(share.value + share.step / 2, 1.0) * known + 1 - known
    # what is known for certain has no interval
    return replace(
        _share(result), low=low, high=high, printed=outer_interval(low, high), interval=""
    )


def _count_ratio(result: Result) -> PublishedNumbers:
    exact = result.estimate * _base(result)
    base = round_expected_count(_base(result))
    ratio, half = round_count(exact) / base, FIVE / 2 / base
    error = round_log_error(result.log_error or 0.0, exact)
    low, high = max(ratio * exp(-Z95 * error) - half, 0.0), ratio * exp(Z95 * error) + half
    return PublishedNumbers(
        estimate=ratio,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=_rounded_error(result),
        step=(FIVE + expected_count_step(base) * ratio) / base,
        tail="",
        bound=float("nan"),
        printed=signed_percent(ratio),
        interval=ratio_interval(low, high),
    )


def _trend(result: Result) -> PublishedNumbers:
    slope = round(result.estimate, 2)
    low = min(floor(100 * result.low + FLOATING_POINT) / 100, slope)
    high = max(ceil(100 * result.high - FLOATING_POINT) / 100, slope)
    return PublishedNumbers(
        estimate=slope,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=_rounded_error(result),
        step=FINEST_SHARE,
        tail="",
        bound=float("nan"),
        printed=f"{signed_change(slope)} per quarter",
        interval=ratio_interval(1 + low, 1 + high),
    )


def _index(result: Result) -> PublishedNumbers:
    """Publish the share behind an index as a share is, and carry what is published over."""
    outside = _base(result)
    exact_room = outside if result.estimate >= 0 else 1 - outside
    if result.share is None:
        raise ValueError("an index needs the share that it places")
    share = round_share(result.share, result.people)
    finest = expected_step(result.people)
    base = min(round_expected_share(outside, result.people), 1 - finest)
    high, low = (_place(bound, base) for bound in _share_bounds(share, result))
    value, bound = _place(share.value, base), _place(share.bound, base)
    room = base if value >= 0 else 1 - base
    error = (result.expected_error or 0.0) * exact_room
    tail = MIRRORED[share.tail]
    return PublishedNumbers(
        estimate=value,
        low=low,
        high=high,
        expected=result.expected,
        expected_error=significant_up(error, ERROR_DIGITS) / room,
        step=(share.step + finest) / room,
        tail=tail,
        bound=bound,
        printed=bounded(tail, signed_decimal(bound if tail else value)),
        interval=decimal_interval(low, high),
    )


def _place(outside: float, base: float) -> float:
    return float(inbreeding_homophily(1 - outside, 1 - base))


def _mean_ratio(result: Result) -> PublishedNumbers:
    ratio = round_mean_ratio(result.estimate, result.people)
    error = significant_up(result.log_error or 0.0, ERROR_DIGITS)
    low = max(ratio.value * exp(-Z95 * error) - ratio.step / 2, 0.0)
    high = ratio.value * exp(Z95 * error) + ratio.step / 2
    # an expected mean rests on totals of whole groups, as an expected share does
    finer = expected_step(result.people)
    expected = None if result.expected is None else round(result.expected / finer) * finer
    return PublishedNumbers(
        estimate=ratio.value,
        low=low,
        high=high,
        expected=expected,
        expected_error=_rounded_error(result),
        step=ratio.step + (0.0 if expected is None else finer),
        tail=ratio.tail,
        bound=ratio.bound,
        printed=bounded(ratio.tail, times(ratio.bound if ratio.tail else ratio.value, ratio.step)),
        interval=times_interval(low, high, ratio.step),
    )


def _stage_ratio(result: Result) -> PublishedNumbers:
    """Return one rounded share over another, so that steps multiply to their total exactly."""
    if result.stages is None:
        raise ValueError("a stage ratio needs the shares at both stages")
    top, base = (_rounded_stage(stage) for stage in result.stages)
    ratio = top.value / base.value
    step = (top.step + base.step * ratio) / base.value
    counted = result.log_error is None
    expected = None if result.expected is None else round(result.expected, 2)
    error = 0.0 if counted else significant_up(result.log_error, ERROR_DIGITS)
    low = max(ratio * exp(-Z95 * error) - step / 2, 0.0)
    high = ratio * exp(Z95 * error) + step / 2
    return PublishedNumbers(
        estimate=ratio,
        low=low,
        high=high,
        expected=expected,
        expected_error=result.expected_error if counted else _rounded_error(result),
        step=step,
        tail="",
        bound=float("nan"),
        printed=signed_percent(ratio),
        # what is counted is known but for its rounding
        interval="" if counted else ratio_interval(low, high),
    )


def _rounded_stage(stage: StageShare) -> RoundedShare:
    if not stage.expected:
        return round_share(stage.share, stage.people)
    value = round_expected_share(stage.share, stage.people)
    return RoundedShare(value=value, step=expected_step(stage.people))


def _base(result: Result) -> float:
    if result.base is None:
        raise ValueError("a ratio needs the base that it is relative to")
    return result.base


def rounded_pairs(pairs: int | None) -> int | None:
    """Return the number of pairings to the nearest five, None where there is none."""
    return None if pairs is None else to_five(pairs)


ROUNDED: dict[Unit, Callable[[Result], PublishedNumbers]] = {
    Unit.SHARE: _share,
    Unit.SHARE_RATIO: _share_ratio,
    Unit.SHARE_BOUNDS: _bounds,
    Unit.COUNT_RATIO: _count_ratio,
    Unit.STAGE_RATIO: _stage_ratio,
    Unit.RATIO_DERIVED: ratio_derived,
    Unit.TREND: _trend,
    Unit.INDEX: _index,
    Unit.MEAN_RATIO: _mean_ratio,
    Unit.SHARE_CHANGE: part_of_change,
    Unit.SHARE_GAP: share_gap,
    Unit.RATIO_CHANGE: ratio_change,
    Unit.POINTS: points,
    Unit.POINTS_CHANGE: points_change,
    Unit.POINTS_DERIVED: points_derived,
    Unit.STANDARDISED_CHANGE: standardised_change,
    Unit.COEFFICIENT: coefficient,
    Unit.COUNTED: counted,
    Unit.SHARE_DERIVED: share_derived,
    Unit.RATIO_COMPARED: ratio_compared,
    Unit.POINTS_COMPARED: points_compared,
    Unit.SHARE_CHANGE_DERIVED: share_change_derived,
    Unit.LIMITS: limits,
    Unit.EXPECTED_COUNT: expected_people,
}
