"""What a programme owner can do on Monday: a small, reviewed library of actions, as data."""

from __future__ import annotations

from dataclasses import dataclass

ACTIONS: dict[str, tuple[str, ...]] = {
    "no_offer": (
        "Check that everybody in the pool is still meant to be there.",
        "Let people left over join a pair as a group of three.",
        "Widen the pool by one location or team.",
    ),
    "no_date": (
        "Put the first date into the offer, so that people move it rather than find it.",
        "Remind both people once, three days after the offer.",
        "Ask a few people what kept them from setting a date.",
    ),
    "cancelled": (
        "Move the next round away from month ends and release weeks.",
        "Let people rebook with one click within the same round.",
        "Ask the managers of the cohort to keep one hour a cycle free.",
    ),
    "no_show": (
        "Send both people a reminder on the day before, with the link.",
        "Shorten the conversation, or make the next one online.",
        "Speak with the cohort's host about what has changed for the group.",
    ),
    "unknown": (
        "Ask people to mark each conversation as held or not, in one click.",
        "Connect the calendar, so that nobody has to mark anything.",
    ),
    "cohort_alarm": (
        "Speak with the cohort's host about what has changed for the group.",
        "Ask everybody who has gone quiet, in one friendly message, whether to pause or to stop.",
    ),
    "invited": (
        "Invite everybody who is eligible at the same time, not in waves.",
        "Ask managers to pass the invitation on in their own words.",
    ),
    "joined": (
        "Say in the invitation how much time it takes, and when it ends.",
        "Invite people a second time through somebody who took part.",
        "Offer a second start date to people who decline.",
    ),
    "offered": (
        "Offer the first partner within a week of joining.",
        "Form a group of three rather than leave anybody over.",
    ),
    "scheduled": (
        "Put the first date into the offer, so that people move it rather than find it.",
        "Remind both people once, three days after the offer.",
    ),
    "met": (
        "Send both people a reminder on the day before, with the link.",
        "Let people rebook with one click within the same round.",
    ),
    "gave_feedback": (
        "Ask two questions instead of many, straight after the conversation.",
        "Tell people what was changed because of earlier feedback.",
    ),
    "met_again": (
        "Suggest the next date at the end of the first conversation.",
        "Give pairs one shared task for the second conversation.",
    ),
    "meeting_low": (
        "Ask a few of these people when a conversation fits their week, and offer that time.",
        "Let people choose a slower rhythm instead of leaving.",
    ),
    "meeting_high": ("Invite some of these people to host a first conversation for newcomers.",),
    "dates_low": (
        "Let people rebook with one click within the same round.",
        "Put the first date into the offer, so that people move it rather than find it.",
    ),
    "dates_high": ("Ask how these people settle their dates, and share that with everybody.",),
    "feedback_low": (
        "Ask two questions instead of many, straight after the conversation.",
        "Tell people what was changed because of earlier feedback.",
        "Check that the question reaches them: by chat or e-mail, in their language.",
    ),
    "feedback_high": (
        "Tell these people what their feedback changed, and thank them.",
        "Ask some of them to try a shorter set of questions first.",
    ),
    "partners_low": ("Prefer partners whom people have not met yet in the next round.",),
    "partners_high": (
        "Offer a second conversation with the same partner, for those who want one.",
    ),
    "trend_low": (
        "Ask at half time what would make the next cycles worth it.",
        "Offer a new topic or format for the second half.",
    ),
    "trend_high": ("Ask what made it easier with time, and tell newcomers.",),
    "silence_low": (
        "Ask everybody who has gone quiet, in one friendly message, whether to pause or to stop.",
        "Offer a new start in the next round, without a word about the gap.",
        "See on the Engagement page at which step people are lost.",
    ),
    "participation_rate_below": (
        "Ask a few who were eligible and never met what kept them from a first conversation.",
        "Let the host of a cohort that does well pass on how its first weeks went.",
        "Offer people without a partner one within a week.",
    ),
    "completion_rate_below": (
        "Put the first date into the offer, so that people move it rather than find it.",
        "Ask the managers of the cohort to keep one hour a cycle free.",
        "See on the Engagement page at which step and since when dates are lost.",
    ),
    "feedback_rate_below": (
        "Ask two questions instead of many, straight after the conversation.",
        "Tell people what was changed because of earlier feedback.",
    ),
    "ratio_below": (
        "Prefer partners of another group in the next round of matching.",
        "Open the pool to a second location or team.",
        "See on the Connection page whether it is who is there, who is matched, or who turns up.",
    ),
    "matching_factor_below": (
        "Prefer partners of another group in the next round of matching.",
        "Check whether the rule of matching keeps people with their own.",
    ),
    "uptake_factor_below": (
        "Put a first date into offers between groups, so that people move it rather than find it.",
        "Ask a few people what keeps offers to another group from being taken up.",
    ),
    "continuation_factor_below": (
        "Suggest the next date at the end of a first conversation between groups.",
        "Give such pairs one shared task for the second conversation.",
    ),
    "scale_below": (
        "Ask a few teams, in confidence, what has changed since the last time.",
        "Agree with hosts on one habit that makes it easier to speak up, and try it for a quarter.",
    ),
    "gap_below": (
        "Check who was invited and offered a partner, and when, in this group and in others.",
        "Ask a few people of the group what keeps them from it, and offer that help to everybody.",
    ),
    "growth_below": (
        "Give the next rounds one topic that practises this skill.",
        "Ask a few people what they tried out between conversations.",
        "See on the Growth page who is missing from the ratings.",
    ),
    "compared_above": (
        "Ask the hosts what they do differently, and pass it on to one other cohort.",
        "Look at what was different from the start, before copying it: who joined, when, how.",
    ),
}
"""Actions by the outcome, the step, the habit or the comparison that they are for; at most three
are shown."""
MOST_ACTIONS = 3


@dataclass(frozen=True)
class Finding:
    """Something that can be acted upon: what it is called, where it stands, and what may help."""

    heading: str
    slice: str
    key: str
    actions: tuple[str, ...]


def actions_for(keys: list[str]) -> list[str]:
    """Return at most three actions, the first of each key before the second of any."""
    lists = [ACTIONS.get(key, ()) for key in keys]
    longest = max(map(len, lists), default=0)
    turns = (actions[turn] for turn in range(longest) for actions in lists if turn < len(actions))
    return list(dict.fromkeys(turns))[:MOST_ACTIONS]
