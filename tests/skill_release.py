"""A release of skills made by hand: three that are rated, one that is not, six cohorts."""

from __future__ import annotations

from collections.abc import Sequence

from release import Cell, Contents, Group
from release.contents import Period
from tests.small_release import ABOUT, attribute, cell, measure, slice_

SKILLS = {"awareness": "Awareness", "empathy": "Empathy", "agility": "Agility"}
GAINS = {"awareness": (0.2, "above"), "empathy": (0.35, "above"), "agility": (0.0, "noise")}
OWN = {"awareness": (-0.2, "below"), "empathy": (0.3, "above"), "agility": (0.0, "noise")}
WAVES = ("wave-1", "wave-2")
COHORTS = tuple(f"cohort=c{number}" for number in range(6))
MEASURES = (
    "skill_gain", "skill_mean", "skill_gain_standardised", "skill_coverage", "skill_gain_weighted",
    "skill_rise_bounds", "skill_gain_shrunk",
)  # fmt: skip


def change(estimate: float, verdict: str = "above", **facts: object) -> Cell:
    """Return the change of a skill."""
    printed = f"{estimate:+.2f} points".replace("-", "\u2212")
    around = {
        "measure": "skill_gain", "breakdown": "skill", "low": estimate - 0.1,
        "high": estimate + 0.1, "expected": 0.0, "lottery_low": -0.1, "lottery_high": 0.1,
        "printed": printed, "phrase": printed, "interval": "+0.10 to +0.30 points", "pairs": None,
        "behind": "120 people",
    }  # fmt: skip
    return cell(estimate, verdict, **(around | facts))


def level(value: float, **facts: object) -> Cell:
    """Return the level of a skill at a wave."""
    around = {
        "measure": "skill_mean", "breakdown": "skill", "low": value - 0.1, "high": value + 0.1,
        "printed": f"{value:.2f}", "expected": None, "lottery_low": None, "lottery_high": None,
    }  # fmt: skip
    return cell(value, "", **(around | facts))


def skill_cells() -> list[Cell]:
    """Return every kind of cell of skills."""
    found: list[Cell] = []
    for skill, (gain, verdict) in GAINS.items():
        own, own_verdict = OWN[skill]
        rater = {"breakdown": "skill.rater", "group": f"{skill}.self"}
        found += [
            change(gain, verdict, group=skill),
            change(own, own_verdict, **rater),
            change(gain, "", measure="skill_gain_weighted", group=skill),
            change(gain, "", measure="skill_gain_standardised", group=skill),
            change(0.65, "", measure="skill_coverage", group=skill, printed="65 %"),
        ]
        for number, wave in enumerate(WAVES):
            found += [
                level(3.0 + gain * number, group=skill, period=wave),
                level(3.1 + own * number, period=wave, **rater),
            ]
        for group in ("g0", "g1"):
            place = {"breakdown": "skill.gender", "group": f"{skill}.{group}"}
            found.append(change(gain, verdict, **place))
        for number, cohort in enumerate(COHORTS):
            place = {"slice": cohort, "group": skill}
            found += [
                change(gain + 0.1 * (number % 2), verdict, **place),
                change(gain, "noise", measure="skill_gain_shrunk", expected=gain, **place,
                       reason="by itself +0.30; cohorts really differ by about ±0.05"),
            ]  # fmt: skip
    return found


def _names(breakdown: str, names: dict[str, str]) -> list[Group]:
    return [
        Group(breakdown=breakdown, key=key, label=label, short=label, sort=number)
        for number, (key, label) in enumerate(names.items())
    ]


def skill_contents(
    cells: Sequence[Cell] | None = None, *, rated: Sequence[str] = tuple(SKILLS)
) -> Contents:
    """Return a release of skills."""
    return Contents(
        cells=tuple(skill_cells() if cells is None else cells),
        measures=tuple(map(measure, MEASURES)),
        scopes=(
            slice_("organisation", "Whole organisation"),
            slice_("programme=p", "Crossings", "organisation"),
            *(slice_(key, f"Cohort {key[-1]}", "programme=p") for key in COHORTS),
            attribute("gender", "gender"),
        ),
        groups=tuple(
            _names("skill", {key: SKILLS[key] for key in rated})
            + _names("skill_rater", dict.fromkeys(rated, "peers"))
            + _names("skill_scale", dict.fromkeys(rated, "1 to 5"))
            + _names("skill_not_rated", {"silence": "Silence"} if rated else {})
            + _names("wave", {key: f"Wave {key[-1]}" for key in WAVES})
            + _names("gender", {"g0": "Women", "g1": "Men"})
        ),
        periods=(Period(key="all", label="All quarters", sort=0),),
        about=ABOUT,
    )
