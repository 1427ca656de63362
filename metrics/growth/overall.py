"""All skills together: the mean of what is published of each, so that nothing else is disclosed."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.intervals import Z95

Array = NDArray[np.float64]
NO_SKILL = "no single skill can be shown"


@dataclass(frozen=True, kw_only=True, eq=False)
class PublishedSkills:
    """What is published of S skills on one scale.

    Attributes
    ----------
    values, low, high : arrays of shape (S,)
        Means or changes in points, and their 95 % intervals.
    expected : array of shape (S,)
        What each is compared with, in points; NaN where it is compared with nothing.
    people : array of shape (S,)
        People behind each.
    scale : tuple of two floats
        The lowest and the highest rating possible.
    """

    values: Array
    low: Array
    high: Array
    expected: Array
    people: NDArray[np.int_]
    scale: tuple[float, float]


def overall(skills: PublishedSkills, part: Part = ()) -> Result:
    """Return the mean over skills, each counted once.

    Parameters
    ----------
    skills : PublishedSkills
        Published values.
    part : Part
        Ignored; all skills are one part.

    Returns
    -------
    Result
        In points. ``people`` are those of the skill with the fewest. The interval is as wide as
        those of the skills on average: the standard error of a mean is at most the mean of the
        standard errors, whatever the same people's ratings have in common (triangle inequality of
        the standard deviation). Undefined without any skill.
    """
    if not skills.values.size:
        return undefined(NO_SKILL)
    estimate = float(skills.values.mean())
    reach = float((skills.high - skills.low).mean() / 2)
    people, expected = int(skills.people.min()), float(skills.expected.mean())
    return Result(
        estimate=estimate,
        low=estimate - reach,
        high=estimate + reach,
        people=people,
        expected=None if np.isnan(expected) else expected,
        expected_error=None if np.isnan(expected) else reach / Z95,
        scale=skills.scale,
        spread=reach / Z95 * sqrt(people),
    )


MEASURES = (
    Measure(
        key="growth_overall",
        title="All skills together",
        question="Do skills grow on the whole?",
        reads="published changes of skills",
        compute=overall,
        unit=Unit.POINTS_DERIVED,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The mean of the published changes of skills rated on the same scale, each skill "
            "counted once. Its interval is as wide as theirs on average, since the same people's "
            "ratings hang together; it is rather too wide than too narrow."
        ),
        caveat=(
            "It does not say that a programme is the reason, and a mean hides that some skills may "
            "grow and others not."
        ),
        source=(
            "Our own definition. Interval: the standard error of a mean is at most the mean of the "
            "standard errors (triangle inequality)."
        ),
    ),
    Measure(
        key="growth_level",
        title="Level of all skills together",
        question="How are skills rated on the whole at each wave?",
        reads="published levels of skills",
        compute=overall,
        unit=Unit.POINTS,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The mean of the published levels of skills rated on the same scale at that wave, each "
            "skill counted once."
        ),
        caveat=(
            "From wave to wave other people are rated. Whether people changed is what the change "
            "of the same people says."
        ),
        source="Our own definition; interval as for the change.",
    ),
)
"""The measures of all skills together, in the order on screen."""
