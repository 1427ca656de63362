"""The measures of engagement: cycles, alarms and their record, outcomes, steps and survival."""

from __future__ import annotations

from dataclasses import dataclass

from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.engagement.before_after import change_against_others
from metrics.engagement.record import alarm_recall, alarm_record
from metrics.engagement.risk import expected_dropouts
from metrics.engagement.survival import survival
from metrics.intervals import wilson


@dataclass(frozen=True, kw_only=True)
class ComparedShare:
    """A share of people, and what it is compared with.

    Attributes
    ----------
    share : float
        In [0, 1].
    people : int
        Distinct people behind it; 0 where there was nobody.
    trials : float
        How many independent trials that is.
    expected, error : float or None
        What it is compared with and the standard deviation of the share round that; None where
        there is nothing to compare with.
    """

    share: float
    people: int
    trials: float
    expected: float | None = None
    error: float | None = None


def compared_share(given: ComparedShare, part: Part = ()) -> Result:
    """Return the share with its Wilson interval, beside what is expected."""
    if given.people == 0 or given.trials <= 0:
        return undefined("nobody could take part")
    low, high = wilson(given.share, given.trials)
    return Result(
        estimate=given.share,
        low=float(low),
        high=float(high),
        people=given.people,
        effective_size=given.trials,
        expected=given.expected,
        expected_error=given.error,
    )


_BINOMIAL = "Wilson 1927, with as many trials as there were offers"

