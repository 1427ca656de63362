"""Gaps on the sample organisation: the one that turns round is found, the null stays silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builder.equity import BOUNDED, FOUR_FIFTHS
from builder.equity_audit import EQUITY_MEASURES, audit_equity
from builder.equity_sums import Table, alone_table, shared_table
from builder.groups import published_groups
from builder.places import read_places
from disclosure.thresholds import Thresholds
from release import Release
from store.attribute_view import AttributeViews
from store.database import open_store
from store.stamping import read_facts

PLACE = "organisation"
BEYOND_NOISE = ("above", "below")


def test_the_gap_that_turns_round_is_found(sample_release):
    """Planted: women complete less over all, 3 to 4 points more in every programme."""
    crude, alike = (
        sample_release.cell(measure, PLACE, "equity.gender", "completion.woman")
        for measure in ("equity_gap", "equity_gap_adjusted")
    )
    assert crude.estimate < 0 < alike.estimate
    assert alike.verdict == "above"
    assert alike.phrase == "reverses"
    assert alike.low <= 0.035 <= alike.high
    assert "at equal programme and pool of partners" in alike.sentence


def test_nothing_is_found_where_nothing_is_planted(sample_release):
    """Planted: tenure is drawn independently of everything else."""
    for measure in ("equity_gap", "equity_gap_adjusted"):
        for slice_ in sample_release.slices:
            cells = sample_release.by_group(measure, slice_, "equity.tenure")
            assert not [cell for cell in cells if cell.verdict in BEYOND_NOISE]


def test_a_gap_follows_from_the_published_shares_of_two_groups(sample_release):
    for outcome in ("participation", "completion", "feedback"):
        woman, man = (
            sample_release.cell("equity_rate", PLACE, "equity.gender", f"{outcome}.{own}")
            for own in ("woman", "man")
        )
        gap = sample_release.cell("equity_gap", PLACE, "equity.gender", f"{outcome}.woman")
        assert gap.estimate == pytest.approx(woman.estimate - man.estimate, abs=1e-4)


def test_over_all_programmes_everybody_is_one_person(sample_release):
    """Expected: no more people than took part or could, and the share of the organisation.

    Many in the sample are in two programmes. Its genders are two groups and a few who are neither.
    """
    whole = sample_release.cell("participation_rate", PLACE, "none")
    groups = sample_release.groups("gender")
    own = [sample_release.cell("equity_rate", PLACE, "equity.gender", f"participation.{group}")
           for group in groups]  # fmt: skip
    people = sum(cell.people for cell in own)
    assert 0.9 * whole.people < people <= whole.people + 5 * len(own)
    share = sum(cell.estimate * cell.people for cell in own) / people
    assert share == pytest.approx(whole.estimate, abs=0.02)
    in_programmes = [cell for cell in sample_release.contents.cells
                     if cell.measure == "participation_rate" and cell.slice[:5] == "progr"
                     and (cell.breakdown, cell.period) == ("none", "all")]  # fmt: skip
    assert sum(cell.people for cell in in_programmes) > 1.5 * whole.people


def test_a_share_that_is_a_bound_gives_no_gap(sample_release):
    """Expected: about 5 in 100 move inside, which is published as a bound for this function."""
    for measure in ("equity_gap", "equity_gap_adjusted"):
        cell = sample_release.cell(measure, PLACE, "equity.function", "internal_move.product")
        assert (cell.status, cell.reason) == ("undefined", BOUNDED)


def test_no_group_of_the_sample_is_below_four_fifths(sample_release):
    cells = [cell for cell in sample_release.contents.cells if cell.measure == "equity_ratio"]
    assert cells
    assert not [cell for cell in cells if cell.phrase == FOUR_FIFTHS]


def test_programmes_have_ratios_to_their_own_best_group(sample_release):
    for slice_ in ("programme=crossings", "programme=open-table", "programme=sounding-board"):
        cells = [
            cell
            for cell in sample_release.by_group("equity_ratio", slice_, "equity.gender")
            if cell.group.startswith("completion.")
        ]
        # of two groups one is the best itself, to which the other is compared
        assert sorted(cell.status for cell in cells) == ["shown", "undefined"]
        (ratio,) = (cell.estimate for cell in cells if cell.is_drawn)
        rates = [
            sample_release.cell("equity_rate", slice_, "equity.gender", cell.group).estimate
            for cell in cells
        ]
        # the best rate is drawn towards the other, so the ratio is nearer to 1 than theirs
        assert min(rates) / max(rates) - 0.01 <= ratio <= max(rates) / min(rates) + 0.01


def test_both_ways_to_compare_people_alike_turn_the_planted_gap_round(sample_release):
    """Planted: women complete 3 to 4 points more in every programme, whatever the weights."""
    cell = sample_release.cell(
        "equity_gap_standardised", PLACE, "equity.gender", "completion.woman"
    )
    assert cell.verdict == "above"
    assert cell.low <= 0.035 <= cell.high
    assert "spread over each programme and pool of partners as everybody is" in cell.sentence


def test_a_group_too_small_to_show_has_no_gap(sample_release):
    """Planted: eight non-binary people, at any size of the organisation."""
    groups = {
        cell.group.partition(".")[2]
        for cell in sample_release.contents.cells
        if cell.measure in EQUITY_MEASURES and cell.breakdown == "equity.gender"
    }
    assert groups == {"woman", "man"}


@pytest.fixture(scope="module")
def audited(sample_copy, sample_release):
    """Return what audits the gaps of a release against the store of the sample."""
    engine = open_store(f"duckdb:///{sample_copy / 'store.duckdb'}")
    thresholds = Thresholds()
    with engine.connect() as connection:
        facts = read_facts(connection)
        views, places = AttributeViews(connection, facts), read_places(connection, facts)
        published = {
            attribute: published_groups(connection, facts, views, attribute, thresholds)
            for attribute, scope in sample_release.breakdowns.items()
            if not scope.note
        }
        yield lambda release: audit_equity(
            connection, facts, places, release, published, thresholds
        )
    engine.dispose()


TAMPERED = (
    ("equity_gap", {"estimate": 0.3, "low": 0.28, "high": 0.32}, "wrong number"),
    ("equity_rate", {"estimate": 0.9, "low": 0.88, "high": 0.92}, "wrong number"),
    ("equity_gap_adjusted", {"people": 5}, "few people"),
    ("equity_gap_adjusted", {"estimate": 0.3, "low": 0.28, "high": 0.32}, "wrong number"),
    ("equity_gap_standardised", {"estimate": 0.3, "low": 0.28, "high": 0.32}, "wrong number"),
    ("equity_gap_adjusted", {"group": "completion.nobody"}, "not published"),
    ("equity_ratio", {"phrase": FOUR_FIFTHS}, "wrong number"),
)


def test_the_audit_keeps_quiet_about_gaps_that_are_right(audited, sample_release):
    assert audited(sample_release) == []


@pytest.mark.parametrize(("measure", "changes", "rule"), TAMPERED)
def test_the_audit_notices_a_wrong_gap(audited, sample_release, measure, changes, rule):
    cells = list(sample_release.contents.cells)
    number = next(
        place
        for place, cell in enumerate(cells)
        if (cell.measure, cell.slice, cell.group) == (measure, PLACE, "completion.woman")
        and cell.breakdown == "equity.gender"
    )
    cells[number] = replace(cells[number], **changes)
    tampered = Release(replace(sample_release.contents, cells=tuple(cells)))
    assert rule in {finding.rule for finding in audited(tampered)}


def test_a_table_of_nobody_has_no_strata():
    for table in (alone_table(None, (2, 3)), shared_table(None, (2, 3))):
        assert table.sums(0, 0).people.shape == (0, 2)


def test_the_rest_is_everybody_of_another_known_group():
    """Expected by hand: three groups of 10, 20 and 30 people in one programme."""
    whole = np.zeros((1, 3, 6))
    whole[0, :, 0] = whole[0, :, 1] = (10, 20, 30)
    whole[0, :, 2] = (1, 2, 3)
    sums = Table(np.array([1]), whole).sums(1, 0)
    assert sums.people.tolist() == [[40, 20]]
    assert sums.successes.tolist() == [[4, 2]]
    assert Table(np.array([1]), whole).sums(1, 2).people.size == 0


def test_over_all_programmes_people_are_those_counted_once():
    """Expected by hand: 12 and 8 people in all, of whom 10 and 5, and 6 and 4, in a programme."""
    whole = np.zeros((3, 2, 6))
    whole[:, :, 0] = [(12, 8), (10, 5), (6, 4)]
    table = Table(np.array([0, 1, 2]), whole)
    assert [table.sums(0, programme).people.tolist() for programme in (0, 1, 2)] == [
        [[8, 12]], [[5, 10]], [[4, 6]],
    ]  # fmt: skip
    # offers are counted by programme alone, and all of them are those of each
    assert Table(np.array([1, 2]), whole[1:]).sums(0, 0).people.sum() == 25
