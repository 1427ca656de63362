"""The run: read the store, compute the whole catalogue, ask the gate, freeze a release."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial

from sqlalchemy import Connection, Engine

from builder.attribute import Breakdown
from builder.gathering import RateData
from builder.makers import (
    BESIDE_MAKERS,
    COMPARING_MAKERS,
    LONG_MAKERS,
    MAKERS,
    OF_MEETINGS,
    OFFER_MAKERS,
    WHOLE_MAKERS,
    WHOLE_NAMES,
)
from builder.place_rates import known_distances, place_groups, place_rate_cells
from builder.preparing import prepared, printed_coverage
from builder.rates import rate_cells
from builder.sharing import OtherProcesses, rarely_collect, share_out
from builder.whole import WholeRun
from disclosure.unions import OTHER
from metrics import MEASURES
from release.contents import Cell, Contents, Group, MeasureText
from release.shelf import Entry, publish
from settings import Settings
from store import reading
from store.database import connected, in_own_words, open_to_read
from store.stamping import stamp_if_outdated

Progress = Callable[[int, int, str], None]
Task = tuple[str, int]
"""Rates, an attribute by its number, or a maker of what no attribute owns by its number."""
KINDS = ("rates", "attribute", "whole")


@dataclass(frozen=True)
class Part:
    """The cells of one task, and the seconds they took one processor."""

    cells: tuple[Cell, ...]
    seconds: float


@dataclass(frozen=True)
class Summary:
    """What a build did: cells by status, the release, and seconds, whole and by part."""

    entry: Entry
    statuses: Counter
    seconds: float
    parts: dict[str, float]


def build(
    engine: Engine, settings: Settings, progress: Progress | None = None, processes: int = 1
) -> Summary:
    """Compute everything that any page may show, and freeze it as the current release.

    Several ``processes`` read the store side by side; nobody can write to an embedded one
    meanwhile.
    """
    started = time.monotonic()
    tell = progress or (lambda *_: None)
    with connected(engine) as connection:
        stamp_if_outdated(connection, peers_only=settings.peers_only)
        connection.commit()
    if processes > 1:
        # an embedded store has either one process that may write or several that read
        engine.dispose()
    reader = engine if processes == 1 else open_to_read(_address(engine))
    get_ready = partial(_get_ready, _address(engine), settings)
    with OtherProcesses(processes - 1, get_ready) as others, connected(reader) as connection:
        run = prepared(connection, settings)
        parts = _parts(run, tell, others)
        contents = _contents(run, parts)
    if processes > 1:
        reader.dispose()
    entry = publish(contents, settings.releases)
    statuses = Counter(cell.status for cell in contents.cells)
    seconds = {_words(run, task): part.seconds for task, part in parts.items()}
    return Summary(entry, statuses, time.monotonic() - started, seconds)


def compute(connection: Connection, settings: Settings) -> Contents:
    """Return the contents of a release; nothing in them is about a person."""
    run = prepared(connection, settings)
    with OtherProcesses(0, dict) as nobody:
        return _contents(run, _parts(run, lambda *_: None, nobody))


def _parts(run: WholeRun, tell: Progress, others: OtherProcesses) -> dict[Task, Part]:
    """Return what each task found, in the order in which it is frozen."""
    tasks, done = _tasks(run), {}
    elsewhere = partial(_part_of, _address(run.connection.engine), run.settings)
    found = share_out(tasks, partial(_part, run), elsewhere, others)
    for task in tasks:
        tell(len(done), len(tasks), _words(run, task))
        done[task] = next(found)
    tell(len(tasks), len(tasks), "freezing")
    return {task: done[task] for task in sorted(tasks, key=_rank)}


def _address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def _rank(task: Task) -> tuple[int, int]:
    kind, number = task
    return KINDS.index(kind), number


def _get_ready(url: str, settings: Settings) -> None:
    rarely_collect()
    with in_own_words():
        _run_of(url, settings)


def _part_of(url: str, settings: Settings, task: Task) -> Part:
    with in_own_words():
        return _part(_run_of(url, settings), task)


@lru_cache(maxsize=1)
def _run_of(url: str, settings: Settings) -> WholeRun:
    """Prepare a process for all the tasks it will get; its connection stays open until it ends."""
    return prepared(open_to_read(url).connect(), settings)


def _tasks(run: WholeRun) -> list[Task]:
    """Return all tasks; long ones at both ends, short ones in the middle, where processes meet."""
    own = [("attribute", number) for number in range(len(run.runs))]
    long = [("whole", WHOLE_MAKERS.index(make)) for make in LONG_MAKERS]
    short = [("whole", n) for n, make in enumerate(WHOLE_MAKERS) if make not in LONG_MAKERS]
    front = [("rates", 0), *long[::2], *own[::2]]
    return [*front, *short, *reversed(own[1::2]), *reversed(long[1::2])]


def _part(run: WholeRun, task: Task) -> Part:
    started = time.process_time()
    kind, number = task
    if kind == "rates":
        cells = tuple(_rate_cells(run))
    elif kind == "attribute":
        cells = tuple(_attribute_cells(run, number))
    else:
        make = WHOLE_MAKERS[number]
        cells = tuple(make(run)) if run.has_met or make not in OF_MEETINGS else ()
    return Part(cells, time.process_time() - started)


def _rate_cells(run: WholeRun) -> Iterator[Cell]:
    data = RateData(run.connection, run.facts, has_met=run.has_met)
    as_of = reading.as_of(run.connection).date()
    yield from rate_cells(data, run.places, run.thresholds, as_of)
    yield from place_rate_cells(run.connection, run.facts, run.places, run.thresholds)


def _attribute_cells(run: WholeRun, number: int) -> Iterator[Cell]:
    own = run.runs[number]
    for make in MAKERS if run.has_met else OFFER_MAKERS:
        yield from make(own)
    for make in BESIDE_MAKERS if run.has_met else ():
        yield from make(own, run)


def _words(run: WholeRun, task: Task) -> str:
    kind, number = task
    if kind == "attribute":
        return run.runs[number].breakdown.label
    if kind == "rates":
        return "participation, completion, feedback"
    return WHOLE_MAKERS[number].__name__.replace("_", " ")


def _contents(run: WholeRun, parts: dict[Task, Part]) -> Contents:
    cells = tuple(cell for part in parts.values() for cell in part.cells)
    makers = COMPARING_MAKERS if run.has_met else ()
    cells += tuple(cell for make in makers for cell in make(run, cells))
    return Contents(
        cells=cells,
        measures=tuple(_texts()),
        scopes=(*run.places.scopes(), *run.scopes),
        groups=tuple(_groups(run)),
        periods=tuple(run.places.periods()),
        about=_about(run),
    )


def _groups(run: WholeRun) -> Iterator[Group]:
    yield from place_groups(run.connection, run.facts)
    for own in run.runs:
        yield from _named(own.breakdown)
    for name in WHOLE_NAMES:
        yield from name(run)


def _named(breakdown: Breakdown) -> Iterator[Group]:
    pairs = zip(breakdown.groups.codes, breakdown.groups.labels, strict=True)
    for number, (code, label) in enumerate(pairs):
        short = "Other" if code == OTHER else label
        yield Group(breakdown=breakdown.attribute, key=code, label=label, short=short, sort=number)


def _texts() -> Iterator[MeasureText]:
    for number, definition in enumerate(MEASURES):
        yield MeasureText(
            key=definition.key,
            title=definition.title,
            question=definition.question,
            unit=str(definition.unit),
            sensitivity=str(definition.sensitivity),
            better=definition.better,
            definition=definition.definition,
            caveat=definition.caveat,
            source=definition.source,
            sort=number,
        )


def _about(run: WholeRun) -> dict[str, str]:
    settings, thresholds = run.settings, run.thresholds
    return {
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": reading.as_of(run.connection).date().isoformat(),
        "organisation": reading.host(run.connection),
        "minimum_people": str(thresholds.people),
        "minimum_effective": str(thresholds.effective),
        "lowered": "yes" if thresholds.lowered else "",
        "headline_attribute": settings.headline_attribute,
        "special_purpose": settings.special_purpose,
        "peers_only": "yes" if settings.peers_only else "",
        "without_conversations": "" if run.has_met else "yes",
        "distance_by": run.zoned_by or "",
        "distance_known": _known_distances(run) if run.zoned_by else "",
    }


def _known_distances(run: WholeRun) -> str:
    return printed_coverage(known_distances(run.connection, run.facts))
