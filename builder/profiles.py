"""Kinds of participation found among people; what leaves this file is counted, never a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from builder.whole import WholeRun
from disclosure.gate import Gate, Verdict
from metrics.definition import Sensitivity
from metrics.profiles.ageing import at_the_same_age
from metrics.profiles.describing import distances
from metrics.profiles.habits import (
    FEWEST_CYCLES,
    HABITS,
    Habit,
    Yardstick,
    habits,
    placed,
    standardised,
    yardsticks,
)
from metrics.profiles.segments import FEWEST_PEOPLE, Segments, find_segments
from store import profiles, reading

Floats = NDArray[np.float64]
Sums = dict[str, Floats]

NOBODY = "nobody has cycles of a cohort to look at"
ALL_NEW = "everybody is new, with fewer than three cycles so far"
FEW = f"it takes {FEWEST_PEOPLE} people with at least three cycles"
GRADUAL = "no stable segments: participation varies gradually"
LATELY = 2.0
"""People met lately whose cohort has had fewer usual meetings than this since."""
DONE = {
    "meeting": ("met", "cycles"),
    "dates": ("held", "dates"),
    "feedback": ("feedbacks", "seats"),
    "partners": ("partners", "pairings"),
    "trend": ("late_met", "late_cycles"),
}
"""What came of how many trials, for each habit that is a share of one's own."""
USUAL = {"meeting": "usual", "dates": "dates_usual", "feedback": "feedback_usual"}
WITH_RANGE = ("meeting", "dates", "feedback", "partners")
FEWEST_IN_RANGE = 40
"""People of a kind from which on the range of the middle half is told."""
RANGE_STEP = 0.05


@dataclass(frozen=True, kw_only=True)
class HabitOfKind:
    """What the people of one kind did together: a share, what is usual for them, and how far."""

    share: float
    usual: float
    distance: float
    middle: tuple[float, float] | None = None
    """The middle half of the people, rounded outwards to 5 %."""


