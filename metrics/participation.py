"""The participation measures: who takes part, what takes place, who gives feedback."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.intervals import clustered_variance, effective_size, wilson


@dataclass(frozen=True, kw_only=True)
class RateMoments:
    """Sums behind a rate x / d, enough for an interval that allows for repeats of one person.

    Attributes
    ----------
    numerator, denominator : float
        x and d; 0 <= x <= d.
    people : int
        Distinct people with at least one trial.
    denominator_squared, product, numerator_squared : float
        Sums over people of ``d_i^2``, ``x_i d_i`` and ``x_i^2``.
    pair_denominator_squared, pair_product, pair_numerator_squared : float
        The same sums over distinct pairs of people, where a trial belongs to two people at once
        (a matched pairing); 0 where it belongs to one.
    """

    numerator: float
    denominator: float
    people: int
    denominator_squared: float
    product: float
    numerator_squared: float
    pair_denominator_squared: float = 0.0
    pair_product: float = 0.0
    pair_numerator_squared: float = 0.0

    def variance(self, rate: float) -> float:
        """Return the variance of the rate, clustered by person; not floored."""
        return clustered_variance(
            rate,
            self.denominator,
            (self.numerator_squared, self.product, self.denominator_squared),
            (
                self.pair_numerator_squared,
                self.pair_product,
                self.pair_denominator_squared,
            ),
        )


def participation_rate(moments: RateMoments, part: Part = ()) -> Result:
    """Return people with a completed conversation over people eligible; see `_rate`."""
    return _rate(moments, "nobody was eligible")


def completion_rate(moments: RateMoments, part: Part = ()) -> Result:
    """Return completed over matched pairings; see `_rate`."""
    return _rate(moments, "no pairing was matched", pairs=round(moments.denominator))


def feedback_rate(moments: RateMoments, part: Part = ()) -> Result:
    """Return feedback given over seats in completed conversations; see `_rate`."""
    return _rate(moments, "no conversation was completed")


def _rate(moments: RateMoments, empty: str, pairs: int | None = None) -> Result:
    """Return a rate with its Wilson interval.

    The effective size is ``p (1 - p) / V`` with V clustered by person and floored at the binomial
    variance. At a rate of 0 or 1 nothing varies, and it is the number of trials but never more
    than the number of people. Undefined, for the reason given, when there is no trial.
    """
    if moments.denominator == 0:
        return undefined(empty, people=moments.people, pairs=pairs)
    rate = moments.numerator / moments.denominator
    varies = 0 < rate < 1
    trials = moments.denominator if varies else min(moments.denominator, moments.people)
    size = float(effective_size(rate, moments.variance(rate), trials))
    low, high = wilson(rate, size)
    return Result(
        estimate=rate,
        low=float(low),
        high=float(high),
        people=moments.people,
        pairs=pairs,
        effective_size=size,
    )


_INTERVAL = "Wilson 1927, with a variance clustered by person (Liang & Zeger 1986)"

MEASURES = (
    Measure(
        key="participation_rate",
        title="Participation",
        question="How many of the people who could take part do so?",
        reads="participation moments",
        compute=participation_rate,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "People with at least one completed conversation, divided by the people who were "
            "eligible in the same period."
        ),
        caveat=(
            "One conversation is enough to count, so the rate does not say how much people take "
            "part. It is only as good as the list of eligible people."
        ),
        source=f"Our own definition. Interval: {_INTERVAL}.",
    ),
    Measure(
        key="completion_rate",
        title="Completion",
        question="How many of the conversations that were arranged take place?",
        reads="completion moments",
        compute=completion_rate,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Matched pairings whose conversation was completed, divided by all matched pairings. "
            "The interval allows for the same people being matched several times."
        ),
        caveat=(
            "Conversations that took place and were never marked as completed count as not "
            "completed. Pairings matched shortly before the data end had little time."
        ),
        source=(
            "Our own definition. Interval: Wilson 1927, with the dyad-robust variance of Fafchamps "
            "& Gubert 2007."
        ),
    ),
    Measure(
        key="feedback_rate",
        title="Feedback",
        question="How often do people give feedback after a conversation?",
        reads="feedback moments",
        compute=feedback_rate,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Feedback given, divided by the seats in completed conversations: a conversation of "
            "two people has two seats, and each can give feedback once."
        ),
        caveat=(
            "It tells how much is heard, not what. Where few answer, those who do may differ from "
            "those who do not."
        ),
        source=f"Our own definition. Interval: {_INTERVAL}.",
    ),
)
"""The participation measures, in the order on screen."""
