"""Whether people changed or the people changed: a change of the cross-group share in four parts."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from metrics.definition import (
    Measure,
    Part,
    PeriodShare,
    Result,
    Sensitivity,
    Split,
    Unit,
    undefined,
)
from metrics.intervals import Z95

PARTS = ("within", "mix", "joiners", "leavers")
"""Keys of the parts of a change, in the order on screen."""
NOBODY_THEN = "in one of the two quarters nobody had a conversation with a known partner"


@dataclass(frozen=True, kw_only=True)
class ChangeSums:
    """Sums over people behind the change of the cross-group share between two quarters.

    Attributes
    ----------
    stayers, joiners, leavers : int
        People with a contact in both quarters, in the later one only, in the earlier one only.
    stay_weight, stay_share : tuple of two floats
        Of those who stay, in the earlier and the later quarter: sum of w, and of w s. w is a
        person's part of all contacts of the quarter, s the share of them outside the own group.
    join_weight, join_share, leave_weight, leave_share : float
        The same of those who join (later quarter) and leave (earlier quarter).
    moved, moved_squared, moved_weight, weight_squared : float
        Of those who stay, sums of m d, (m d)^2, m^2 d and m^2, where m is the mean of both w and d
        the change of s.
    noise : tuple of two floats
        Of those who stay, by quarter: sum of m^2 times the sum of squared pairing weights over the
        square of their sum, which is 1 / n for n whole pairings.
    """

    stayers: int
    joiners: int
    leavers: int
    stay_weight: tuple[float, float]
    stay_share: tuple[float, float]
    join_weight: float
    join_share: float
    leave_weight: float
    leave_share: float
    moved: float
    moved_squared: float
    moved_weight: float
    weight_squared: float
    noise: tuple[float, float]

    @property
    def people(self) -> tuple[int, int]:
        """Return how many people each quarter has."""
        return self.stayers + self.leavers, self.stayers + self.joiners

    @property
    def shares(self) -> tuple[float, float]:
        """Return the cross-group share of each quarter."""
        return self.stay_share[0] + self.leave_share, self.stay_share[1] + self.join_share


def change_parts(sums: ChangeSums) -> tuple[float, float, float, float]:
    """Split the change of the share into within, mix, joiners and leavers.

    Returns
    -------
    tuple of four floats
        In the order of `PARTS`; they sum to the change exactly. With P the share of a quarter,
        P' the mean of both, w and s of a person as in `ChangeSums`, and a bar for the mean of both
        quarters: within = sum w' ds and mix = sum dw (s' - P') over those who stay,
        joiners = sum w1 (s1 - P') and leavers = -sum w0 (s0 - P'). Since all w of a quarter sum to
        1, taking P' off every s changes nothing in total.

    References
    ----------
    Griliches & Regev 1995, for the productivity of firms that stay, enter and exit.
    """
    middle = sum(sums.shares) / 2
    stayed = sums.stay_share[1] - sums.stay_share[0]
    shifted = sums.stay_weight[1] - sums.stay_weight[0]
    return (
        sums.moved,
        stayed - sums.moved - middle * shifted,
        sums.join_share - middle * sums.join_weight,
        middle * sums.leave_weight - sums.leave_share,
    )


def within_error(sums: ChangeSums) -> float:
    """Return the standard error of the within part, clustered by person.

    Within = sum of m d over people. A pairing moves the d of both its people, so the sum over
    people alone would miss half of what pairings share: 4 sum (m (d - d'))^2 counts each pairing's
    own noise twice, and that noise, 2 sum m^2 P (1 - P) / n over both quarters, is taken off once.
    It is also the least that the variance may be, as in `floored_variance`.

    References
    ----------
    Fafchamps & Gubert 2007; Aronow, Samii & Assenova 2015, with the noise of pairings from the
    share instead of distinct pairs of people.
    """
    mean = 2 * sums.moved / sum(sums.stay_weight)
    spread = sums.moved_squared - 2 * mean * sums.moved_weight + mean * mean * sums.weight_squared
    own = 2 * sum(
        share * (1 - share) * noise for share, noise in zip(sums.shares, sums.noise, strict=True)
    )
    return sqrt(max(4 * spread - own, own, 0.0))


def change_split(sums: ChangeSums, part: Part) -> Result:
    """Return one part of the change of the cross-group share between two quarters.

    Parameters
    ----------
    sums : ChangeSums
        The slice in two quarters.
    part : Part
        (k,), the position in `PARTS`.

    Returns
    -------
    Result
        A difference of shares. ``periods`` and ``split`` hold what must be rounded together. Only
        the within part has an interval and is held against 0; the others are counted, not
        estimated. ``people``: those who stay (within, mix), join or leave. Undefined where a
        quarter has nobody.
    """
    stayers, joiners, leavers = sums.stayers, sums.joiners, sums.leavers
    people = (stayers, stayers, joiners, leavers)[part[0]]
    if not all(sums.people):
        return undefined(NOBODY_THEN, people=people)
    parts = change_parts(sums)
    estimate = parts[part[0]]
    tested = part[0] == 0 and stayers > 0
    error = within_error(sums) if tested else 0.0
    return Result(
        estimate=estimate,
        low=estimate - Z95 * error,
        high=estimate + Z95 * error,
        people=people,
        expected=0.0 if tested else None,
        expected_error=error if tested else None,
        periods=tuple(
            PeriodShare(share=share, people=there)
            for share, there in zip(sums.shares, sums.people, strict=True)
        ),
        split=Split(parts=parts, which=part[0]),
    )


CHANGE_SPLIT = Measure(
    key="change_split",
    title="Parts of a change",
    question="Did people change, or did the people change?",
    reads="sums over people in two quarters",
    compute=change_split,
    unit=Unit.SHARE_CHANGE,
    sensitivity=Sensitivity.ATTITUDE,
    better="neither",
    definition=(
        "The change of the cross-group share between two quarters, in percentage points, split "
        "into four parts that sum to it. Same people: how much those who met somebody in both "
        "quarters changed their own share. Mix: how much those of them who cross more have become "
        "more active. Joined: how much newcomers cross more than the mean of both quarters. Left: "
        "how much those who left crossed less than it. Each part is rounded, and the rounding is "
        "shared out so that the parts still sum to the change of the rounded shares."
    ),
    caveat=(
        "It splits the share, not the ratio against a lottery: part of a change may come from who "
        "was available to meet. Crossing takes two, so newcomers also change the share of those "
        "who stay. Of the four, only the part of the same people has an interval."
    ),
    source=(
        "Griliches & Regev 1995, applied to people and their contacts; interval clustered by "
        "person after Fafchamps & Gubert 2007."
    ),
)
