"""Cells of how many are expected to stop, by cohort; chances of people never leave this file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from builder.cells import CellKey, Draft, judged
from builder.cohort_cycles import SECONDS_A_DAY, CohortCycles, as_of, read_cohorts
from builder.places import ALL_TIME, Slice
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Result, Sensitivity, undefined
from metrics.engagement.chances import Chances, PastCycles, in_time_order, predictors
from metrics.engagement.risk import TOO_FEW, Evidence, Expectation, learn
from release.contents import Cell
from store import behaviour_cycles, profiles, reading
from store.facts import FIRST_GROUP

DROPOUTS = "expected_dropouts"
MOST_ROWS = 50_000
"""People and cycles that are read one by one; of a larger organisation every so many-th person."""
TOO_NEW = "too few of its cycles are long enough ago to have tested what is expected"


@dataclass(frozen=True, eq=False)
class Taken:
    """The rows read, beside when each cycle ended and whether it is known who stopped since."""

    rows: pd.DataFrame
    predictors: NDArray[np.float64]
    begins: NDArray[np.float64]
    ends: NDArray[np.float64]
    latest: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return which rows say who stopped: of people read one by one, long enough ago."""
        sampled = self.rows["person_no"].to_numpy() != behaviour_cycles.NOBODY
        return sampled & np.isfinite(self.ends)


