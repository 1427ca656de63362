"""Expected drop-outs in the release: shown where they hold, refused in words where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import builder.dropouts
from builder.dropouts import dropout_cells
from builder.dropouts_audit import audit_dropouts
from builder.places import read_places
from builder.preparing import thresholds_of
from builder.whole import WholeRun
from disclosure.thresholds import Thresholds
from metrics.engagement.chances import Chances
from metrics.engagement.risk import OFF, TOO_FEW, Evidence
from release import Release
from release.contents import Cell, Contents
from settings import Settings
from store.stamping import read_facts
from tests.builder.organisation import filled_engine
from tests.store.small_organisation import Rows, make_rows

DROPOUTS = "expected_dropouts"
# the last cycle of these ended more than a cycle before the data do
OVER = ("cohort=crossings-01", "cohort=crossings-02", "cohort=sounding-board-01")
PREDICTORS = 7


def made(rows: Rows) -> list[Cell]:
    """Return the cells of expected drop-outs alone."""
    settings = Settings()
    with filled_engine(rows).connect() as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, thresholds_of(settings), settings, ())
        return list(dropout_cells(run))


def of_sample(release: Release) -> dict[str, Cell]:
    return {cell.slice: cell for cell in release.contents.cells if cell.measure == DROPOUTS}


@pytest.fixture(scope="module")
def rows() -> Rows:
    return make_rows(3, 120)


@pytest.fixture
def worth_telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chances count as tested, whatever the data: three in ten stop."""
    chances = Chances(
        middle=np.zeros(PREDICTORS), spread=np.ones(PREDICTORS), weights=np.zeros(PREDICTORS),
        constant=float(np.log(0.3 / 0.7)),
    )  # fmt: skip
    evidence = Evidence(rate=0.2, skill=0.1, low=0.05, high=0.2, ratio=1.0, ratio_error=0.05,
                        discrimination=0.7, precision=0.3)  # fmt: skip
    monkeypatch.setattr(builder.dropouts, "learn", lambda *_: (chances, evidence))
    monkeypatch.setattr(builder.dropouts, "_tested", lambda *_: {1, 2, 3})


def test_cohorts_of_the_sample_that_run_have_a_number(sample_release: Release) -> None:
    cells = of_sample(sample_release)
    assert len(cells) == 9
    assert not set(cells) & set(OVER)
    assert {cell.status for cell in cells.values()} == {"shown"}
    for cell in cells.values():
        assert cell.low <= cell.estimate <= cell.high <= cell.people
        assert cell.estimate in (0.5, round(cell.estimate))
        assert "nearer to what happened than the average" in cell.reason


def test_what_was_planted_shows(sample_release: Release) -> None:
    """Fewest conversations take place in Open Table (planted 9): more stop there than elsewhere."""
    shares: dict[str, list[float]] = {}
    for key, cell in of_sample(sample_release).items():
        programme = key.removeprefix("cohort=").rsplit("-", 1)[0]
        shares.setdefault(programme, []).append(cell.estimate / cell.people)
    assert min(shares["open-table"]) > max(shares["sounding-board"])


def test_three_rounds_teach_nothing_and_the_release_says_so(rows: Rows) -> None:
    (cell,) = made(rows)
    assert (cell.slice, cell.status, cell.reason) == ("organisation", "undefined", TOO_FEW)
    assert cell.estimate is None


def test_what_does_not_hold_is_one_cell_that_says_so(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Evidence(rate=0.2, skill=0.1, low=0.05, high=0.2, ratio=1.6, ratio_error=0.05,
                       discrimination=0.7, precision=0.3, reason=OFF)  # fmt: skip
    monkeypatch.setattr(builder.dropouts, "learn", lambda *_: (None, refused))
    (cell,) = made(rows)
    assert (cell.slice, cell.status) == ("organisation", "undefined")
    assert cell.reason.startswith("the simple rule is better")


@pytest.mark.usefixtures("worth_telling")
def test_numbers_are_sums_of_chances_over_people_who_still_take_part(rows: Rows) -> None:
    for cell in made(rows):
        # three in ten of those in the latest round; the people are printed in fives
        assert cell.estimate == pytest.approx(0.3 * cell.people, abs=1.5)
        assert cell.expected == pytest.approx(0.2 * cell.people, abs=0.5)
        assert cell.people <= 60


@pytest.mark.usefixtures("worth_telling")
def test_a_cohort_of_eight_is_hidden(rows: Rows) -> None:
    eight = {row["person_id"] for row in rows["enrolment"] if row["cohort_id"] == "a1"}
    eight = set(sorted(eight)[:8])
    small = dict(rows)
    cohort_of = {row["match_id"]: row["cohort_id"] for row in rows["match"]}
    small["match_member"] = [
        row for row in rows["match_member"]
        if cohort_of[row["match_id"]] != "a1" or row["person_id"] in eight
    ]  # fmt: skip
    small["conversation_participant"] = [
        row for row in rows["conversation_participant"]
        if row["conversation_id"] not in {
            talk["conversation_id"] for talk in rows["conversation"] if talk["cohort_id"] == "a1"
        } or row["person_id"] in eight
    ]  # fmt: skip
    hidden = {cell.slice: cell for cell in made(small)}["cohort=a1"]
    assert (hidden.status, hidden.estimate) == ("small", None)


@pytest.mark.usefixtures("worth_telling")
def test_a_cohort_that_was_not_tested_says_so(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder.dropouts, "_tested", lambda *_: {2, 3})
    cells = {cell.slice: cell for cell in made(rows)}
    assert cells["cohort=a1"].status == "undefined"
    assert "long enough ago" in cells["cohort=a1"].reason
    assert cells["cohort=a2"].status == "shown"


@pytest.mark.usefixtures("worth_telling")
def test_an_organisation_too_large_to_read_whole_gives_the_same_numbers(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(rows)
    monkeypatch.setattr(builder.dropouts, "MOST_ROWS", 100)
    assert made(rows) == whole


def test_without_rounds_there_is_no_cell(rows: Rows) -> None:
    bare = {name: [] if name.startswith("match") else part for name, part in rows.items()}
    bare["conversation"] = [{**row, "match_id": None} for row in rows["conversation"]]
    assert made(bare) == []


def test_the_audit_notices_what_may_not_be(sample_release: Release) -> None:
    cells = list(of_sample(sample_release).values())
    assert list(audit_dropouts(Release(Contents(cells=tuple(cells))), Thresholds())) == []
    wrong = {
        "minimum size": replace(cells[0], people=5),
        "whole people": replace(cells[0], estimate=3.4),
        "expected": replace(cells[0], slice="organisation"),
        "not published": replace(cells[0], breakdown="gender", group="women"),
    }
    for rule, cell in wrong.items():
        found = audit_dropouts(Release(Contents(cells=(cell,))), Thresholds())
        assert rule in {finding.rule for finding in found}
