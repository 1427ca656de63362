"""The aggregate of a change equals plain Python over the same rows, on every engine at hand."""

from __future__ import annotations

from collections import defaultdict

import pytest
from sqlalchemy import create_engine

from store import reading
from store.aggregates import Grouping
from store.change import changes
from store.stamping import read_facts
from tests.builder.organisation import organisation_rows
from tests.store import by_hand
from tests.store.small_organisation import fill

ATTRIBUTES = ("function", "origin")
LEVELS = ("organisation", "programme")


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def connection(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    engine = create_engine(f"{request.param}:///{folder / 'store.db'}")
    fill(engine, organisation_rows())
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def done():
    return by_hand.pairings(organisation_rows())


def people_by_hand(done, attribute, level, quarter):
    """Return (contacts, across, squares) by slice and person of one quarter."""
    found = defaultdict(lambda: [0.0, 0.0, 0.0])
    for pairing, person, own, partner, weight in by_hand.stubs(done, attribute, "completed"):
        if pairing["quarter"] == quarter:
            place = 0 if level == "organisation" else pairing["programme"]
            for number, value in enumerate((weight, weight * (own != partner), weight**2)):
                found[place, person][number] += value
    return found


def changes_by_hand(done, attribute, level, earlier, later):
    """Return the sums by slice, person by person."""
    both = [people_by_hand(done, attribute, level, quarter) for quarter in (earlier, later)]
    totals = [defaultdict(float), defaultdict(float)]
    for side in (0, 1):
        for (place, _), (contacts, _, _) in both[side].items():
            totals[side][place] += contacts
    sums = defaultdict(lambda: defaultdict(float))
    for place, person in {*both[0], *both[1]}:
        row, there = sums[place], [(place, person) in side for side in both]
        weight, share, noise = ([0.0, 0.0] for _ in range(3))
        for side in (0, 1):
            if there[side]:
                contacts, across, squares = both[side][place, person]
                weight[side] = contacts / totals[side][place]
                share[side], noise[side] = across / contacts, squares / contacts**2
        if all(there):
            mean, change = sum(weight) / 2, share[1] - share[0]
            row["stayers"] += 1
            for side in (0, 1):
                row[f"stay_weight_{side}"] += weight[side]
                row[f"stay_share_{side}"] += weight[side] * share[side]
                row[f"noise_{side}"] += mean**2 * noise[side]
            row["moved"] += mean * change
            row["moved_squared"] += (mean * change) ** 2
            row["moved_weight"] += mean**2 * change
            row["weight_squared"] += mean**2
        else:
            kind, side = ("join", 1) if there[1] else ("leave", 0)
            row["joiners" if side else "leavers"] += 1
            row[f"{kind}_weight"] += weight[side]
            row[f"{kind}_share"] += weight[side] * share[side]
    return sums


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_people_who_stay_join_and_leave_are_summed_one_by_one(connection, done, attribute, level):
    facts = read_facts(connection)
    earlier, later = reading.quarters(connection, facts)
    asked = ((earlier, later),)
    frame = reading.read(connection, changes(facts, Grouping(attribute), level, asked))
    codes = [code for code, _ in reading.programmes(connection)]
    expected = changes_by_hand(done, attribute, level, earlier, later)
    assert len(frame) == len(expected)
    assert set(frame["earlier_no"]) == {earlier}
    for row in frame.itertuples():
        place = codes[row.slice_no - 1] if row.slice_no else 0
        for name in frame.columns[2:]:
            assert getattr(row, name) == pytest.approx(expected[place][name], abs=1e-12), name


def test_turned_round_those_who_join_are_those_who_leave(connection):
    facts = read_facts(connection)
    earlier, later = reading.quarters(connection, facts)
    there, back = (
        reading.read(connection, changes(facts, Grouping("function"), "organisation", (pair,)))
        for pair in ((earlier, later), (later, earlier))
    )
    assert there["joiners"].tolist() == back["leavers"].tolist()
    assert there["moved"].tolist() == pytest.approx((-back["moved"]).tolist())
