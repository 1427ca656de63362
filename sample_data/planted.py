"""The effects planted in the invented organisation, read by the generator and by its tests."""

from __future__ import annotations

CONCENTRATED_FUNCTION = "engineering"
CONCENTRATED_LOCATION = "pune"
CONCENTRATION = 0.95
"""Opportunity: share of the function's people who work at the one location."""

FUNCTION_RATIO = 1.30
"""Matching: cross-function ratio of the mentoring programme against its own lottery."""

COMPLETION_SAME_SENIORITY = 0.84
COMPLETION_CROSS_SENIORITY = 0.62
"""Uptake: completion of peer coaching conversations within and across levels of seniority."""

NULL_ATTRIBUTE = "tenure"
"""Drawn independently of everything else, so that no measure may find a difference by it."""

QUIET_COHORT = "sounding-board-01"
QUIET_FROM_ROUND = 9
QUIET_FACTORS = (0.82, 0.64, 0.46)
"""Completion of the quiet cohort, as a factor, in that round and the next; the last one stays."""

COMPLETION = {"crossings": 0.70, "sounding-board": 0.86, "open-table": 0.48}
"""Completion by programme before a cohort goes quiet; that of Crossings follows from the above."""
KEEPING = 0.95
"""Chance that a planned conversation takes place where the people meet at all."""

WOMEN_SHIFT = 0.04
"""Simpson reversal: each woman at the table adds this to its completion, in every programme."""
WOMEN_ODDS = {"crossings": 1.0, "sounding-board": 0.35, "open-table": 2.1}
"""Simpson reversal: how much more often women than men are found in each programme."""

LOCATION_RATIO = {
    "2025-Q2": 0.80,
    "2025-Q3": 0.80,
    "2025-Q4": 0.80,
    "2026-Q1": 0.93,
    "2026-Q2": 1.05,
    "2026-Q3": 1.15,
}
"""Trend: cross-location ratio of the circles against their lottery, by quarter of the offer."""
NEW_RULE_ON = "2026-01-01"

SMALL_GENDER = "nonbinary"
SMALL_GENDER_PEOPLE = 8
"""A group too small to show, of the same size however large the organisation is."""

LOADED_FUNCTION = "people"
LOADED_CONVERSATIONS = 3
"""Mixing load: conversations planned for each peer coaching pair with somebody of this function."""

SKILL_GAIN = {
    "awareness": 0.30,
    "vulnerability": 0.0,
    "empathy": 0.35,
    "compassion": 0.10,
    "adaptability": 0.10,
    "agility": 0.0,
    "communication": 0.20,
    "data_analysis": 0.0,
    "systems_design": 0.0,
}
"""Mean gain of participants from the first to the last wave, in scale points, as others see it."""
RESPONSE_SHIFT = {"awareness": -0.25}
"""What participants say of themselves instead, where that differs: their yardstick moves."""
RECALL = -0.10
"""How much too low everybody recalls the first rating, looking back at the last wave."""
DOSE_SKILL = "empathy"
DOSE_SHARE = 0.6
"""Part of that skill's gain that is in proportion to completed cross-function conversations."""
TECHNICAL_SKILL = "data_analysis"
TECHNICAL_FUNCTION = "operations"
TECHNICAL_GAIN = 0.45
"""A technical skill that grows in one function only, among participants."""

LEAVE_PARTICIPANT = 0.07
LEAVE_OTHER = 0.14
"""Share of people who leave within the eighteen months; an association, not an effect."""

LEARNING_SOURCE_START = {"peers": 0.40, "managers": 0.36, "both": 0.24}
LEARNING_SOURCE_END = {"peers": 0.54, "managers": 0.25, "both": 0.21}
"""Where participants say that they learn more, in the first and in the last wave."""
SAFETY_GAIN = 0.20
"""Psychological safety: mean gain of participants from the first to the last wave."""

HELPED = 0.55
HELPING_GENDER = "woman"
HELPED_MORE = 0.10
"""Help: chance to say after a conversation that it helped, and what is added where everybody else
in it is of this gender, who therefore gives more help than comes back."""

LEANING_SHARE = (0.5, 0.3, 0.2)
COMPLETION_FACTOR = (1.04, 1.02, 0.86)
WITHDRAWING = (0.006, 0.008, 0.07)
"""Three leanings that people bring along: how many have each, a factor on completion, and the
chance to withdraw in a cycle."""

STEADY, RESERVED, FADING = range(3)
"""Three habits of taking part. Whoever withdraws from every programme is fading, the more likely
the third leaning; all others are steady or reserved."""
FADED_DAYS = 30
"""So long before the data end a withdrawal must lie, to be a habit rather than a recent event."""
RESERVED_SHARE = 0.375
"""Share of the reserved among those who do not fade: three in eight."""
FEEDBACK_GIVING = (0.90, 0.12, 0.90)
"""Chance of feedback after a conversation, by habit."""
