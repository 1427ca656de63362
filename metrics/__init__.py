"""What we compute: pure functions of small aggregates, each with its definition beside it."""

from __future__ import annotations

from metrics import participation
from metrics.claims import measures as claims
from metrics.cohorts import measures as cohorts
from metrics.connection import measures as connection
from metrics.definition import Measure
from metrics.engagement import measures as engagement
from metrics.equity import measures as equity
from metrics.growth import measures as growth
from metrics.growth import overall
from metrics.profiles import measures as profiles
from metrics.surveys import measures as surveys

MEASURES: tuple[Measure, ...] = (
    *participation.MEASURES,
    *connection.MEASURES,
    *growth.MEASURES,
    *overall.MEASURES,
    *surveys.MEASURES,
    *claims.MEASURES,
    *engagement.MEASURES,
    *cohorts.MEASURES,
    *equity.MEASURES,
    *profiles.MEASURES,
)
"""Every measure, in the order on screen."""
BY_KEY = {each.key: each for each in MEASURES}


def measure(key: str) -> Measure:
    """Return the measure of that key.

    Raises
    ------
    KeyError
        If there is none; the message lists those that there are.
    """
    found = BY_KEY.get(key)
    if found is None:
        raise KeyError(f"no measure {key!r}; there are {', '.join(BY_KEY)}")
    return found


__all__ = ["MEASURES", "Measure", "measure"]
