"""What follows every change of the store: who met whom is worked out, and what is doubtful told."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

import settings
from store.doubtful import count_doubtful
from store.stamping import stamp

WORDS = {
    "before_joining": "conversations held before somebody in them joined the cohort (is a day "
    "wrong, or had they begun already?)",
    "after_leaving": "conversations held after somebody in them had left (is a day wrong?)",
    "with_manager": "conversations held between somebody and their own manager (are they peers?)",
}
KEPT = "they count like the others, unless peers_only is set"
LEFT_OUT = "they are left out of who meets whom, since peers_only is set"


def derive(connection: Connection) -> None:
    """Derive the facts again, as the deployment wants them."""
    stamp(connection, peers_only=settings.load().peers_only)


def doubtful_notes(connection: Connection) -> Iterator[str]:
    """Yield a note on each kind of doubtful conversation that the store holds now; no person's."""
    found = count_doubtful(connection)
    became = LEFT_OUT if settings.load().peers_only else KEPT
    for name, words in WORDS.items():
        count = getattr(found, name)
        if count:
            yield f"in all that is stored, {words}; {became}: {count:,}"
