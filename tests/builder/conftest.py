"""The small organisation, and a copy of the sample organisation, made once for this room."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from release import Release, open_current
from release.contents import Contents
from tests.builder.organisation import computed, filled_engine, organisation_rows
from tests.store.small_organisation import Rows


@pytest.fixture(scope="session")
def rows() -> Rows:
    return organisation_rows()


@pytest.fixture(scope="session")
def engine(rows: Rows) -> Engine:
    return filled_engine(rows)


@pytest.fixture(scope="session")
def contents(engine: Engine) -> Contents:
    return computed(engine)


@pytest.fixture(scope="session")
def stricter(engine: Engine) -> Contents:
    """Return the same release with a threshold of 20 people."""
    return computed(engine, minimum_people=20)


@pytest.fixture(scope="session")
def sample_release(sample_home: Path) -> Release:
    return open_current(sample_home / "releases")


@pytest.fixture(scope="session")
def sample_copy(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home of our own: one process at a time can open an embedded store."""
    return Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("sample") / "home"))
