"""What lives for ever is taken out of the collection of garbage that follows every run."""

from __future__ import annotations

import gc
from itertools import count

RUNS = count(1)
SETTLED = (2, 20, 200)
"""Runs after which what has been imported, opened and drawn so far will stay."""


def settle() -> None:
    """Freeze what the first runs have made; Streamlit looks through all the rest after each run.

    Between start and first visit little is known; pages import and draw on their first run.
    """
    if next(RUNS) in SETTLED:
        gc.collect()
        gc.freeze()
