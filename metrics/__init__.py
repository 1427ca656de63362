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
from metrics.profiles import measures as profiles
from metrics.surveys import measures as surveys

MEASURES: tuple[Measure, ...] = (
    *participation.MEASURES,
    *connection.MEASURES,
    *growth.MEASURES,
    *surveys.MEASURES,
    *claims.MEASURES,
    *engagement.MEASURES,
    *cohorts.MEASURES,
    *equity.MEASURES,
    *profiles.MEASURES,
)
"""Every measure, in the order on screen."""


def measure(key: str) -> Measure:
    """Return the measure of that key.

    Raises
    ------
    KeyError
        If there is none; the message lists those that there are.
    """
    for candidate in MEASURES:
        if candidate.key == key:
            return candidate
    known = ", ".join(candidate.key for candidate in MEASURES)
    raise KeyError(f"no measure {key!r}; there are {known}")


__all__ = ["MEASURES", "Measure", "measure"]