def dropout_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield how many are expected to stop in each cohort that runs, or why that is not told."""
    cohorts = [one for one in read_cohorts(run) if one.has_rounds]
    if not cohorts:
        return
    now = as_of(run)
    taken = _taken(run, cohorts, now)
    past = _past(run, taken, now)
    # on so few rows threads cost more than they bring
    with threadpool_limits(limits=1):
        found = learn(past, run.thresholds.people)
    evidence = found[1] if found else None
    if found is None or evidence is None or evidence.reason:
        people = max(taken.rows["person_no"].nunique(), *(one.people for one in cohorts))
        why = undefined(evidence.reason if evidence else TOO_FEW, people=people)
        yield from judged([_draft(run, run.places.slices[0], why)])
        return
    tested = _tested(past, run.thresholds.people)
    today = now.timestamp() / SECONDS_A_DAY
    running = [one for one in cohorts if one.goes_on(today)]
    yield from judged(list(_expected(run, running, taken, found[0], evidence, tested)))


def _draft(run: WholeRun, slice_: Slice, result: Result) -> Draft:
    # a forecast of people needs as many of them as an answer does
    key = CellKey(DROPOUTS, slice_, ALL_TIME)
    return Draft(key, result, Verdict.SHOWN, Sensitivity.ATTITUDE, run.thresholds)


def _expected(
    run: WholeRun,
    running: Sequence[CohortCycles],
    taken: Taken,
    chances: Chances,
    evidence: Evidence,
    tested: set[int],
) -> Iterator[Draft]:
    """Yield the cohorts that run; one that was not tested says so."""
    own = taken.rows["cohort_no"].to_numpy()
    alike = taken.rows["people"].to_numpy(dtype=float)
    spread = _spread(chances.of(taken.predictors[taken.latest]), alike[taken.latest])
    for one in running:
        here = taken.latest & (own == one.slice.number)
        if one.slice.number not in tested:
            yield _draft(run, one.slice, undefined(TOO_NEW, people=int(alike[here].sum())))
            continue
        given = Expectation(
            chances=chances.of(taken.predictors[here]),
            alike=alike[here],
            spread=spread,
            evidence=evidence,
        )
        yield _draft(run, one.slice, measure(DROPOUTS).compute(given, ()))


def _spread(chances: NDArray[np.float64], alike: NDArray[np.float64]) -> float:
    """Return the standard deviation of the chances of people, some of whom are alike."""
    if not alike.sum():
        return 0.0
    middle = np.average(chances, weights=alike)
    return float(np.sqrt(np.average((chances - middle) ** 2, weights=alike)))


def _taken(run: WholeRun, cohorts: Sequence[CohortCycles], now: datetime) -> Taken:
    """Read what people did, of every so many-th person over all cycles."""
    last = [(one.slice.number, int(one.cycles.numbers[-1])) for one in cohorts]
    seats = sum(float(one.cycles.people.sum()) for one in cohorts)
    query = behaviour_cycles.behaviour_cycles(
        run.facts, now, last, step=max(ceil(seats / MOST_ROWS), 1)
    )
    rows = reading.read_numbers(run.connection, query)
    begins, ends, usual, latest = _timed(rows, cohorts)
    counts = (rows[name].to_numpy(dtype=float) for name in behaviour_cycles.COUNTS)
    return Taken(rows, predictors(behaviour_cycles.LATELY, *counts, usual), begins, ends, latest)


def _timed(rows: pd.DataFrame, cohorts: Sequence[CohortCycles]) -> tuple[np.ndarray, ...]:
    """Return when each cycle ended, when it was known who stopped, what was usual, and the last."""
    begins, ends, usual = (np.full(len(rows), np.nan) for _ in range(3))
    latest = np.zeros(len(rows), dtype=bool)
    own, cycle = rows["cohort_no"].to_numpy(), rows["cycle_no"].to_numpy()
    for one in cohorts:
        here = np.flatnonzero(own == one.slice.number)
        place = np.searchsorted(one.cycles.numbers, cycle[here])
        begins[here] = one.cycles.ends[place]
        later = np.append(one.cycles.ends, np.full(behaviour_cycles.AHEAD, np.nan))
        ends[here] = later[place + behaviour_cycles.AHEAD]
        usual[here] = _usual(one)[place]
        latest[here] = place == len(one.cycles) - 1
    return begins, ends, usual, latest


def _usual(one: CohortCycles) -> np.ndarray:
    """Return the share of a cohort that met, over the latest cycles at the end of each."""
    met, people = (
        np.cumsum(np.concatenate([np.zeros(behaviour_cycles.LATELY), values]))
        for values in (one.cycles.met, one.cycles.people)
    )
    lately = behaviour_cycles.LATELY
    return (met[lately:] - met[:-lately]) / (people[lately:] - people[:-lately])


def _past(run: WholeRun, taken: Taken, now: datetime) -> PastCycles:
    """Return what is known by now, with the groups within which expectations must hold."""
    rows = taken.rows[taken.known]
    person = rows["person_no"].to_numpy(dtype=int)
    return PastCycles(
        predictors=taken.predictors[taken.known],
        stopped=rows["stopped"].to_numpy(dtype=float),
        person=person,
        begins=taken.begins[taken.known],
        ends=taken.ends[taken.known],
        groups=(rows["cohort_no"].to_numpy(dtype=int), *_groups(run, person, now)),
    )


def _groups(run: WholeRun, person: NDArray[np.int_], now: datetime) -> Iterator[NDArray[np.int_]]:
    """Yield the group of each person by each attribute: chances must hold in all, and read none."""
    runs = [own for own in run.runs if own.breakdown.sensitivity is not Sensitivity.SPECIAL]
    if not runs or not len(person):
        return
    groupings = [own.breakdown.groups.grouping for own in runs]
    query = profiles.groups_of_people(run.facts, now.date(), groupings)
    frame = reading.read_numbers(run.connection, query).set_index("person_no")
    for position in range(len(runs)):
        found = frame[f"g{position}"].reindex(person, fill_value=0).to_numpy(dtype=int)
        yield np.where(found >= FIRST_GROUP, found, -1)


def _tested(past: PastCycles, fewest: int) -> set[int]:
    """Return the cohorts of which so many people were among those tested."""
    rows = past.only(in_time_order(past)[2])
    seen = pd.DataFrame({"cohort_no": rows.groups[0], "person": rows.person})
    people = seen.groupby("cohort_no")["person"].nunique()
    return set(people.index[people >= fewest])
