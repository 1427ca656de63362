"""The measures of answers: learning source, scales, and feedback after conversations."""

from __future__ import annotations

from metrics.definition import Measure, Sensitivity, Unit
from metrics.surveys.bands import scale_band_share
from metrics.surveys.reliability import scale_alpha, scale_omega
from metrics.surveys.scales import feedback_difference, scale_change, scale_mean
from metrics.surveys.shares import answer_share, response_rate

_SCORE = (
    "Reversed questions are turned round; whoever answered at least two thirds of the questions is "
    "scored by the mean of those answered, on the scale as it was given; mean over people."
)
_OTHERS = (
    "From wave to wave other people answer. Whether people changed is what the change of the same "
    "people says; who does not answer may differ."
)
_WILSON = "Interval: Wilson 1927, clustered by person."

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="learning_source_share",
        title="Where people learn",
        question="Do people learn more from peers, from managers, or from both equally?",
        reads="answers by option",
        compute=answer_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "People who chose an answer, divided by all who answered the question at that wave. "
            "Held against the share at the first wave."
        ),
        caveat=(
            "It is what people say, not where they learn. Mostly the same people answer again, so "
            "the comparison with the first wave is on the careful side."
        ),
        source=f"Our own question. {_WILSON} Comparison: Newcombe 1998.",
    ),
    Measure(
        key="psychological_safety",
        title="Psychological safety",
        question="Can people speak up and take risks without being punished for it?",
        reads="scores by wave",
        compute=scale_mean,
        unit=Unit.POINTS,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=_SCORE,
        caveat=f"The scale was made for teams and is summed up over people here. {_OTHERS}",
        source="Edmondson 1999. Mean with its t interval.",
    ),
    Measure(
        key="inclusion_score",
        title="Inclusion",
        question="Do people feel that they belong, and that they can be themselves?",
        reads="scores by wave",
        compute=scale_mean,
        unit=Unit.POINTS,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=f"{_SCORE} Belongingness and uniqueness stand apart and are never summed.",
        caveat=_OTHERS,
        source="Chung et al. 2020. Mean with its t interval.",
    ),
    Measure(
        key="scale_score",
        title="Score of another scale",
        question="What do people answer on the organisation's own questions?",
        reads="scores by wave",
        compute=scale_mean,
        unit=Unit.POINTS,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=_SCORE,
        caveat=f"A scale that Weft does not know counts as not validated. {_OTHERS}",
        source="Mean with its t interval.",
    ),
    Measure(
        key="scale_change",
        title="Change of a scale, same people",
        question="Did the people who answered first and last change their answers?",
        reads="score differences",
        compute=scale_change,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "Mean of last less first score of the people who answered at both waves, in points of "
            "the scale."
        ),
        caveat=(
            "Without people to compare with, other causes are as likely as the programme. Those "
            "who stopped answering may have changed in another way."
        ),
        source="Paired t interval.",
    ),
    Measure(
        key="scale_band_share",
        title="How scores spread",
        question="How many score low, in the middle, and high on a scale?",
        reads="scores in bands",
        compute=scale_band_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "People whose score lies in the lower three eighths of the scale, in its middle "
            "quarter, or in its upper three eighths, divided by all who are scored: on a scale "
            "from 1 to 5 below 2.5, from 2.5 to below 3.5, and from 3.5 on."
        ),
        caveat=(
            "The cuts are a convention, and people near one of them change sides easily. Whether a "
            "scale moves is what its mean and the change of the same people say."
        ),
        source="Our own bands. Interval: Wilson 1927.",
    ),
    Measure(
        key="survey_response_rate",
        title="Answered the survey",
        question="How many of those who take part answered?",
        reads="answered and there",
        compute=response_rate,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.OPERATIONAL,
        better="higher",
        definition=(
            "People who handed in a response at that wave, divided by people who take part here "
            "and were employed when the wave opened."
        ),
        caveat=(
            "Who was invited is not recorded. Whoever takes part at any time counts at each wave, "
            "and answers of unknown people do not count."
        ),
        source="Our own definition. Interval: Wilson 1927.",
    ),
    Measure(
        key="scale_alpha",
        title="Reliability of a scale (alpha)",
        question="Do the questions of a scale measure the same thing?",
        reads="products of answers",
        compute=scale_alpha,
        unit=Unit.COEFFICIENT,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "How strongly the questions go together, from 0 to 1, over people who answered all of "
            "them at the last wave. 0.7 is usual for comparing groups."
        ),
        caveat=(
            "It rises with the number of questions and takes all of them to be equally good. A "
            "negative value is a data error: a reversed question was not marked."
        ),
        source="Cronbach 1951. Interval: Feldt 1965.",
    ),
    Measure(
        key="scale_omega",
        title="Reliability of a scale (omega)",
        question="And if the questions are not equally good?",
        reads="products of answers",
        compute=scale_omega,
        unit=Unit.COEFFICIENT,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "The part of the sum of all questions that one common factor explains, from 0 to 1, "
            "over the same people as alpha."
        ),
        caveat="It takes one factor for granted. No interval is given.",
        source="McDonald 1999; factor by maximum likelihood (Jöreskog 1967).",
    ),
    Measure(
        key="feedback_mean",
        title="Feedback after conversations",
        question="How do people rate their conversations?",
        reads="scores by wave",
        compute=scale_mean,
        unit=Unit.POINTS,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition="Mean over people of each person's mean answer, on the scale as it was given.",
        caveat="Conversations without feedback are missing, and may have been the worse ones.",
        source="Mean with its t interval; one value per person.",
    ),
    Measure(
        key="feedback_difference",
        title="Feedback across groups against within",
        question="Do people rate conversations across groups otherwise than within their own?",
        reads="score differences",
        compute=feedback_difference,
        unit=Unit.POINTS_CHANGE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "For each person with both kinds: mean answer after conversations with somebody of "
            "another group, less that after conversations within the own group; mean over people."
        ),
        caveat=(
            "The same people are compared with themselves, so who is easily pleased does not "
            "matter; whom they met, and about what, may. Only people with both kinds count."
        ),
        source="Paired t interval, one difference per person.",
    ),
    Measure(
        key="ally_share",
        title="Speak up for others",
        question="Do people say that they speak up for somebody of another group?",
        reads="answers by option",
        compute=answer_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="higher",
        definition=(
            "Yes, divided by yes and no. Answers that there was no occasion are counted apart. "
            "Held against the first period."
        ),
        caveat="It is what people say of themselves, not what others saw.",
        source=f"Our own definition. {_WILSON} Comparison: Newcombe 1998.",
    ),
    Measure(
        key="ally_no_occasion_share",
        title="No occasion to speak up",
        question="How often was there no occasion to speak up?",
        reads="answers by option",
        compute=answer_share,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition="Answers that there was no occasion, divided by all answers.",
        caveat="It rests on what people noticed.",
        source=f"Our own definition. {_WILSON}",
    ),
)
"""Every measure of answers."""
