"""What a source hands over for one import, and what it remembers until the next run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from connectors.contract import Connector
from connectors.identity import Pseudonyms

State: TypeAlias = Mapping[str, object]
"""What a source remembers: cursor, etag, last instant, as JSON."""


@dataclass(frozen=True)
class Door:
    """What every source gets beside its settings.

    Attributes
    ----------
    pseudonyms : Pseudonyms
        Applied to every identifier of a person at once.
    secret : callable
        Returns the value of an environment variable; raises SourceError where it is not set.
    pause : callable
        Waits the seconds given.
    now : datetime
        When the run began.
    """

    pseudonyms: Pseudonyms
    secret: Callable[[str], str]
    pause: Callable[[float], object]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class Memory:
    """What is to be remembered and withdrawn once the rows are stored.

    Attributes
    ----------
    state : dict
        What the next run needs to know; stored in the same transaction as the rows.
    withdrawn : dict of str to set of str
        Keys, by canonical table, that the source has taken back.
    unchanged : bool
        True where the source said that nothing is new.
    """

    state: dict[str, object] = field(default_factory=dict)
    withdrawn: dict[str, set[str]] = field(default_factory=dict)
    unchanged: bool = False


@dataclass(frozen=True)
class Delivery:
    """Rows for one import.

    Attributes
    ----------
    name : str
        What the report calls it; not a person's value.
    connector : Connector
        Yields the rows.
    memory : Memory
        Filled while the rows are read.
    finish : callable
        Told at the end whether the rows were stored, with the lines of the report.
    """

    name: str
    connector: Connector
    memory: Memory
    finish: Callable[[bool, list[str]], object] = lambda stored, lines: None
