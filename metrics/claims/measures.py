"""The measures of what may be claimed, in the order of the ladder."""

from __future__ import annotations

from metrics.claims.gap import outcome_between_cohorts, outcome_gap, outcome_gap_alike
from metrics.claims.ladder import growth_by_lottery, growth_since_start, growth_within_person
from metrics.claims.rates import activity_completion
from metrics.definition import Measure, Sensitivity, Unit

CONVERSATIONS = 5
"""Conversations that a comparison within one person is about."""

_WITHIN = "Two-way fixed effects (Wooldridge 2010), clustered by person (Liang & Zeger 1986)."
_TOGETHER = (
    "It goes together, no more. What is always true of a person cancels out; what changed at the "
    "same time, such as interest or a new post, does not"
)

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="growth_by_lottery",
        title="Growth by the partners drawn",
        question="Did it matter for growth whom the lottery gave people?",
        reads="draws and ratings",
        compute=growth_by_lottery,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Where partners are drawn by lot, chance alone decides who is given people of other "
            "groups. What the lottery gives on average to somebody of that group is taken off; "
            "the rest is compared with growth from the first to the last rating. The number is "
            "the difference between partners from other groups only and from the own group only. "
            "Noise is what drawing the same people anew would give."
        ),
        caveat=(
            "It is about the partners offered, whether or not they met, and about those who were "
            "rated twice. It is shown only where the draw, the first ratings and being rated again "
            "look like a fair lottery; a rule against meeting twice is not taken into account."
        ),
        source=(
            "Borusyak & Hull 2023; Imbens & Rubin 2015. Variance over all ways to seat the same "
            "people in closed form: our own derivation."
        ),
    ),
    Measure(
        key="growth_since_start",
        title="Growth since the programme began",
        question="Do people grow more once the programme has begun for them?",
        reads="ratings by wave and start",
        compute=growth_since_start,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Growth from the last wave before the start of people who began then, less that of "
            "people for whom it had not begun yet; the mean over starts and waves, weighted by the "
            "people who began. People who began already are never used to compare with."
        ),
        caveat=(
            "It is an effect only if both would have grown alike without the programme. That is "
            "checked before the start and cannot be checked after it. With fewer than 20 cohorts "
            "the interval does not allow for events that hit a whole cohort."
        ),
        source="Callaway & Sant'Anna 2021, with people not begun yet as control.",
    ),
    Measure(
        key="growth_within_person",
        title="Growth beside one's own conversations",
        question="Do people grow more after conversations with other groups than with their own?",
        reads="ratings and conversations by wave",
        compute=growth_within_person,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Each person is compared with the same person at other times, and each wave with all "
            f"others: by how much more a rating is higher after {CONVERSATIONS} completed "
            f"conversations with other groups than after {CONVERSATIONS} with the own group."
        ),
        caveat=(
            f"{_TOGETHER}, and those who grow may seek other partners instead of growing through "
            "them."
        ),
        source=_WITHIN,
    ),
    Measure(
        key="growth_with_conversations",
        title="Growth with conversations held",
        question="Do people grow more the more conversations they have?",
        reads="ratings and conversations by wave",
        compute=growth_within_person,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Each person is compared with the same person at other times, and each wave with all "
            f"others: by how much a rating is higher after {CONVERSATIONS} more completed "
            "conversations, with whomever."
        ),
        caveat=(
            f"{_TOGETHER}. Who has many conversations also stays longest in the programme, so all "
            "that it brings counts here."
        ),
        source=_WITHIN,
    ),
    Measure(
        key="growth_by_modality",
        title="Growth beside peers and instructors",
        question="Do people grow more after learning from peers than from an instructor?",
        reads="ratings and activities by wave",
        compute=growth_within_person,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Each person is compared with the same person at other times, and each wave with all "
            "others: by how much more a rating is higher after one completed activity led by peers "
            "than after one led by an instructor, other learning being equal."
        ),
        caveat=(
            f"{_TOGETHER}. Activities differ in length and subject, and people choose what suits "
            "them."
        ),
        source=_WITHIN,
    ),
    Measure(
        key="activity_completion",
        title="Completion by way of teaching",
        question="Which learning do people complete, with peers or with an instructor?",
        reads="activity moments",
        compute=activity_completion,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Learning activities that were completed, divided by those that were completed or "
            "dropped; those that are still open are left out."
        ),
        caveat=(
            "Long activities are dropped more often than short ones, however they are taught. "
            "Conversations of the programmes are counted elsewhere."
        ),
        source="Our own definition. Interval: Wilson 1927, clustered by person.",
    ),
    Measure(
        key="outcome_gap_alike",
        title="Outcome beside others alike",
        question="Do people who take part fare better than others who are like them?",
        reads="outcome sums",
        compute=outcome_gap_alike,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Mean outcome of people who take part less that of others, within groups of people who "
            "are alike in the attributes named, and then averaged. A yes or no is counted in 100 "
            "people."
        ),
        caveat=(
            "People chose to take part. Those who stay and move up may be the ones who choose it, "
            "so a difference is no effect of taking part, however alike people are made."
        ),
        source="Direct standardisation; weights of Cochran 1954.",
    ),
    Measure(
        key="outcome_gap",
        title="Outcome beside all others",
        question="Do people who take part fare better than all others?",
        reads="outcome sums",
        compute=outcome_gap,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Mean outcome of people who take part less that of everybody else. A yes or no is "
            "counted in 100 people."
        ),
        caveat=(
            "People who take part differ from others in many ways; see the difference to others "
            "who are alike, and even that is no effect."
        ),
        source="Welch 1947.",
    ),
    Measure(
        key="outcome_between_cohorts",
        title="Outcome beside meeting across groups",
        question="Do cohorts that meet across groups more often fare better?",
        reads="outcome sums by cohort",
        compute=outcome_between_cohorts,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "By how much the mean outcome is higher in a cohort that meets outside its own group "
            "10 points more often: a line through the cohorts, weighted by their people."
        ),
        caveat=(
            "What holds between cohorts need not hold between people, and cohorts differ in more "
            "than how they meet. Fewer than 20 cohorts say nothing."
        ),
        source="Weighted least squares; Robinson 1950 on why cohorts are not people.",
    ),
)
