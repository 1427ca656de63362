"""Names of programmes and cohorts: two cohorts of one name are told apart, in every picture."""

from __future__ import annotations

from dataclasses import replace

from release import Release
from tests.small_release import COHORT, PROGRAMME
from tests.ui.test_engagement import every_cell, release_of
from ui.pictures.engagement import engagement_pictures, name_of
from ui.pictures.taking_part import survival_pictures
from ui.place_names import place_names
from ui.words import plain

OTHER, TWIN = "programme=other", "cohort=twin"


def twins(part_of: str = OTHER) -> Release:
    """Return a release of two cohorts called Spring, of two programmes or of one."""
    base = release_of([*every_cell(), *(replace(one, slice=TWIN) for one in every_cell()
                                        if one.slice == COHORT)])  # fmt: skip
    programme = replace(base.slices[PROGRAMME], key=OTHER, label="Mentoring")
    cohort = replace(base.slices[COHORT], key=TWIN, part_of=part_of)
    return Release(replace(base.contents, scopes=(*base.contents.scopes, programme, cohort)))


def test_cohorts_of_two_programmes_are_told_apart_by_their_programme() -> None:
    release = twins()
    own = release.slices[PROGRAMME].label
    assert place_names(release)[COHORT] == f"Spring ({own})"
    assert plain(name_of(release, TWIN)) == "Spring (Mentoring)"


def test_cohorts_of_one_programme_are_told_apart_by_their_key() -> None:
    names = place_names(twins(PROGRAMME))
    assert names[TWIN] == "Spring (twin)"
    assert names[COHORT] != names[TWIN]


def test_a_name_of_its_own_stays_as_it_is() -> None:
    assert place_names(release_of(every_cell()))[COHORT] == "Spring"


def test_twins_keep_rows_and_curves_of_their_own() -> None:
    strip = engagement_pictures(twins(), "organisation")[0]
    assert len({row["row"] for row in strip.rows}) == 2
    curves = survival_pictures(twins(), "organisation")[0]
    assert {"Spring (Mentoring)"} < {row["group"] for row in curves.rows}
