"""A release of answers made by hand: learning source, three scales, feedback and allies."""

from __future__ import annotations

from release import Cell, Contents, Group
from release.contents import Period
from tests.small_release import ABOUT, attribute, cell, measure, slice_

WAVES = {"wave-1": "Spring 2025", "wave-2": "Autumn 2025"}
OPTIONS = {
    "peers": ("More from peers", 0.40, 0.54, "above"),
    "managers": ("More from managers", 0.36, 0.25, "below"),
    "both": ("From both equally", 0.24, 0.21, "noise"),
}
SCALES = {
    "psychological_safety": ("Psychological safety", "Safety", 0.2, "above"),
    "inclusion_belongingness": ("Belongingness", "Belongingness", 0.02, "noise"),
}
QUESTIONS = {"felt_heard": ("Felt heard", 0.0, "noise"), "meet_again": ("Meet again", 0.3, "above")}
GROUPS = {"x": "Sales", "y": "Support"}
MEASURES = (
    "learning_source_share", "psychological_safety", "inclusion_score", "scale_change",
    "survey_response_rate", "scale_alpha", "scale_omega", "feedback_difference", "ally_share",
    "ally_no_occasion_share",
)  # fmt: skip
NOTHING = {"expected": None, "lottery_low": None, "lottery_high": None}


def share(value: float, verdict: str = "", **facts: object) -> Cell:
    """Return a share of answers."""
    around = {
        "low": value - 0.04, "high": value + 0.04, "printed": f"{100 * value:.0f} %",
        "behind": "500 people", **NOTHING,
    }  # fmt: skip
    return cell(value, verdict, **(around | facts))


def points(value: float, verdict: str = "", **facts: object) -> Cell:
    """Return a level, a change or a difference in points."""
    printed = f"{value:+.2f} points".replace("-", "\u2212")
    around = {
        "low": value - 0.1, "high": value + 0.1, "printed": printed, "behind": "300 people",
        **NOTHING,
    }  # fmt: skip
    return cell(value, verdict, **(around | facts))


def survey_cells() -> list[Cell]:
    """Return every kind of cell of answers."""
    first, last = WAVES
    source = {"measure": "learning_source_share", "breakdown": "learning_source"}
    found = [
        each
        for code, (_, start, end, verdict) in OPTIONS.items()
        for each in (
            share(start, group=code, period=first, **source),
            share(end, verdict, group=code, period=last, **source),
        )
    ]
    by_group = {"measure": "learning_source_share", "breakdown": "learning_source.function"}
    found += [
        share(value, group=f"peers.{group}", period=last, **by_group)
        for group, value in (("x", 0.6), ("y", 0.45))
    ]
    for scale, (_, _, change, verdict) in SCALES.items():
        level = "inclusion_score" if scale.startswith("inclusion") else scale
        at = {"breakdown": "scale", "group": scale}
        found += [
            points(change, verdict, measure="scale_change", **at),
            points(3.4, measure=level, period=first, printed="3.40", **at),
            points(3.4 + change, measure=level, period=last, printed="3.60", **at),
            points(0.8, measure="scale_alpha", printed="0.80", **at),
            points(0.81, measure="scale_omega", printed="0.81", **at),
        ]
        found += [
            points(change, verdict, measure="scale_change", breakdown="scale.function",
                   group=f"{scale}.{group}")
            for group in GROUPS
        ]  # fmt: skip
    found += [
        points(value, verdict, measure="feedback_difference", breakdown="feedback.function",
               group=question)
        for question, (_, value, verdict) in QUESTIONS.items()
    ]  # fmt: skip
    whole = {"breakdown": "none"}
    return [
        *found,
        share(0.55, measure="survey_response_rate", period=last, **whole),
        share(0.5, measure="ally_share", period="2026-Q1", **whole),
        share(0.52, "noise", measure="ally_share", period="2026-Q2", **whole),
        share(0.25, measure="ally_no_occasion_share", **whole),
    ]


def survey_contents() -> Contents:
    """Return the release."""
    named = {
        "wave": WAVES,
        "function": GROUPS,
        "learning_source": {code: label for code, (label, *_) in OPTIONS.items()},
        "feedback": {code: label for code, (label, *_) in QUESTIONS.items()},
        "scale_range": dict.fromkeys(SCALES, "1 to 5"),
    }
    groups = [
        Group(breakdown=breakdown, key=key, label=label, short=label, sort=number)
        for breakdown, names in named.items()
        for number, (key, label) in enumerate(names.items())
    ]
    groups += [
        Group(breakdown="scale", key=key, label=label, short=short, sort=number)
        for number, (key, (label, short, *_)) in enumerate(SCALES.items())
    ]
    groups += [
        Group(breakdown="learning_source_reference", key=key, label=label, short=short, sort=number)
        for number, (key, label, short) in enumerate(
            (("peers", "53 %", "0.53"), ("both", "27 %", "0.27"), ("managers", "20 %", "0.20"),
             ("about", "One survey by a vendor", "An index"))
        )
    ]  # fmt: skip
    return Contents(
        cells=tuple(survey_cells()),
        measures=tuple(measure(key) for key in MEASURES),
        scopes=(slice_("organisation", "Whole organisation"), attribute("function", "function")),
        groups=tuple(groups),
        periods=(
            Period(key="all", label="All quarters", sort=0),
            Period(key="2026-Q1", label="Q1 2026", sort=1),
            Period(key="2026-Q2", label="Q2 2026", sort=2),
        ),
        about=ABOUT,
    )