@dataclass(frozen=True, kw_only=True)
class GroupShares:
    """The people of one group of an attribute, by kind, and what the gate says of them."""

    code: str
    label: str
    counts: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Kinds:
    """Everything that is known of the kinds of participation; nothing in it is about a person.

    ``counts``, ``overlap``, ``earlier`` and the lists of ``habits`` have one entry per kind.
    """

    people: int
    newcomers: int
    reason: str = ""
    counts: tuple[int, ...] = ()
    overlap: tuple[float, ...] = ()
    earlier: tuple[int, ...] = ()
    habits: Mapping[str, list[HabitOfKind]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    groups: Mapping[str, list[GroupShares]] = field(default_factory=dict)


def find_kinds(run: WholeRun) -> Kinds:
    """Return the kinds of participation of everybody who still works here, or why there are none.

    The same data give the same kinds; their seed is made of the data themselves.
    """
    numbers, sums = _read(run, _as_of(run))
    experienced = sums["cycles"] >= FEWEST_CYCLES
    numbers, known = numbers[experienced], _chosen(sums, experienced)
    people, newcomers = len(numbers), int((~experienced).sum())
    reason = _too_little(people, newcomers)
    if reason:
        return Kinds(people=people, newcomers=newcomers, reason=reason)
    found = habits(known)
    sticks = yardsticks(found)
    points = placed(found, sticks)
    segments = find_segments(points, _seed(points))
    left_out = tuple(key for key in HABITS if key not in sticks)
    if segments is None:
        return Kinds(people=people, newcomers=newcomers, reason=GRADUAL, left_out=left_out)
    labels = segments.assign(points)
    return Kinds(
        people=people,
        newcomers=newcomers,
        counts=_counted(labels, len(segments.centres)),
        overlap=tuple(float(overlap) for overlap in segments.overlap),
        earlier=_earlier(run, segments, sticks, known["span"]),
        habits=_habits(known, found, sticks, labels),
        left_out=left_out,
        groups=_groups(run, numbers, labels, len(segments.centres)),
    )


def _too_little(people: int, newcomers: int) -> str:
    if not people:
        return ALL_NEW if newcomers else NOBODY
    return FEW if people < FEWEST_PEOPLE else ""


def _as_of(run: WholeRun) -> date:
    return reading.as_of(run.connection).date()


def _read(run: WholeRun, as_of: date, before: int | None = None) -> tuple[Floats, Sums]:
    """Return the running numbers of people, and what each did."""
    query = profiles.behaviour(run.facts, as_of, before)
    frame = reading.read_numbers(run.connection, query)
    sums = {name: frame[name].to_numpy(dtype=float) for name in profiles.SUMS}
    return frame["person_no"].to_numpy(dtype=int), sums


def _chosen(sums: Sums, inside: NDArray[np.bool_]) -> Sums:
    return {name: values[inside] for name, values in sums.items()}


def _seed(points: Floats) -> int:
    return int.from_bytes(sha256(np.round(points, 6).tobytes()).digest()[:4], "big")


def _counted(labels: NDArray[np.intp], number: int) -> tuple[int, ...]:
    return tuple(int(people) for people in np.bincount(labels, minlength=number))


def _earlier(
    run: WholeRun, segments: Segments, sticks: Mapping[str, Yardstick], spans: Floats
) -> tuple[int, ...]:
    """Return how many people were of each kind a quarter earlier; empty if nobody was.

    As many as there would have been, had people been in their cohorts for as long as today: whoever
    stopped stays stopped, so kinds shift as a programme grows older.
    """
    if len(run.places.quarters) < 2:
        return ()
    last = run.places.quarters[-1].number
    _, sums = _read(run, date(last // 4, 3 * (last % 4) + 1, 1), last)
    known = _chosen(sums, sums["cycles"] >= FEWEST_CYCLES)
    if len(known["cycles"]) < FEWEST_PEOPLE:
        return ()
    points = placed(habits(known), sticks)
    number = len(segments.centres)
    shares = at_the_same_age(segments.assign(points), known["span"], spans, number)
    return tuple(round(len(points) * float(share)) for share in shares)


def _habits(
    sums: Sums,
    found: Mapping[str, Habit],
    sticks: Mapping[str, Yardstick],
    labels: NDArray[np.intp],
) -> dict[str, list[HabitOfKind]]:
    """Return what each kind does, habit by habit."""
    values = np.column_stack([standardised(found[key], stick) for key, stick in sticks.items()])
    far = distances(values, labels, int(labels.max()) + 1)
    return {key: _habit(key, sums, labels, far[:, place]) for place, key in enumerate(sticks)}


def _habit(
    key: str, sums: Sums, labels: NDArray[np.intp], far: Floats
) -> list[HabitOfKind]:  # fmt: skip
    met_lately = float(np.mean(sums["silence"] < LATELY))
    found = []
    for kind, distance in enumerate(far):
        own = _chosen(sums, labels == kind)
        if key == "silence":
            # it grows with the time without a meeting, the share falls with it
            share = float(np.mean(own["silence"] < LATELY))
            found.append(HabitOfKind(share=share, usual=met_lately, distance=-float(distance)))
            continue
        done, trials = (own[name] for name in DONE[key])
        found.append(
            HabitOfKind(
                share=_share(done, trials),
                usual=_usual(key, own, sums),
                distance=float(distance),
                middle=_middle(done, trials) if key in WITH_RANGE else None,
            )
        )
    return found


def _share(done: Floats, trials: Floats) -> float:
    return float(done.sum() / trials.sum()) if trials.sum() else float("nan")


def _usual(key: str, own: Sums, everybody: Sums) -> float:
    """Return the share that others had: in the same cohorts, of all people, or at first."""
    done, trials = DONE[key]
    if key in USUAL:
        return _share(own[USUAL[key]], own[trials])
    if key == "partners":
        return _share(everybody[done], everybody[trials])
    early = {name: own[name] - own[f"late_{name}"] for name in ("met", "cycles", "usual")}
    moved = _share(own["late_usual"], own["late_cycles"]) - _share(early["usual"], early["cycles"])
    return min(max(_share(early["met"], early["cycles"]) + moved, 0.0), 1.0)


def _middle(done: Floats, trials: Floats) -> tuple[float, float] | None:
    own = (done / np.maximum(trials, 1))[trials >= FEWEST_CYCLES]
    if len(own) < FEWEST_IN_RANGE:
        return None
    low, high = (float(share) / RANGE_STEP for share in np.percentile(own, [25, 75]))
    return round(floor(low) * RANGE_STEP, 2), round(ceil(high) * RANGE_STEP, 2)


def _groups(
    run: WholeRun, numbers: Floats, labels: NDArray[np.intp], number: int
) -> dict[str, list[GroupShares]]:
    """Return the kinds within each group; special categories are never looked at."""
    runs = [own for own in run.runs if own.breakdown.sensitivity is not Sensitivity.SPECIAL]
    if not runs:
        return {}
    groupings = [own.breakdown.groups.grouping for own in runs]
    query = profiles.groups_of_people(run.facts, _as_of(run), groupings)
    frame = reading.read_numbers(run.connection, query)
    frame = frame.set_index("person_no").loc[numbers]
    codes = np.column_stack([frame[f"g{position}"] for position in range(len(runs))])
    patterns, pattern_of, people = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    by_pattern = np.zeros((len(patterns), number), dtype=int)
    np.add.at(by_pattern, (pattern_of.ravel(), labels), 1)
    gate = Gate(people, run.thresholds, Sensitivity.ATTITUDE)
    if gate.offer(np.ones(len(people), dtype=bool)) is not Verdict.SHOWN:
        return {}
    found = {}
    for position, own in enumerate(runs):
        groups = own.breakdown.groups
        found[own.breakdown.attribute] = [
            GroupShares(
                code=code,
                label=label,
                counts=tuple(int(count) for count in by_pattern[inside].sum(axis=0)),
                verdict=gate.offer(inside),
            )
            for group, code, label in zip(groups.numbers, groups.codes, groups.labels, strict=True)
            for inside in [patterns[:, position] == group]
        ]
    return found
