"""The measures of profiles: how large each segment is, what its people do, and whom it holds."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.engagement.measures import compared_share


@dataclass(frozen=True, kw_only=True)
class Association:
    """Cramer's V of groups and segments, made of published shares, and the people behind it."""

    value: float
    people: int


def association(given: Association, part: Part = ()) -> Result:
    """Return the association; undefined with fewer than two groups."""
    if isnan(given.value):
        return undefined("fewer than two groups can be shown", people=given.people)
    return Result(estimate=given.value, people=given.people)


_SEGMENTS = (
    "People are grouped by what they do alone: how often they meet, hold dates and give feedback, "
    "against others of the same cohort at the same time; whether partners repeat, whether they "
    "meet more or less than at first, and how long ago they last met. Habits in which people "
    "differ by little more than chance count for little. A number of kinds is shown only if two "
    "halves of the people give the same kinds, each comes back among resampled people, none is "
    "small, and they stand further apart than gradual differences would."
)
_SOURCE = (
    "k-means: Lloyd 1982. Stability: Hennig 2007; Hubert & Arabie 1985. Shrinkage: DerSimonian & "
    "Laird 1986."
)

MEASURES = (
    Measure(
        key="profile_share",
        title="Kinds of participation",
        question="What kinds of participation are there, and how common is each?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="neither",
        definition=(
            f"{_SEGMENTS} Compared with the shares a quarter earlier, by the same kinds, among "
            "people who had been in their cohorts for as long as those of today."
        ),
        caveat=(
            "A kind describes how people took part so far, not what sort of people they are, and "
            "nobody's kind is kept. People with fewer than three cycles, and those who left the "
            "organisation, are in no kind. Those who stopped are counted and stay stopped, so that "
            "a kind which has not met lately grows as a programme grows older; the comparison "
            "allows for that, but not for people who are there longer than anybody was before."
        ),
        source=_SOURCE,
    ),
    Measure(
        key="profile_habit",
        title="Habits of each kind",
        question="What do people of each kind do more, or less, than the others?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="neither",
        definition=(
            "What the people of a kind did together, beside everybody. Low and high: the mean of "
            "the kind lies at least half a standard deviation from that of all people."
        ),
        caveat=(
            "Kinds were made of these habits, so that they differ in them is no finding by itself. "
            "Most people lie between the kinds rather than at their middle."
        ),
        source="Cohen 1988, for half a standard deviation.",
    ),
    Measure(
        key="profile_share_by_group",
        title="Kinds of participation by group",
        question="Is a kind of participation more common in some groups?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Share of a group that takes part in this way, beside the share among everybody. No "
            "personal attribute was used to make the kinds."
        ),
        caveat=(
            "A difference may come from the programmes that a group is in, or from who its "
            "partners were. It says nothing about any person of the group."
        ),
        source="Our own definition. Interval: Wilson 1927; comparison: Benjamini & Hochberg 1995.",
    ),
    Measure(
        key="profile_association",
        title="Kinds and groups (Cramér's V)",
        question="Do the kinds of participation follow group membership?",
        reads="associations",
        compute=association,
        unit=Unit.COEFFICIENT,
        sensitivity=Sensitivity.ATTITUDE,
        better="lower",
        definition=(
            "Cramér's V between the groups of an attribute and the kinds, from published shares: 0 "
            "where the kinds are equally common in all groups, 1 where the group tells the kind."
        ),
        caveat="Beyond 0.3 the kinds track group membership: look at barriers, not at people.",
        source="Cramér 1946; bias correction: Bergsma 2013.",
    ),
)
"""The measures of profiles, in the order on screen."""
