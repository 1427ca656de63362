"""What the steps from pool to return say to a reader: the definitions of the funnel's measures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metrics.connection.funnel import (
    completion_by_crossing,
    connection_factor,
    continuation_factor,
    matching_factor,
    meeting_factor,
    opportunity_factor,
    uptake_factor,
)
from metrics.definition import Measure, Part, Result, Sensitivity, Unit

SOURCE = (
    "Friending exposure and friending bias of Chetty et al. 2022, carried over to the stages of a "
    "pairing"
)
DYADS = "interval: dyad-robust variance of Fafchamps & Gubert 2007, by the delta method on logs"
GAP = "It is a gap in numbers and says nothing about anybody's intention."


def _step(
    key: str,
    title: str,
    question: str,
    compute: Callable[[Any, Part], Result],
    definition: str,
    caveat: str,
    source: str = f"{SOURCE}; {DYADS}.",
) -> Measure:
    return Measure(
        key=key,
        title=title,
        question=question,
        reads="stage counts",
        compute=compute,
        unit=Unit.STAGE_RATIO,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=definition,
        caveat=caveat,
        source=source,
    )


OPPORTUNITY_FACTOR = _step(
    "opportunity_factor",
    "Opportunity: who was available",
    "Do place, time and cohort leave people of different groups a chance to meet?",
    opportunity_factor,
    (
        "The share of pairings that would cross groups if partners were drawn by lottery among the "
        "people available in the same round and pool, divided by the share if all who could take "
        "part met at random. Below zero per cent: pools, sites and cohorts keep groups apart "
        "before anybody is matched. It is counted, not estimated, so it has no interval; a "
        "difference under 2 % is treated as none."
    ),
    (
        "Who could take part is taken from enrolment, else from those with a pairing; who was "
        "available from the recorded pools, else from those paired in the same round. A pool may "
        "have good reasons, such as time zones."
    ),
    f"{SOURCE} (their exposure); expectation inside strata as in Mantel & Haenszel 1959.",
)

MATCHING_FACTOR = _step(
    "matching_factor",
    "Matching: who was offered whom",
    "Do offers cross groups more often than a lottery among the people available would?",
    matching_factor,
    (
        "The share of arranged pairings that cross groups, divided by the share that a lottery "
        "among the people available would give. A conversation held without an offer counts as "
        "arranged. Its noise is that of the lottery itself."
    ),
    (
        "It judges the matching by the pools it was given: pools that keep groups apart show under "
        "opportunity, not here."
    ),
    f"{SOURCE}; lottery: join counts of Cliff & Ord 1981 inside strata; {DYADS}.",
)

MEETING_FACTOR = _step(
    "meeting_factor",
    "Who met, of those available",
    "Do the conversations that took place cross groups more often than a lottery would?",
    meeting_factor,
    (
        "Matching and uptake as one step: the share of completed pairings that cross groups, "
        "divided by the share that a lottery among the people available would give. It stands in "
        "for both steps where offers were not recorded."
    ),
    (
        "It cannot say whether it was the offers or the showing up. A value of zero per cent may "
        "hide two steps that cancel out."
    ),
)

UPTAKE_FACTOR = _step(
    "uptake_factor",
    "Uptake: which offers were met",
    "Do arranged pairings across groups take place as often as the others?",
    uptake_factor,
    (
        "The share of completed pairings that cross groups, divided by the share among arranged "
        "ones. This equals the completion rate of pairings across groups divided by the completion "
        "rate of all. Zero per cent means that they took place equally often."
    ),
    (f"A conversation cancelled because of calendars or time zones counts like any other. {GAP}"),
)

CONTINUATION_FACTOR = _step(
    "continuation_factor",
    "Continuation: who met again",
    "Do pairings across groups meet again as often as the others?",
    continuation_factor,
    (
        "The share of pairings that cross groups among those that met more than once in a cycle, "
        "divided by the share among all completed ones. Zero per cent means that pairings across "
        "groups met again as often as the others."
    ),
    (
        "Meeting again mixes both people's wishes with how many conversations a programme plans "
        f"for a pair. {GAP}"
    ),
)

CONNECTION_FACTOR = _step(
    "connection_factor",
    "All steps together",
    "How often do people end up across groups, against everybody meeting at random?",
    connection_factor,
    (
        "The share of pairings that cross groups at the last step that is recorded, divided by the "
        "share if all who could take part met at random. It is the product of the steps before it, "
        "exactly, also after rounding."
    ),
    (
        "The last step is meeting again where enough pairings did, else having met. Steps that "
        "pull in opposite directions cancel out here: read them one by one."
    ),
)

COMPLETION_BY_CROSSING = Measure(
    key="completion_by_crossing",
    title="Completion by crossing",
    question="How many arranged pairings take place, across groups and inside them?",
    reads="stage counts",
    compute=completion_by_crossing,
    unit=Unit.SHARE,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "Of the arranged pairings of people of different groups, and of those of the same group, "
        "the share in which a conversation took place. Pairings in circles are weighted so that "
        "each person brings one contact."
    ),
    caveat=(
        "The two rates can differ because pairings across groups are arranged in other programmes, "
        "places or seasons; compare them within one programme. A conversation held without an "
        "offer counts as arranged."
    ),
    source=(
        "Our own definition. Interval: Wilson 1927 with the dyad-robust variance of Fafchamps & "
        "Gubert 2007."
    ),
)

MEASURES: tuple[Measure, ...] = (
    OPPORTUNITY_FACTOR,
    MATCHING_FACTOR,
    MEETING_FACTOR,
    UPTAKE_FACTOR,
    CONTINUATION_FACTOR,
    CONNECTION_FACTOR,
    COMPLETION_BY_CROSSING,
)
"""The measures of the funnel, in the order of the steps."""
