"""What aggregates say through a view is what they say of the facts themselves."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from store import aggregates, funnel, leftout, reading, where
from store.aggregates import Grouping
from store.attribute_view import AttributeViews
from store.database import open_store
from store.facts import UNKNOWN
from store.stamping import read_facts
from tests.store.small_organisation import fill, make_rows

FUNCTION, ORIGIN = Grouping("function", {3: 9, 4: UNKNOWN}), Grouping("origin")
STATEMENTS = {
    "mixing": aggregates.mixing,
    "stub squares": aggregates.stub_squares,
    "contacts": lambda *seen: aggregates.contacts(*seen, (2, 9), "programme", "quarter"),
    "patterns": aggregates.membership_patterns,
    "available": funnel.available,
    "outreach": lambda *seen: leftout.outreach(*seen, "programme"),
    "silence": lambda *seen: leftout.silence(*seen, (1, 2)),
}


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def connection(request, tmp_path_factory):
    engine = open_store(f"{request.param}:///{tmp_path_factory.mktemp('view') / 'store.db'}")
    fill(engine, make_rows(seed=7))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in an order of their own; engines give them in any."""
    return frame.sort_values(list(frame.columns)).reset_index(drop=True)


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_view_says_what_the_facts_say_whichever_attribute_it_showed_before(connection, name):
    facts = read_facts(connection)
    views = AttributeViews(connection, facts)
    for grouping in (FUNCTION, ORIGIN, FUNCTION):
        through = reading.read(connection, STATEMENTS[name](*views.of(grouping)))
        direct = reading.read(connection, STATEMENTS[name](facts, grouping))
        assert len(direct)
        assert_frame_equal(ordered(through), ordered(direct), check_exact=False)


def test_a_view_shows_one_attribute_beside_another(connection):
    facts = read_facts(connection)
    views = AttributeViews(connection, facts)
    for pair in ((FUNCTION, ORIGIN), (ORIGIN, FUNCTION)):
        through = reading.read(connection, where.unit_contacts(*views.beside(*pair)))
        direct = reading.read(connection, where.unit_contacts(facts, *pair))
        assert len(direct)
        assert_frame_equal(ordered(through), ordered(direct), check_exact=False)


def test_attributes_share_their_statements(connection):
    views = AttributeViews(connection, read_facts(connection))
    assert aggregates.mixing(*views.of(FUNCTION)) is aggregates.mixing(*views.of(ORIGIN))
