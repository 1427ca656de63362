"""The cohorts page in words: its answer, its findings, and what it looks up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release import Cell, Release
from release.contents import Contents, Group
from tests.small_release import (
    ABOUT,
    cell,
    contents,
    hidden,
    measure,
    periods,
    slice_,
    undefined,
)
from ui.cohorts_answer import cohorts_badges, cohorts_sentence
from ui.compared import (
    PROGRAMME,
    compared_at,
    compared_in,
    first_compared,
    levels_in,
    name_of,
    place_compared,
    units_in,
)
from ui.pictures.cohort_words import COHORT, overview_finding
from ui.pictures.cohorts import cohort_pictures, columns_of
from ui.words import plain

KEYS = (
    "cohort_rate", "cohort_rate_shrunk", "cohort_ratio", "cohort_ratio_shrunk", "cohort_change",
    "cohort_change_shrunk", "cohort_limits", "completion_rate",
)  # fmt: skip
WHERE = {"crossings": ("spring", "summer", "autumn"), "circles": ("early", "late")}
NUMBERS = {"rate": ("participation_rate", "completion_rate"), "skill": ("empathy",)}
SIZES = (40, 80, 160)


def scopes() -> tuple:
    found = [slice_("organisation", "Whole organisation")]
    for programme, cohorts in WHERE.items():
        found.append(slice_(f"programme={programme}", programme.title(), "organisation"))
        found += [slice_(f"cohort={key}", key.title(), f"programme={programme}") for key in cohorts]
    return tuple(found)


def groups() -> tuple[Group, ...]:
    named = {
        "rate": {"participation_rate": "Participation", "completion_rate": "Completion"},
        "skill": {"empathy": "Empathy"},
    }
    return tuple(
        Group(breakdown=breakdown, key=key, label=label, short=label, sort=number)
        for breakdown, names in named.items()
        for number, (key, label) in enumerate(names.items())
    )


def compared(differs: dict[tuple[str, str], str]) -> list[Cell]:
    """Return every cell of the comparison; ``differs`` holds verdicts by cohort and group."""
    found: list[Cell] = []
    for breakdown, keys in NUMBERS.items():
        kind = "cohort_rate" if breakdown == "rate" else "cohort_change"
        for key in keys:
            for programme, cohorts in WHERE.items():
                for number, cohort in enumerate(cohorts):
                    verdict = differs.get((cohort, key), "noise")
                    place = {"slice": f"cohort={cohort}", "breakdown": breakdown, "group": key}
                    found.append(
                        replace(
                            cell(0.7, verdict, measure=kind, **place),
                            pairs=SIZES[number] if breakdown == "rate" else None,
                            printed="70 %",
                            expected=0.8,
                            lottery_low=0.7,
                            lottery_high=0.9,
                        )
                    )
                    drawn = cell(0.75, "", measure=f"{kind}_shrunk", **place)
                    words = "cohorts really differ by about ±4 percentage points"
                    found.append(replace(drawn, reason=f"{words} (standard deviation)"))
                found += [
                    cell(0.8, "", measure="cohort_limits", slice=f"programme={programme}",
                         breakdown=breakdown, group=f"{key}.{name}", period=str(size))
                    for name in ("inner", "outer") for size in (30, 90, 180)
                ]  # fmt: skip
    completion = cell(0.8, "", measure="completion_rate", breakdown="none")
    found.append(replace(completion, slice="programme=crossings", printed="79 %"))
    return found


def release_of(cells: list[Cell], given: tuple = ()) -> Release:
    return Release(contents_of(cells, given))


def contents_of(cells: list[Cell], given: tuple = ()) -> Contents:
    return Contents(
        cells=tuple(cells), measures=tuple(map(measure, KEYS)), scopes=given or scopes(),
        groups=groups(), periods=periods(), about=ABOUT,
    )  # fmt: skip


NOTHING: dict[tuple[str, str], str] = {}
LOW = {("spring", "completion_rate"): "below"}


def said(release: Release, slice_: str = "organisation", level: str = COHORT) -> str:
    return plain(cohorts_sentence(release, slice_, level))


def test_the_answer_names_the_cohort_its_value_and_that_of_its_programme() -> None:
    assert said(release_of(compared(LOW))) == (
        "In Spring, completion is lower than its size explains: 70 %, where Crossings has 79 %. "
        "The other 4 cohorts do not differ."
    )


def test_no_difference_is_an_answer() -> None:
    assert said(release_of(compared(NOTHING))) == (
        "None of 5 cohorts differs beyond what its size explains, in taking part or growth."
    )


def test_two_cohorts_are_named_and_more_are_counted() -> None:
    two = LOW | {("late", "empathy"): "above"}
    assert said(release_of(compared(two))).startswith("Spring and Late differ beyond")
    three = two | {("early", "empathy"): "above"}
    assert said(release_of(compared(three))).startswith("3 of 5 cohorts differ beyond")


def test_a_programme_without_the_outlier_says_that_nothing_differs() -> None:
    words = said(release_of(compared(LOW)), "programme=circles")
    assert words.startswith("None of 2 cohorts differs")
    release = release_of(compared(LOW))
    assert said(release, "cohort=early").startswith("Early does not differ from the others")
    finding = overview_finding(release, "cohort=early", COHORT)
    assert finding == "Early does not differ beyond what its size explains"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda **facts: hidden(**facts), "Too few people take part in each cohort"),
        (lambda **facts: undefined(**facts), "No cohort has a value to compare yet"),
    ],
)
def test_without_a_value_the_answer_says_why(make: object, words: str) -> None:
    cells = [
        make(measure=one.measure, slice=one.slice, breakdown=one.breakdown, group=one.group)
        for one in compared(NOTHING)
        if one.measure == "cohort_rate"
    ]
    assert said(release_of(cells)).startswith(words)


def test_a_single_cohort_has_nothing_beside_it() -> None:
    alone = (*scopes()[:3],)
    assert said(release_of([], alone)) == (
        "There is only one cohort here, and it takes two to compare."
    )
    assert "nothing on which" in said(release_of([]))


@pytest.mark.parametrize("differs", [NOTHING, LOW, LOW | {("late", "empathy"): "above"}])
@pytest.mark.parametrize("slice_key", ["organisation", "programme=crossings", "cohort=spring"])
def test_answers_are_short_and_have_at_most_two_colours(differs: dict, slice_key: str) -> None:
    sentence = cohorts_sentence(release_of(compared(differs)), slice_key, COHORT)
    assert len(plain(sentence).split()) <= 35
    assert sentence.count(":blue[") + sentence.count(":orange[") <= 2


@pytest.mark.parametrize("differs", [NOTHING, LOW, LOW | {("late", "empathy"): "above"}])
def test_findings_have_at_most_fourteen_words(differs: dict) -> None:
    release = release_of(compared(differs))
    for key in compared_in(release):
        pictures = cohort_pictures(release, "organisation", COHORT, key)
        assert len(pictures) == 3
        assert all(len(plain(picture.finding).split()) <= 14 for picture in pictures)


def test_the_funnel_names_who_lies_outside() -> None:
    release = release_of(compared(LOW))
    overview, funnel, drawn = cohort_pictures(
        release, "organisation", COHORT, "completion_rate"
    )  # fmt: skip
    assert overview.finding == "Spring differs beyond what its size explains"
    assert funnel.finding == "Completion in Spring is lower than its size explains"
    assert plain(drawn.finding) == (
        "Cohorts of a programme differ by about ±4 percentage points in completion"
    )
    assert {cell.slice for cell in funnel.cells} == {
        "cohort=spring", "cohort=summer", "cohort=autumn"
    }  # fmt: skip


def test_the_foot_of_a_funnel_says_that_its_limits_are_widened() -> None:
    words = "limits are 1.9 times as wide as chance gives, since most stray further"
    cells = [
        replace(one, reason=words) if one.measure == "cohort_limits" else one
        for one in compared(LOW)
    ]
    for given, foot in ((cells, words[1:]), (compared(LOW), "Sizes are rounded to fives")):
        funnel = cohort_pictures(release_of(given), "organisation", COHORT, "completion_rate")[1]
        assert foot in plain(funnel.foot)


def test_where_nothing_differs_every_picture_says_so() -> None:
    release = release_of(compared(NOTHING))
    pictures = cohort_pictures(release, "organisation", COHORT, "empathy")
    assert pictures[0].finding == "No cohort differs beyond what its size explains"
    assert plain(pictures[1].finding) == (
        "Growth of empathy: size explains how cohorts of Crossings differ"
    )


def test_rows_keep_the_order_of_programmes_and_are_no_ranking() -> None:
    release = release_of(compared(LOW))
    drawn = cohort_pictures(release, "organisation", COHORT, "completion_rate")[2]
    assert [row["group"] for row in drawn.rows] == ["Spring", "Summer", "Autumn", "Early", "Late"]


def test_what_differs_is_shown_first_and_has_a_column() -> None:
    release = release_of(compared({("late", "empathy"): "above"}))
    assert first_compared(release, "organisation", COHORT) == "empathy"
    assert first_compared(release_of(compared(NOTHING)), "organisation", COHORT) == (
        "completion_rate"
    )
    names = [one.key for one in columns_of(release, "organisation", COHORT)]
    assert names == ["participation_rate", "completion_rate", "empathy"]


def test_quantities_have_names() -> None:
    release = release_of(compared(NOTHING))
    assert [name_of(release, one) for one in compared_in(release).values()] == [
        "Participation", "Completion", "Growth of empathy"
    ]  # fmt: skip


def test_a_cohort_belongs_to_its_programme_among_programmes() -> None:
    release = release_of(compared(NOTHING))
    assert units_in(release, "cohort=late", PROGRAMME) == ["programme=circles"]
    assert units_in(release, "organisation", PROGRAMME) == [f"programme={key}" for key in WHERE]
    assert overview_finding(release, "organisation", PROGRAMME) == (
        "No programme can be compared here"
    )


def test_badges_count() -> None:
    badges = " ".join(cohorts_badges(release_of(compared(LOW)), "organisation", COHORT))
    assert "5 cohorts compared" in badges
    assert "3 quantities each" in badges
    assert "1 differs beyond what size explains" in badges


def test_many_cohorts_are_cut_to_those_that_differ_and_the_first() -> None:
    many = [slice_(f"cohort=c{number}", f"C{number}", "programme=p") for number in range(60)]
    given = (slice_("organisation", "All"), slice_("programme=p", "P", "organisation"), *many)
    cells = [
        cell(0.7, "below" if number == 55 else "noise", measure="cohort_rate",
             slice=f"cohort=c{number}", breakdown="rate", group="completion_rate")
        for number in range(60)
    ]  # fmt: skip
    overview = cohort_pictures(release_of(cells, given), "organisation", COHORT, "completion_rate")[
        0
    ]
    shown = {one.slice for one in overview.cells}
    assert len(shown) == 30
    assert "cohort=c55" in shown


def test_locations_are_compared_where_they_are_published() -> None:
    units = tuple(
        Group(breakdown="unit", key=f"location={name}", label=name.title(), short=name, sort=number)
        for number, name in enumerate(("pune", "lisbon"))
    )
    values = [
        cell(0.6, verdict, measure="cohort_rate", slice=unit.key, breakdown="rate",
             group="completion_rate", printed="60 %")
        for unit, verdict in zip(units, ("noise", "below"), strict=True)
    ]  # fmt: skip
    given = contents(values)
    release = Release(replace(given, groups=(*given.groups, *units)))
    assert levels_in(release)["location"] == "Locations"
    assert "location" not in levels_in(Release(given))
    assert list(compared_at(release, "organisation", "location")) == ["completion_rate"]
    words = plain(cohorts_sentence(release, "organisation", "location"))
    assert words.startswith("In Lisbon, ") and words.endswith("The other location does not differ.")
    assert overview_finding(release, "organisation", "location") == (
        "Lisbon differs beyond what its size explains"
    )


def with_intakes(verdicts: dict[str, str], *alone: str) -> Release:
    """Return a release with these intakes and a value each, and intakes that have none."""
    places = {"crossings": "Crossings ", "circles": "Circles ", "": ""}
    units = tuple(
        Group(breakdown="unit", key=key, label=f"the {places[code]}intake of {day}", short=day,
              sort=number)
        for number, key in enumerate((*verdicts, *alone))
        for code, _, day in [key.removeprefix("intake=").rpartition(".")]
    )  # fmt: skip
    values = [
        cell(0.6, verdict, measure="cohort_rate", slice=key, breakdown="rate",
             group="completion_rate", printed="60 %", pairs=100)
        for key, verdict in verdicts.items()
    ]  # fmt: skip
    given = contents(values)
    return Release(replace(given, groups=(*given.groups, *units), scopes=scopes()))


INTAKES = {
    "intake=crossings.2025-Q2": "noise", "intake=crossings.2025-Q3": "below",
    "intake=2025-Q2": "noise", "intake=2025-Q3": "noise", "intake=2025-Q4": "noise",
}  # fmt: skip
ALONE = "intake=circles.2025-Q4"


def test_intakes_are_those_of_the_programme_or_of_the_organisation() -> None:
    release = with_intakes(INTAKES, ALONE)
    assert levels_in(release)["intake"] == "Intakes"
    assert "location" not in levels_in(release)
    keys = list(INTAKES)
    assert units_in(release, "organisation", "intake") == keys[2:]
    assert units_in(release, "programme=crossings", "intake") == keys[:2]
    assert units_in(release, "cohort=spring", "intake") == keys[:2]
    assert place_compared(release, "cohort=spring", "intake") == "programme=crossings"


def test_the_sentence_names_an_intake_by_quarter_and_programme() -> None:
    release = with_intakes(INTAKES, ALONE)
    words = plain(cohorts_sentence(release, "programme=crossings", "intake"))
    assert words.startswith("In the Crossings intake of 2025-Q3, ")
    assert words.endswith("The other intake does not differ.")
    assert plain(overview_finding(release, "programme=crossings", "intake")) == (
        "The Crossings intake of 2025-Q3 differs beyond what its size explains"
    )
    assert plain(cohorts_sentence(release, "organisation", "intake")) == (
        "None of 3 intakes differs beyond what its size explains, in taking part."
    )


def test_a_programme_with_one_intake_says_so() -> None:
    release = with_intakes(INTAKES, ALONE)
    assert plain(cohorts_sentence(release, "programme=circles", "intake")) == (
        "There is only one intake here, and it takes two to compare."
    )
    assert cohort_pictures(release, "programme=circles", "intake", "completion_rate") == []


def test_intakes_stand_under_their_quarters() -> None:
    release = with_intakes(INTAKES)
    overview = cohort_pictures(release, "organisation", "intake", "completion_rate")[0]
    assert [row["row"] for row in overview.rows] == ["2025-Q2", "2025-Q3", "2025-Q4"]
    assert "programmes are mixed" in overview.note
    assert overview.note.startswith("Comparisons are corrected together: 3 on rates · ")


def test_growth_of_intakes_is_corrected_by_itself_and_it_is_said() -> None:
    release = with_intakes(INTAKES)
    grown = [cell(0.1, measure="cohort_change", breakdown="skill", group="empathy", slice=unit)
             for unit in INTAKES]  # fmt: skip
    own = contents(cells=(*grown, *release.contents.cells))
    both = Release(replace(own, groups=release.contents.groups, scopes=release.contents.scopes))
    # a release holds growth of intakes before rates, and a reader sees rates first
    assert list(compared_in(both)) == ["completion_rate", "empathy"]
    overview = cohort_pictures(both, "organisation", "intake", "completion_rate")[0]
    assert overview.note.startswith(
        "Comparisons are corrected each kind by itself: 3 on rates and 3 on skills · "
    )
    assert "order is that of time" in overview.how_to_read


def test_what_was_asked_for_and_cannot_be_drawn_stands_in_the_overview() -> None:
    release = with_intakes(INTAKES)
    ratios = [hidden(measure="cohort_ratio", breakdown="gender", group="all", slice=unit)
              for unit in INTAKES]  # fmt: skip
    own = contents(cells=(*release.contents.cells, *ratios))
    both = Release(replace(own, groups=release.contents.groups, scopes=release.contents.scopes))
    shown = {}
    for asked in ("completion_rate", "gender"):
        (overview,) = cohort_pictures(both, "organisation", "intake", asked)
        shown[asked] = {row["column"] for row in overview.rows}
    assert shown["gender"] - shown["completion_rate"] == {"Across gender"}
