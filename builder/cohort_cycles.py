"""The cycles of each cohort that are over, and what became of its people in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from builder.places import Slice, When
from builder.whole import WholeRun
from metrics.engagement.rhythm import Cycles
from store import engagement, reading

STILL_OPEN = 0.05
"""A cycle is over once no more than this part of its people wait for a planned conversation."""
IN_TWOS = 2.0
"""Without offers it is not known who meets with whom; most meet in twos."""
MONTH = 30.4
FIRST_YEAR = 1970
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, eq=False)
class CohortCycles:
    """One cohort: where it stands in the catalogue, its cycles, and what became of its people."""

    slice: Slice
    programme: str
    whens: tuple[When, ...]
    cycles: Cycles
    outcomes: dict[str, np.ndarray]
    has_rounds: bool
    members: tuple[CohortCycles, ...] = ()
    """The cohorts that are pooled in it."""

    @property
    def surely(self) -> int:
        """Return how many different people there are at least: a person may be in two cohorts."""
        return max((one.people for one in self.members), default=self.people)

    @property
    def people(self) -> int:
        """Return how many people a cycle has, as a rule."""
        return int(np.median(self.cycles.people)) if len(self.cycles) else 0

    def goes_on(self, today: float) -> bool:
        """Tell whether its next cycle is under way, or due by now; ``today`` in days since 1970."""
        ends = self.cycles.ends
        return bool(today - ends[-1] <= ends[-1] - self.cycles.starts[-1])

    def dated(self, number: int) -> str:
        """Return the name of one of its cycles, for a round with the month in which it began."""
        label = self.whens[number].label
        if not self.has_rounds:
            return label
        began = datetime.fromtimestamp(self.cycles.starts[number] * SECONDS_A_DAY, UTC)
        return f"{label} ({began:%B %Y})"


def read_cohorts(run: WholeRun) -> tuple[CohortCycles, ...]:
    """Return the cohorts with at least one cycle that is over, in the order on screen."""
    if not run.has_met:
        return ()
    latest = as_of(run)
    frame = reading.read(run.connection, engagement.cycles(run.facts, latest))
    offers = reading.read(run.connection, engagement.offers(run.facts))
    if frame.empty:
        return ()
    keys = ["cohort_no", "cycle_no"]
    rows = frame.merge(offers, on=keys, how="left").sort_values(keys)
    rows = rows[(rows["open"] <= STILL_OPEN * rows["people"]) & (rows["people"] > rows["open"])]
    by_number = dict(list(rows.groupby("cohort_no")))
    quarters = {when.number: when for when in run.places.quarters}
    return tuple(
        _cohort(slice_, by_number[slice_.number], quarters)
        for slice_ in run.places.of_level("cohort")
        if slice_.number in by_number
    )


def cycle_whens(run: WholeRun) -> tuple[When, ...]:
    """Return every cycle that a cohort may have: rounds by number, then quarters."""
    offers = reading.read(run.connection, engagement.offers(run.facts))
    rounds = tuple(_round(int(number)) for number in sorted(set(offers["cycle_no"])))
    return rounds + run.places.quarters


def _round(number: int) -> When:
    return When(number, str(number), f"cycle {number}")


def as_of(run: WholeRun) -> datetime:
    """Return the time up to which the data go."""
    return reading.as_of(run.connection)


def _cohort(slice_: Slice, rows: pd.DataFrame, quarters: dict[int, When]) -> CohortCycles:
    has_rounds = bool(rows["offers"].notna().any())
    rows = rows[rows["offers"].notna()] if has_rounds else rows
    numbers = rows["cycle_no"].to_numpy(dtype=int)
    people = (rows["people"] - rows["open"]).to_numpy(dtype=float)
    if has_rounds:
        size = (rows["seats"] / rows["offers"]).to_numpy(dtype=float)
        starts = _days(rows["starts_at"])
        whens = [_round(int(number)) for number in numbers]
    else:
        size = np.full(len(rows), IN_TWOS)
        starts = (numbers - 4 * FIRST_YEAR) * 3 * MONTH
        whens = [quarters.get(number, When(number, str(number), str(number)))
                 for number in numbers]  # fmt: skip
    cycles = Cycles(
        numbers=numbers,
        starts=starts,
        people=people,
        met=rows["met"].to_numpy(dtype=float),
        trials=people / np.maximum(size, 1.0),
    )
    outcomes = {name: rows[name].to_numpy(dtype=float) for name in engagement.OUTCOMES}
    return CohortCycles(slice_, slice_.part_of, tuple(whens), cycles, outcomes, has_rounds)


def _days(moments: pd.Series) -> np.ndarray:
    """Return instants as days since the first of 1970."""
    day = pd.Timedelta(days=1)
    return ((pd.to_datetime(moments, utc=True) - pd.Timestamp(0, tz="UTC")) / day).to_numpy()


def small_together(small: Sequence[CohortCycles], fewest: int) -> list[CohortCycles]:
    """Pool the small cohorts of each programme by month, where together they are large enough."""
    pooled = [_pooled(programme, members) for programme, members in _by_programme(small)]
    return [one for one in pooled if one.people >= fewest]


def _by_programme(
    small: Sequence[CohortCycles],
) -> Iterator[tuple[str, list[CohortCycles]]]:
    for programme in dict.fromkeys(one.programme for one in small):
        yield programme, [one for one in small if one.programme == programme]


def _pooled(programme: str, members: Sequence[CohortCycles]) -> CohortCycles:
    months = np.concatenate([one.cycles.starts // MONTH for one in members])
    numbers, place = np.unique(months, return_inverse=True)

    def summed(parts: Sequence[np.ndarray]) -> np.ndarray:
        return np.bincount(place, weights=np.concatenate(parts), minlength=len(numbers))

    people, met, trials = (
        summed([getattr(one.cycles, name) for one in members])
        for name in ("people", "met", "trials")
    )
    cycles = Cycles(
        numbers=numbers.astype(int), starts=numbers * MONTH, people=people, met=met, trials=trials
    )
    whens = tuple(
        When(number, str(number), f"month {number}") for number in range(1, len(numbers) + 1)
    )
    label = "the small cohorts of one programme"
    slice_ = Slice("programme", members[0].slice.number, programme, label)
    outcomes = {
        name: summed([one.outcomes[name] for one in members]) for name in members[0].outcomes
    }
    return CohortCycles(slice_, programme, whens, cycles, outcomes, False, tuple(members))
