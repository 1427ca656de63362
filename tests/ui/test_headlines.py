"""The first page in words: is it working, its four signs, and what to decide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release import Cell, Release
from release.contents import Group
from tests.skill_release import change, level, skill_contents
from tests.small_release import (
    COHORT,
    PROGRAMME,
    QUARTERS,
    cell,
    contents,
    groups,
    hidden,
)
from tests.survey_release import survey_contents
from tests.ui.test_answers import COLOURS, STATES, trend
from ui.headlines_answer import working_badges, working_sentence
from ui.signs import signs
from ui.tiles import _all
from ui.words import plain
from ui.worries import worries

SKILLS = {"g0": ("Awareness", "above"), "g1": ("Empathy", "above"), "g2": ("SQL", "noise")}


def grown(verdict: str, **facts: object) -> Cell:
    """Return the change of all skills together."""
    size = {"above": 0.12, "below": -0.12}.get(verdict, 0.01)
    return change(size, verdict, measure="growth_overall", breakdown="none", **facts)


def skills() -> list[Cell]:
    return [change(0.1, verdict, group=key) for key, (_, verdict) in SKILLS.items()]


def named(breakdown: str, labels: dict[str, str]) -> tuple[Group, ...]:
    return tuple(
        replace(group, breakdown=breakdown, key=key)
        for key, group in zip(labels, groups(list(labels.values())), strict=True)
    )


def released(*cells: Cell | None) -> Release:
    made = contents([one for one in cells if one is not None])
    words = (
        *named("skill", {key: label for key, (label, _) in SKILLS.items()}),
        *named("skill_rater", {"g0": "peers"}),
        *named("equity", {"completion": "Completion"}),
    )
    return Release(replace(made, groups=(*made.groups, *words)))


@pytest.mark.parametrize("moving", ["above", "below", "noise", "absent"])
@pytest.mark.parametrize("growing", ["above", "below", "noise", "hidden", "absent"])
@pytest.mark.parametrize("state", STATES)
def test_an_executive_reads_a_short_sentence_whatever_the_numbers(
    state: str, growing: str, moving: str
) -> None:
    growth = {"hidden": hidden(measure="growth_overall", breakdown="none"), "absent": None}
    worry = cell(0.9, "below", slice=PROGRAMME, breakdown="gender")
    release = released(
        STATES[state],
        growth.get(growing, grown(growing)),
        None if moving == "absent" else trend(moving),
        worry,
        *skills(),
    )
    words = working_sentence(release, "function", worries(release))
    assert len(plain(words).split()) <= 35
    assert len(COLOURS.findall(words)) <= 2
    assert words.endswith(".") and ".." not in words
    assert "None" not in words
    assert ("skills" in words) == (growing in ("above", "below", "noise"))


OPENINGS = {
    ("above", "above"): "Yes:", ("above", "noise"): "In part:", ("above", "below"): "In part:",
    ("noise", "above"): "In part:", ("noise", "noise"): "No sign either way:",
    ("noise", "below"): "Not yet:", ("below", "above"): "In part:",
    ("below", "noise"): "Not yet:", ("below", "below"): "Not yet:",
}  # fmt: skip


@pytest.mark.parametrize(("meeting", "growing"), list(OPENINGS))
def test_a_programme_is_to_do_both(meeting: str, growing: str) -> None:
    words = working_sentence(released(STATES[meeting], grown(growing), *skills()), "function")
    assert words.startswith(OPENINGS[meeting, growing])
    assert (", and peers" in words) == (meeting == growing)


@pytest.mark.parametrize(
    ("state", "moving", "start", "end"),
    [
        ("above", "above", "Yes:", ", and this is rising."),
        ("above", "noise", "Yes:", "would give."),
        ("below", "below", "Not yet:", ", and this is falling."),
        ("noise", "above", "No sign either way:", ", and this is rising."),
    ],
)
def test_without_skills_it_is_meeting_alone_and_where_it_goes(
    state: str, moving: str, start: str, end: str
) -> None:
    words = working_sentence(released(STATES[state], trend(moving)), "function")
    assert words.startswith(start)
    assert words.endswith(end)


def test_how_many_skills_grow_is_said() -> None:
    words = working_sentence(released(STATES["above"], grown("above"), *skills()), "function")
    assert words.endswith("and peers see two of three skills growing.")
    alone = working_sentence(released(STATES["small"], grown("noise"), *skills()), "function")
    assert alone.endswith("Peers see no growth of skills beyond noise.")


def test_both_verdicts_stand_below_the_answer() -> None:
    release = released(STATES["above"], grown("noise"))
    assert working_badges(release, STATES["above"]) == [
        ":blue-badge[▲ above a lottery]", ":gray-badge[● skills within noise]",
    ]  # fmt: skip


def test_what_falls_furthest_below_a_lottery_ends_the_answer() -> None:
    near = cell(0.95, "below", slice=PROGRAMME)
    far = cell(0.8, "below", slice=PROGRAMME, breakdown="gender")
    release = released(STATES["above"], near, far)
    (worry,) = worries(release)
    assert worry.heading == (
        "In Crossings, people meet across gender :orange[20 % less often] than a lottery would "
        "give."
    )
    assert dict(worry.link) == {"attribute": "gender", "slice": PROGRAMME}
    words = working_sentence(release, "function", [worry])
    assert words.endswith(" In Crossings, people meet across gender :orange[20 % less often].")


def alarm(**facts: object) -> Cell:
    given = {"measure": "cohort_alarm", "breakdown": "none", "slice": COHORT}
    return cell(0.5, "below", phrase="since cycle 2", **(given | facts))


def gap(size: float, verdict: str = "below") -> Cell:
    return cell(size, verdict, measure="equity_gap", breakdown="equity.function",
                group="completion.g0", printed="−7 points")  # fmt: skip


def test_one_of_each_kind_is_a_worry_and_the_most_pressing_come_first() -> None:
    release = released(
        STATES["above"],
        gap(-0.07),
        change(-0.2, "below", group="g2"),
        cell(0.9, "below", slice=PROGRAMME, breakdown="gender"),
        alarm(),
    )
    found = worries(release)
    assert [worry.page for worry in found] == ["engagement", "connection", "growth"]
    assert found[0].words == "Spring has been :orange[going quiet] since cycle 2"
    assert plain(found[2].words) == "SQL fell by 0.20 points among the same people"
    assert all(0 < len(worry.actions) <= 3 for worry in found)


def test_a_cohort_that_has_ended_comes_last_and_teaches_the_next() -> None:
    release = released(alarm(reason="it ended"), gap(-0.07))
    first, last = worries(release)
    assert first.heading == (
        "Completion for Design is :orange[7 points lower] than for everybody else."
    )
    assert "had been :orange[going quiet] since cycle 2 when it ended" in last.heading


def test_a_gap_between_people_alike_is_named_as_such_and_may_be_the_other_way_overall() -> None:
    alike = replace(gap(-0.07), measure="equity_gap_adjusted", phrase="reverses")
    (worry,) = worries(released(gap(0.05, "noise"), alike))
    assert plain(worry.heading) == (
        "Among people alike, completion for Design is 7 points lower than for everybody else, "
        "yet higher overall."
    )


def test_a_step_that_takes_away_decides_what_to_try() -> None:
    step = cell(0.9, "below", measure="uptake_factor", slice=PROGRAMME, breakdown="gender")
    far = cell(0.8, "below", slice=PROGRAMME, breakdown="gender")
    (with_step,), (without,) = worries(released(far, step)), worries(released(far))
    assert "first date into offers between groups" in with_step.actions[0]
    assert with_step.actions[0] != without.actions[0]


def test_within_noise_nothing_is_a_worry() -> None:
    calm = released(STATES["above"], gap(-0.01, "noise"), cell(0.99, "noise", slice=PROGRAMME))
    assert worries(calm) == ()


def tiles(release: Release) -> list[str]:
    return [tile.name for tile in signs(release, "function")]


def test_two_rates_stand_where_skills_and_safety_were_not_asked() -> None:
    assert tiles(released()) == ["Reach", "Connection", "Completion", "Feedback"]


def test_growth_and_safety_are_signs_where_they_were_asked() -> None:
    asked = skill_contents()
    answers = survey_contents()
    both = replace(
        asked,
        cells=(*asked.cells, *answers.cells, grown("above"),
               *(level(3.0 + number, measure="growth_level", breakdown="none", period=wave)
                 for number, wave in enumerate(("wave-1", "wave-2")))),
        groups=(*asked.groups, *answers.groups),
    )  # fmt: skip
    found = signs(Release(both), "gender")
    assert [tile.name for tile in found] == ["Reach", "Connection", "Growth", "Safety"]
    growth, safety = found[2:]
    assert growth.is_change and growth.change.printed == "+0.12 points"
    assert "two of three skills up" in growth.note
    assert safety.last.period == "wave-2" and safety.change.verdict == "above"
    drawn = _all((growth, safety), "light")
    assert "+0.12 points" in drawn and "first to last" in drawn
    assert drawn.count(">▲ up beyond noise<") == 2


def test_a_change_that_is_hidden_shows_no_number() -> None:
    gone = hidden(measure="growth_overall", breakdown="none")
    levels = [level(3.1, measure="growth_level", breakdown="none", period="wave-1")]
    release = released(gone, *levels)
    drawn = _all((signs(release, "function")[2],), "light")
    assert gone.printed in drawn and "3.1" not in drawn


def reach(*verdicts: str) -> list[Cell]:
    """Return participation by quarter; without a verdict the quarter still runs."""
    return [
        cell(0.7, verdict, measure="participation_rate", breakdown="none", period=period,
             printed=f"7{number} %")
        for number, (period, verdict) in enumerate(zip(QUARTERS, verdicts, strict=True))
    ]  # fmt: skip


def test_a_quarter_that_still_runs_is_not_the_number_of_a_tile() -> None:
    running, whole = released(*reach("noise", "below", "")), released(*reach("", "noise", "below"))
    assert signs(running, "function")[0].last.printed == "71 %"
    assert signs(running, "function")[0].note.endswith("; Q2 2026 is still running")
    assert signs(whole, "function")[0].last.printed == "72 %"
    # the first quarter has nothing before it, which is no reason to leave it out
    assert signs(released(*reach("", "", "")), "function")[0].last.printed == "72 %"


def test_a_rate_below_earlier_quarters_is_a_worry_once_the_quarter_is_whole() -> None:
    (worry,) = worries(released(*reach("noise", "below", "")))
    assert plain(worry.heading) == (
        "In Q1 2026, only 71 % of those who could met somebody, fewer than in earlier quarters."
    )
    assert worries(released(*reach("below", "noise", ""))) == ()


def test_a_name_in_a_tile_has_no_backslashes() -> None:
    release = Release(contents(label="R&D (old)"))
    drawn = _all((signs(release, "function")[1],), "light")
    assert "meeting across R&amp;D (old), against partners drawn by lot" in drawn
