"""What the waterfall finds, in words."""

from __future__ import annotations

import pytest

from release import Release
from tests.small_release import cell, contents, hidden, undefined
from ui.pictures.funnel import _steps, funnel_finding, funnel_pictures

KEYS = ("opportunity_factor", "matching_factor", "uptake_factor", "continuation_factor")
TOTAL = "connection_factor"


def found(*steps: tuple[float, str], total: tuple[float, str]) -> str:
    cells = [
        cell(estimate, verdict, measure=key, phrase=phrase(estimate))
        for key, (estimate, verdict) in zip(KEYS, steps, strict=True)
    ]
    words = funnel_finding([*cells, cell(*total, measure=TOTAL)], "function")
    assert len(words.split()) <= 14
    return words


def phrase(estimate: float) -> str:
    change = round(100 * (estimate - 1))
    return f"{'adds' if change > 0 else 'takes away'} {abs(change)} %"


EVEN = (1.0, "noise")


def test_nothing_beyond_noise_is_said_as_such():
    words = found(EVEN, (1.02, "noise"), (0.97, "noise"), EVEN, total=(0.99, "noise"))
    assert words == "No step changes who meets whom beyond noise"


def test_a_total_without_a_step_of_its_own_is_told():
    words = found((0.99, "noise"), (0.97, "noise"), (0.97, "noise"), EVEN, total=(0.93, "below"))
    assert words == "No single step stands out; together, people meet across groups 7 % less often"


def test_one_step_up_makes_the_difference():
    words = found((1.01, "noise"), (1.28, "above"), EVEN, EVEN, total=(1.29, "above"))
    assert words == "Matching makes the difference: it adds 28 %"


def test_the_largest_of_opposite_steps_is_named():
    words = found((0.8, "below"), (1.1, "above"), EVEN, EVEN, total=(0.88, "below"))
    assert words == "Opportunity makes the difference: it takes away 20 %"


@pytest.mark.parametrize(
    ("opportunity", "portion"),
    [(0.705, "All"), (0.77, "Three quarters"), (0.79, "Two thirds"), (0.83, "Half")],
)
def test_the_part_of_the_gap_is_that_of_its_logarithm(opportunity, portion):
    # log 0.77 / log 0.705 = 0.75, log 0.79 / log 0.705 = 0.67, log 0.83 / log 0.705 = 0.53
    uptake = 0.705 / opportunity
    words = found(
        (opportunity, "below"), EVEN, (uptake + 1e-6, "below"), EVEN, total=(0.705, "below")
    )
    assert words == f"{portion} of the gap is who was available together"


def test_nothing_shown_is_said_as_hidden_or_not_defined():
    withheld = [hidden(measure=key) for key in (*KEYS, TOTAL)]
    assert funnel_finding(withheld, "site") == "The steps across site are hidden here"
    none = [undefined(measure=key) for key in (*KEYS, TOTAL)]
    assert funnel_finding(none, "site") == "The steps across site are not defined here"


def release_with(**changes) -> Release:
    cells = [changes.get(key, cell(1.1, measure=key)) for key in (*KEYS, "meeting_factor", TOTAL)]
    cells += [
        cell(0.69, "", measure="completion_by_crossing", group=group) for group in ("cross", "same")
    ]
    return Release(contents(cells))


def names(release: Release) -> list[str]:
    return [each.measure for each in _steps(release, "function", "organisation")]


def test_who_met_stands_for_matching_and_uptake_where_offers_were_not_recorded():
    assert names(release_with()) == [*KEYS, TOTAL]
    merged = release_with(
        matching_factor=undefined(measure="matching_factor"),
        uptake_factor=undefined(measure="uptake_factor"),
    )
    assert "meeting_factor" in names(merged)


def test_a_release_without_steps_has_no_picture():
    assert funnel_pictures(Release(contents([])), "function", "organisation") == []
