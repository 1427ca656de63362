"""A store with a module's own ``rows``, on each embedded engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from tests.store.small_organisation import Rows, fill


@pytest.fixture(scope="module", params=["duckdb", "sqlite"])
def filled(
    request: pytest.FixtureRequest, rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """Return a connection to a store that holds the ``rows`` of the module that asks."""
    folder = tmp_path_factory.mktemp(request.param)
    engine = create_engine(f"{request.param}:///{folder / 'store.db'}")
    fill(engine, rows)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
