"""The measures of skills, in the order on screen."""

from __future__ import annotations

from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined
from metrics.growth.gain import skill_gain, skill_gain_standardised, skill_mean
from metrics.growth.gaps import growth_gap, growth_gap_adjusted
from metrics.growth.missing import skill_coverage, skill_gain_weighted, skill_rise_bounds
from metrics.growth.retrospective import skill_gain_then, skill_response_shift
from metrics.growth.shrinkage import FEWEST_COHORTS, Shrunk
from metrics.intervals import Z95

NO_CAUSE = "It does not say that a programme is the reason: other things changed as well."


def skill_gain_shrunk(cohorts: Shrunk | None, part: Part) -> Result:
    """Return one cohort's gain drawn towards the average of all; see `shrink`.

    ``part`` is the position of the cohort. People, scale and rounding are the cohort's own.
    """
    if cohorts is None or cohorts.values.size < FEWEST_COHORTS:
        return undefined(f"fewer than {FEWEST_COHORTS} cohorts can be compared")
    value, error = (float(each[part[0]]) for each in (cohorts.values, cohorts.errors))
    return Result(
        estimate=value,
        low=value - Z95 * error,
        high=value + Z95 * error,
        expected=cohorts.mean,
        expected_error=error,
    )


MEASURES = (
    Measure(
        key="skill_gain",
        title="Change of a skill",
        question="By how much did the rating of a skill change among the same people?",
        reads="paired ratings",
        compute=skill_gain,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Mean of the last rating less mean of the first, over people who have both, in points "
            "of the scale as it was given; a person's rating at a wave is the mean over raters. It "
            "is compared with no change or, where people started lower than those who take part in "
            "nothing, with what those with as low a start gained: people chosen at a low point "
            "rise by themselves."
        ),
        caveat=f"{NO_CAUSE} Self-ratings can fall because people learn what they did not know.",
        source=(
            "Paired t interval. Expected from a low start: analysis of covariance (Lord 1967; Senn "
            "2006)."
        ),
    ),
    Measure(
        key="skill_mean",
        title="Level of a skill",
        question="How is a skill rated at each wave?",
        reads="ratings by wave",
        compute=skill_mean,
        unit=Unit.POINTS,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Mean rating of everybody rated at that wave, in points of the scale as it was given."
        ),
        caveat=(
            "From wave to wave other people are rated. Whether people changed is what the change "
            "of the same people says."
        ),
        source="Mean with its t interval.",
    ),
    Measure(
        key="skill_gain_standardised",
        title="Change of a skill in standard deviations",
        question="How large is the change beside how much people differed at first?",
        reads="paired ratings",
        compute=skill_gain_standardised,
        unit=Unit.STANDARDISED_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The change divided by the standard deviation of the first ratings, corrected for "
            "small numbers. Put as a chance: how often a random person after is rated higher than "
            "a random person before."
        ),
        caveat="Where people hardly differ at first, a small change looks large.",
        source="Becker 1988; Morris & DeShon 2002; Hedges 1981; McGraw & Wong 1992.",
    ),
    Measure(
        key="skill_coverage",
        title="Rated at the end as well",
        question="How many of the people rated at first also have a last rating?",
        reads="paired ratings",
        compute=skill_coverage,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition="People with a first and a last rating, divided by people with a first one.",
        caveat="It tells how many are missing, not whether they differ from those who stayed.",
        source="Our own definition. Interval: Wilson 1927.",
    ),
    Measure(
        key="skill_gain_weighted",
        title="Change of a skill, allowing for who is missing",
        question="Would the change be another one if nobody were missing at the end?",
        reads="people who started",
        compute=skill_gain_weighted,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The change of the same people, in which those who resemble the missing ones in first "
            "rating, activity, programme and groups count for them too."
        ),
        caveat=(
            "Only as good as what is known of people. Those who leave because nothing helped them "
            "cannot be made up for."
        ),
        source="Inverse-probability weighting: Robins, Rotnitzky & Zhao 1995; Seaman & White 2013.",
    ),
    Measure(
        key="skill_rise_bounds",
        title="People whose rating rose, at least and at most",
        question="How many rose, whoever the missing people are?",
        reads="paired ratings",
        compute=skill_rise_bounds,
        unit=Unit.SHARE_BOUNDS,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Where more than 40 % of those rated at first have no last rating, the change is not "
            "told. Instead: the share that rose if all missing people had not, and if all had."
        ),
        caveat="The bounds say nothing about where between them the truth lies.",
        source="Manski 1989.",
    ),
    Measure(
        key="skill_gain_shrunk",
        title="Change of a skill by cohort, drawn towards the average",
        question="Which cohort differs beyond what its size explains?",
        reads="cohorts together",
        compute=skill_gain_shrunk,
        unit=Unit.POINTS_DERIVED,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "A cohort's change, drawn towards the average of all cohorts by as much as its size "
            "leaves open. Worked out from the published changes."
        ),
        caveat=(
            "Small cohorts are drawn furthest. Cohorts differ in many things besides the "
            "programme, so this is no ranking."
        ),
        source="Efron & Morris 1975; Paule & Mandel 1982; Hartung & Knapp 2001.",
    ),
    Measure(
        key="skill_gain_then",
        title="Change of a skill, looking back",
        question="By how much did people move, measured with the yardstick they have now?",
        reads="ratings looking back",
        compute=skill_gain_then,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Then-test: at the last wave people rate themselves as they are, and as they now think "
            "they were at the first. Mean of the one less the other, over people who also gave a "
            "first rating at the time. It stands beside the change from wave to wave and is never "
            "mixed with it."
        ),
        caveat=(
            "The generous view: people recall themselves lower than they were, since they expect "
            "to have grown, also where nothing was learnt."
        ),
        source="Howard et al. 1979; Howard 1980. The bias of recall: Ross 1989. Paired t interval.",
    ),
    Measure(
        key="skill_response_shift",
        title="Response shift",
        question="How differently do people rate their earlier self, looking back?",
        reads="ratings looking back",
        compute=skill_response_shift,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Mean of the first rating as recalled at the last wave, less the first rating as it "
            "was given, of the same people."
        ),
        caveat=(
            "Below zero people may measure themselves more strictly than before, or may recall "
            "themselves too low: these ratings cannot tell the two apart."
        ),
        source="Schwartz & Sprangers 1999; Howard et al. 1979. Paired t interval.",
    ),
    Measure(
        key="growth_gap",
        title="Gap in growth to everybody else",
        question="Does a group gain more or less in a skill than everybody else?",
        reads="gain sums",
        compute=growth_gap,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "The mean change from first to last rating of a group, less that of everybody else who "
            "takes part, in points of the scale, in one skill: in the organisation, or among those "
            "who take part in a programme. Whoever is in several programmes counts once in each, "
            "and once in the organisation, with the same gain. Groups are those that people had at "
            "their first rating; both sides need 50 people."
        ),
        caveat=(
            "A gap says that groups gain differently, not why. It holds differences between "
            "programmes and places as well, and who starts high has less room to gain."
        ),
        source=(
            "Welch 1947. Verdicts: Benjamini & Hochberg 1995 over all groups of an attribute and "
            "all skills, in the organisation and in each programme by itself."
        ),
    ),
    Measure(
        key="growth_gap_adjusted",
        title="Gap in growth between people alike",
        question="Is there still a gap in growth between people of the same programmes and place?",
        reads="gain sums",
        compute=growth_gap_adjusted,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "The gap in growth among people who take part in the same programmes and are of the "
            "same place, averaged with more weight where more people of both sides are. Where "
            "a side has fewer than two people, they do not count."
        ),
        caveat=(
            "A gap says that groups gain differently, not why. People are alike only in what is "
            "named here, and not in how high they start."
        ),
        source=(
            "Weights of inverse variance: Cochran 1954; as a regression on groups and strata: "
            "Angrist 1998."
        ),
    ),
)
"""Every measure of skills."""
