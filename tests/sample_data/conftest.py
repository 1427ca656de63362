"""The invented organisation, generated once for all tests of this room."""

from __future__ import annotations

import pandas as pd
import pytest

from sample_data import generate


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    return generate()
