"""Expected drop-outs on the engagement page: which cohorts, or why nothing is foretold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from charts.leftout import dots_by_group, linear_ticks
from charts.rows import group_rows
from release import Cell, Release
from tests.pages.conftest import charts_on, run_page, words_on  # noqa: F401
from tests.small_release import COHORT, cell, contents, hidden, measure, slice_, undefined
from ui.pictures.dropouts import (
    DROPOUTS,
    NOT_TESTED,
    NOT_TOLD,
    dropout_finding,
    dropout_pictures,
)
from ui.words import plain

OTHERS = ("cohort=d", "cohort=e", "cohort=f")
TESTED = "tested on the latest cycles: 13 % nearer to what happened than the average"
SIMPLE = "the simple rule is better: how people took part foretold who stops no better"


def expected(number: float, verdict: str = "noise", **facts: object) -> Cell:
    around = {
        "measure": DROPOUTS, "breakdown": "none", "slice": COHORT, "expected": 5.0,
        "lottery_low": 4.0, "lottery_high": 6.0, "printed": f"{number:.0f}", "reason": TESTED,
        "low": number / 2, "high": 2 * number,
    }  # fmt: skip
    return cell(number, verdict, **(around | facts))


def release_of(*cells: Cell) -> Release:
    base = contents(cells)
    more = tuple(slice_(key, key[-1].upper(), "programme=p") for key in OTHERS)
    return Release(
        replace(base, measures=(*base.measures, measure(DROPOUTS)), scopes=base.scopes + more)
    )


def finding_of(*cells: Cell) -> str:
    return plain(dropout_finding(release_of(*cells), cells))


def test_the_finding_names_the_cohorts_beyond_the_average() -> None:
    others = [expected(5, slice=key) for key in OTHERS]
    assert finding_of(expected(12, "above"), *others) == (
        "More people than average are expected to stop in Spring"
    )
    worse = [expected(20 + number, "above", slice=key) for number, key in enumerate(OTHERS)]
    assert finding_of(expected(12, "above"), *worse) == (
        "In 4 of 4 cohorts, more are expected to stop than average"
    )
    # the one furthest above comes first
    assert finding_of(expected(12, "above"), worse[0]).endswith("in D and Spring")


def test_no_cohort_beyond_the_average_is_a_finding() -> None:
    both = expected(5), expected(6, slice=OTHERS[0])
    assert finding_of(*both) == "In no cohort are more expected to stop than the average gives"
    assert finding_of(both[0]) == "Spring: no more are expected to stop than the average gives"


@pytest.mark.parametrize(
    "cells", [(expected(5),), (expected(12, "above"),), (hidden(slice=COHORT),)]
)
def test_findings_are_short(cells: tuple[Cell, ...]) -> None:
    assert len(finding_of(*cells).split()) <= 14


def test_a_refusal_is_told_in_words_without_a_chart() -> None:
    refused = undefined(measure=DROPOUTS, breakdown="none", reason=SIMPLE)
    (picture,) = dropout_pictures(release_of(refused), "organisation")
    assert picture.finding == NOT_TOLD
    # the reason stands once, in the foot
    assert SIMPLE.rstrip(".") in plain(picture.foot)
    assert "only if it did better than the average" in picture.how_to_read
    assert picture.rows == []
    young = replace(refused, reason="too few people have stopped so far to learn from")
    assert dropout_pictures(release_of(young), COHORT)[0].finding == NOT_TESTED


def test_a_release_without_it_shows_nothing() -> None:
    assert dropout_pictures(release_of(), "organisation") == []


def test_a_cohort_shows_itself_alone() -> None:
    release = release_of(expected(5), expected(9, slice=OTHERS[0]))
    (picture,) = dropout_pictures(release, COHORT)
    assert list(picture.names) == [COHORT]
    assert "13 % nearer" in plain(picture.note)


def test_the_axis_counts_people() -> None:
    cells = [replace(expected(number), group=str(number)) for number in (5, 40)]
    rows = group_rows(cells, {"5": "A", "40": "B"})
    # from 2.5 to 80 people in at most seven ticks
    assert linear_ticks(rows, "people") == (0.0, 20.0, 40.0, 60.0, 80.0)
    spec = dots_by_group((0.0, 20.0), 2, frozenset(), "people", "light")
    assert "data" not in spec


@pytest.mark.parametrize(
    "cells",
    [
        (expected(12, "above"), expected(5, slice=OTHERS[0])),
        (undefined(measure=DROPOUTS, breakdown="none", reason=SIMPLE),),
        (hidden(measure=DROPOUTS, breakdown="none", slice=COHORT),),
    ],
)
def test_the_page_stands_in_every_state(run_page, cells: tuple[Cell, ...]) -> None:  # noqa: F811
    app = run_page("engagement", release_of(*cells).contents)
    assert list(app.exception) == []
    assert (
        "expected to stop" in words_on(app)
        or NOT_TOLD in words_on(app)
        or (NOT_TESTED in words_on(app))
    )
    assert len(charts_on(app)) == int(cells[0].is_drawn)
