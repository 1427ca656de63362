"""A store that knows of offers and of no conversation gives a release of what can be said."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import create_engine

from builder.auditing import audit
from builder.build import build
from builder.preparing import EmptyStore
from release import Release
from settings import Settings
from store.database import prepare
from tests.builder.organisation import computed, filled_engine, without
from ui.offers import offers_badges, offers_sentence, only_offers

HELD = ("conversation", "conversation_participant", "response", "answer")
UNMET = "no conversation that was held is recorded"


@pytest.fixture(scope="module")
def unmet(rows):
    return filled_engine(without(rows, *HELD))


@pytest.fixture(scope="module")
def offers(unmet):
    return computed(unmet)


def test_an_empty_store_says_what_to_do(tmp_path):
    engine = create_engine("sqlite://")
    prepare(engine)
    with pytest.raises(EmptyStore, match="holds nobody yet"):
        build(engine, Settings(home=tmp_path))
    assert not (tmp_path / "releases").exists()


def test_nothing_is_said_of_meeting_and_no_rate_is_taken_for_zero(offers):
    rates = [cell for cell in offers.cells if cell.measure.endswith("_rate")]
    assert {(cell.status, cell.reason) for cell in rates} == {("undefined", UNMET)}
    of_meeting = {"cross_group_share", "cross_group_ratio", "profile_share", "equity_gap"}
    assert not of_meeting & {cell.measure for cell in offers.cells}
    # nobody is hidden who does not exist: too few people is another thing than none recorded
    assert Counter(cell.status for cell in offers.cells)["small"] == 0


def test_the_offers_are_those_of_the_release_with_conversations(offers, contents):
    """Who was offered whom does not depend on who met; published shares are the same."""
    shown = {}
    for part in (offers, contents):
        for cell in part.cells:
            if cell.measure == "matching_factor" and cell.status == "shown":
                shown.setdefault((cell.slice, cell.breakdown), []).append(cell.estimate)
    both = [found for found in shown.values() if len(found) == 2]
    assert both
    for alone, beside in both:
        assert alone == pytest.approx(beside, rel=0.1)


def test_the_total_says_that_it_ends_with_the_offers(offers):
    totals = [cell for cell in offers.cells if cell.measure == "connection_factor"]
    shown = [cell for cell in totals if cell.status == "shown"]
    assert shown
    said = f"it ends with who was offered whom, since {UNMET}"
    assert {cell.reason for cell in shown} == {said}
    assert {cell.reason for cell in offers.cells if cell.measure == "uptake_factor"} == {UNMET}


def test_the_audit_finds_nothing(unmet, tmp_path):
    settings = Settings(home=tmp_path)
    build(unmet, settings)
    assert audit(unmet, settings) == []


def test_the_page_says_what_is_missing_and_what_is_known(offers, contents):
    release = Release(offers)
    assert only_offers(release)
    assert not only_offers(Release(contents))
    said = offers_sentence(release, "organisation", "function")
    assert said.startswith("No conversation has come in yet, so whether people meet cannot be told")
    assert "Partners were offered across" in said
    assert "lottery among those available gives" in said
    assert offers_badges(release, "organisation", "function")
    assert "nor is any attribute" in offers_sentence(release, "organisation", None)


@pytest.mark.parametrize(
    ("verdict", "printed", "words"),
    [
        ("above", "+12 %", "12 % more often"),
        ("below", "−30 %", "30 % less often"),
        ("noise", "−3 %", "about as often as a lottery among those available gives"),
    ],
)
def test_the_sentence_follows_the_verdict(offers, verdict, printed, words):
    cells = tuple(
        replace(cell, status="shown", verdict=verdict, printed=printed)
        if (cell.measure, cell.slice, cell.breakdown)
        == ("matching_factor", "organisation", "function")
        else cell
        for cell in offers.cells
    )
    release = Release(replace(offers, cells=cells))
    assert words in offers_sentence(release, "organisation", "function")