MEASURES = (
    Measure(
        key="cycle_participation",
        title="Participation by cycle",
        question="How many of those who could take part in a cycle met somebody?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "People who met at least once in a cycle, divided by the people who could be offered a "
            "partner in it. A cycle is a round of matches, or a quarter where no rounds are "
            "recorded. It is compared with the cohort's own usual level, less what the other "
            "cohorts of the programme fell by at the same time, as in holidays."
        ),
        caveat=(
            "A fall of the whole programme is no fall of a cohort, and does not show here. Where "
            "fewer than three other cohorts ran, holidays cannot be told from a cohort going quiet."
        ),
        source=f"Our own definition. Interval: {_BINOMIAL}.",
    ),
    Measure(
        key="cohort_alarm",
        title="Cohort going quiet",
        question="Which cohort is going quiet, and since when?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Participation since a fall began, or over the last three cycles where there is none, "
            "beside the cohort's own rhythm. An alarm is raised when falls add up beyond what "
            "chance gives: a one-sided cumulative sum whose limit keeps false alarms, over all "
            "cohorts together, below one in two cycles. Each cycle is judged by what was known at "
            "its end."
        ),
        caveat=(
            "An alarm says that a cohort fell and since when, not why, and nothing about any "
            "person. A cohort that halves is noticed within two cycles; a fall no larger than one "
            "cycle usually strays takes about eight, and in a cohort of few cycles one such fall "
            "in four is never noticed. Cohorts of fewer than ten people are watched together with "
            "the other small ones of their programme."
        ),
        source="Page 1954; self-starting form: Hawkins 1987; limit: Siegmund 1985.",
    ),
    Measure(
        key="programme_lately",
        title="All cohorts of a programme lately",
        question="Do all cohorts of a programme fall at the same time?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Participation in the last three cycles of all cohorts of a programme that go on, "
            "those with an alarm of their own apart, beside what their cycles before would give. "
            "What all of them share is taken off where a cohort is compared with its own rhythm, "
            "so it is told here."
        ),
        caveat=(
            "Holidays move all cohorts as well, and so does time: people take part less often "
            "the longer they have been there."
        ),
        source=f"Our own definition. Interval: {_BINOMIAL}.",
    ),
    Measure(
        key="alarm_record",
        title="Record of the alarms",
        question="How often were such alarms right?",
        reads="alarm records",
        compute=alarm_record,
        unit=Unit.COUNTED,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Alarms after which participation stayed a fifth below the cohort's own rhythm for "
            "four cycles in a row, out of all alarms that are at least four cycles old. The past "
            "is replayed cycle by cycle, with the data up to then."
        ),
        caveat=(
            "A few alarms say little: look at the interval. Alarms that somebody acted upon in "
            "time look like false ones."
        ),
        source=(
            "Our own definition. Interval: Wilson 1927, alarms of one cohort counted as fewer as "
            "far as they hang together."
        ),
    ),
    Measure(
        key="alarm_recall",
        title="Falls that alarms noticed",
        question="How many lasting falls did alarms notice in time?",
        reads="alarm records",
        compute=alarm_recall,
        unit=Unit.COUNTED,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Lasting falls in which an alarm came before they were beyond doubt, out of all that "
            "alarms could have noticed. A fall lasts where participation stays a fifth below the "
            "cohort's own rhythm for four cycles in a row, and is beyond doubt in the fourth. The "
            "past is replayed cycle by cycle, with the data up to then."
        ),
        caveat=(
            "Whoever alarms more often notices more: read it beside how often alarms were right, "
            "and beside as many alarms drawn by lot. A fall that somebody ended in time is none."
        ),
        source=(
            "Our own definition. Interval: Wilson 1927, falls of one cohort counted as fewer as "
            "far as they hang together. By lot: hypergeometric."
        ),
    ),
    Measure(
        key="cycle_outcome",
        title="What became of the others",
        question="What became of those who did not meet?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="lower",
        definition=(
            "People who could take part in a cycle and met nobody, by how far they came: no "
            "partner was offered, no date was set, it was cancelled, somebody did not come, or "
            "nothing was recorded. Since a fall began, or over the last three cycles; beside the "
            "cycles before."
        ),
        caveat="It says where it broke off, not why. What was not recorded stays unexplained.",
        source=f"Our own definition. Interval: {_BINOMIAL}.",
    ),
    Measure(
        key="step_share",
        title="Steps of taking part",
        question="At which step are people lost?",
        reads="compared shares",
        compute=compared_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "People who reached a step, divided by those who reached the one before; having met "
            "again is counted from having met. Everybody counts once in a programme. Beside: the "
            "other cohorts of the programme, or the other programmes."
        ),
        caveat="People who have only just joined had less time to reach the later steps.",
        source="Our own definition. Interval: Wilson 1927.",
    ),
    Measure(
        key="survival",
        title="Still taking part",
        question="How long do people keep taking part?",
        reads="life tables",
        compute=survival,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Share of people still taking part after so many cycles of their own. Somebody stops "
            "by withdrawing, or with the first of three matched cycles in a row without a meeting. "
            "The last three cycles are left out, since stopping cannot be told in them."
        ),
        caveat=(
            "People who leave the organisation, or are still there, are counted as far as they "
            "came. Missing a meeting can be the other person's doing."
        ),
        source="Kaplan & Meier 1958; Greenwood 1926; comparison: Mantel 1966.",
    ),
    Measure(
        key="expected_dropouts",
        title="Expected to stop",
        question="How many of those who still take part are expected to stop soon?",
        reads="chances to stop",
        compute=expected_dropouts,
        unit=Unit.EXPECTED_COUNT,
        sensitivity=Sensitivity.OPERATIONAL,
        better="lower",
        definition=(
            "The chances to stop within the next three cycles, added up over the people of a "
            "cohort who still take part. Chances are learnt from the last three cycles of each: "
            "meetings, no-shows, feedback, new partners, cycles missed in a row; from nothing "
            "about who people are. They are shown only if they did better than the average in the "
            "latest cycles, which they were not learnt from, and if as many stopped as expected, "
            "in each cohort and group."
        ),
        caveat=(
            "It is a number for a cohort; nobody's chance is kept or shown. It says what follows "
            "if nothing changes, not why people stop. People who have not had three cycles yet "
            "are left out. Stopping: see “Still taking part”."
        ),
        source=(
            "Logistic regression: Cox 1958, set right as in Platt 1999. Test: Brier 1950; observed "
            "over expected: Breslow & Day 1987."
        ),
    ),
    Measure(
        key="cohort_change_since",
        title="Change since an action",
        question="Did participation move since an action began, beyond what the others did?",
        reads="changes of cohorts",
        compute=change_against_others,
        unit=Unit.SHARE_CHANGE_DERIVED,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "Participation in up to four cycles since a cycle began, less that in up to four "
            "cycles before, and less the same change in the other cohorts of the programme over "
            "the same weeks; where fewer than three of them ran, in those of all programmes. "
            "Worked out for every start from published values alone. The interval allows for "
            "chance and for how differently the other cohorts moved."
        ),
        caveat=(
            "It goes along with an action and does not prove that the action did it. A cohort in "
            "which somebody acts because it fell may come back by itself, and other cohorts may "
            "have acted too. With fewer than three other cohorts nothing is compared."
        ),
        source=(
            "Difference in differences; few groups: Conley & Taber 2011; prediction of one more "
            "group: Higgins, Thompson & Spiegelhalter 2009; spread: Paule & Mandel 1982."
        ),
    ),
)
"""The measures of engagement, in the order on screen."""
