"""When a source that is read a little at a time is read from its beginning again."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.sources.delivery import State

WHOLE = "whole_at"


def is_due(state: State, every_days: float | None, now: datetime) -> bool:
    """Tell whether the source is to be read wholly: rows may arrive later than any look back."""
    if every_days is None:
        return False
    last = state.get(WHOLE)
    return last is None or now - datetime.fromisoformat(str(last)) >= timedelta(days=every_days)


def last_whole(state: State, every_days: float | None, now: datetime) -> dict[str, object]:
    """Return what is to be remembered of it; nothing where it is never read wholly by itself."""
    if is_due(state, every_days, now):
        return {WHOLE: now.isoformat()}
    return {WHOLE: state[WHOLE]} if every_days is not None else {}
