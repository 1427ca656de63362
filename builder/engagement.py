"""Cells of cohorts over their cycles: participation, alarms, their record, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from builder.alarm_record import RULE_WORDS, record_cells
from builder.cells import CellKey, Draft, judged
from builder.cohort_cycles import (
    SECONDS_A_DAY,
    CohortCycles,
    as_of,
    cycle_whens,
    read_cohorts,
    small_together,
)
from builder.places import ALL_TIME, When
from builder.survival import survival_cells
from builder.taking_part import STEP_NAMES, step_cells
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Result, Sensitivity, undefined
from metrics.engagement.alarms import (
    Watch,
    alarm_limit,
    outside_alarms,
    watch,
)
from metrics.engagement.measures import ComparedShare
from metrics.engagement.rhythm import Cycles, Movement, movements, usual_share
from metrics.engagement.together import lately
from release.contents import Cell, Group

LATEST = 3
"""Cycles that say how a cohort stands where there is no alarm."""
FEWEST_PEOPLE = 10
"""Cohorts with fewer people in a cycle are watched together."""
TOO_SMALL = "fewer than ten people a cycle, so it is watched with the other small cohorts"
TOO_SHORT = "fewer than five cycles are over, so nothing is usual yet"
ALARM, CYCLE, OUTCOME = "cohort_alarm", "cycle_participation", "cycle_outcome"
LATELY = "programme_lately"
OUTCOME_WORDS = {
    "no_offer": ("No partner offered", "no partner was offered"),
    "no_date": ("No date set", "no date was set"),
    "cancelled": ("Cancelled", "the conversation was cancelled"),
    "no_show": ("Somebody did not come", "somebody did not come"),
    "unknown": ("Not recorded", "nothing was recorded"),
}


@dataclass(frozen=True)
class Watched:
    """A cohort with all that is known of it, looking back from today."""

    cohort: CohortCycles
    watch: Watch
    moved: Movement
    expected: np.ndarray
    error: np.ndarray
    ordinary: np.ndarray

    @property
    def cycles(self) -> Cycles:
        """Return the cycles of the cohort."""
        return self.cohort.cycles

    @property
    def window(self) -> slice:
        """Return the cycles that say how it stands: since the fall, or the latest."""
        current = self.watch.current
        return slice(current.since, None) if current else slice(-LATEST, None)


def engagement_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield all cells of engagement: cycles and alarms, then steps, then life tables."""
    cohorts = read_cohorts(run)
    found = watched_cohorts(cohorts)
    for one in found:
        yield from _cycle_cells(run, one)
    yield from _alarm_cells(run, cohorts, found)
    yield from _lately_cells(run, found)
    for one in found:
        if one.cohort.has_rounds and len(one.cycles) > LATEST:
            yield from _outcome_cells(run, one)
    if run.has_met:
        past = [(one.cycles, one.watch, one.expected) for one in found]
        yield from record_cells(run, past, max((one.cohort.surely for one in found), default=0))
    yield from step_cells(run)
    yield from survival_cells(run, cohorts)


def engagement_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of cycles, outcomes, steps and rules."""
    for when in cycle_whens(run):
        yield _group("cycle", when.key, when.label, when.key, when.number)
    named = {
        "outcome": {key: words[0] for key, words in OUTCOME_WORDS.items()},
        "step": STEP_NAMES,
        "alarm_rule": RULE_WORDS,
    }
    for breakdown, names in named.items():
        for number, (key, name) in enumerate(names.items()):
            yield _group(breakdown, key, name, name, number)


def _group(breakdown: str, key: str, label: str, short: str, sort: int) -> Group:
    return Group(breakdown=breakdown, key=key, label=label, short=short, sort=sort)


def watched_cohorts(cohorts: Sequence[CohortCycles]) -> list[Watched]:
    """Watch each cohort that is large enough, beside the others of its programme."""
    large = [one for one in cohorts if one.people >= FEWEST_PEOPLE]
    units = large + small_together([one for one in cohorts if one not in large], FEWEST_PEOPLE)
    limit = alarm_limit(len(units))
    moved: dict[str, Movement] = {}
    for programme in dict.fromkeys(one.programme for one in units):
        together = [one for one in units if one.programme == programme]
        found = movements([one.cycles for one in together])
        moved |= {one.slice.key: each for one, each in zip(together, found, strict=True)}
    return [_watched(one, moved[one.slice.key], limit) for one in units]


def _watched(one: CohortCycles, moved: Movement, limit: float) -> Watched:
    seen = watch(one.cycles, moved, limit)
    ordinary = outside_alarms(len(one.cycles), seen.alarms)
    expected, error = usual_share(one.cycles, moved, ordinary)
    return Watched(one, seen, moved, expected, error, ordinary)


def _draft(run: WholeRun, key: CellKey, result: Result) -> Draft:
    operational = Sensitivity.OPERATIONAL
    return Draft(key, result, Verdict.SHOWN, operational, run.thresholds)


def _compared(key: str, given: ComparedShare) -> Result:
    return measure(key).compute(given, ())


def _cycle_cells(run: WholeRun, one: Watched) -> Iterator[Cell]:
    if one.cohort.slice.level != "cohort":
        return
    comparable = len(one.cycles) > LATEST
    drafts = []
    for number, when in enumerate(one.cohort.whens):
        given = ComparedShare(
            share=float(one.cycles.share[number]),
            people=int(one.cycles.people[number]),
            trials=float(one.cycles.trials[number]),
            expected=float(one.expected[number]) if comparable else None,
            error=float(one.error[number]) if comparable else None,
        )
        drafts.append(_draft(run, CellKey(CYCLE, one.cohort.slice, when), _compared(CYCLE, given)))
    yield from judged(drafts)


def _alarm_cells(
    run: WholeRun, cohorts: Sequence[CohortCycles], found: Sequence[Watched]
) -> Iterator[Cell]:
    """Yield how each cohort stands, and one cell for each alarm in the cycle that raised it."""
    today = as_of(run).timestamp() / SECONDS_A_DAY
    drafts = [_draft(run, CellKey(ALARM, one.cohort.slice, _since(one)), _standing(one))
              for one in found]  # fmt: skip
    for one, cell in zip(found, judged(drafts), strict=True):
        current = one.watch.current
        whole = replace(cell, period=ALL_TIME.key)
        if not whole.is_drawn or whole.status == "too_few":
            yield whole
            continue
        since = _since(one).label if current else ""
        # the alarm itself is the verdict of this measure
        over = "" if current is None or one.cohort.goes_on(today) else _ended(one.cohort)
        verdict = "below" if current else "noise"
        yield replace(whole, phrase=since, verdict=verdict, reason=over)
        for alarm in one.watch.alarms:
            raised = one.cohort.whens[alarm.raised]
            words = f"In {one.cohort.slice.place}, an alarm was raised in {raised.label}."
            yield replace(whole, period=raised.key, phrase="", verdict="", sentence=words)
    here = {one.cohort.slice for one in found}
    yield from judged(
        [
            _draft(
                run,
                CellKey(ALARM, cohort.slice, ALL_TIME),
                undefined(TOO_SMALL, people=cohort.people),
            )
            for cohort in cohorts
            if cohort.slice not in here
        ]
    )


def _lately_cells(run: WholeRun, found: Sequence[Watched]) -> Iterator[Cell]:
    """Yield how the cohorts of each programme that are not quiet by themselves do lately."""
    today = as_of(run).timestamp() / SECONDS_A_DAY
    when = When(0, ALL_TIME.key, "in the latest cycles")
    drafts = []
    for programme in run.places.of_level("programme"):
        together = [
            one.cycles
            for one in found
            if one.cohort.programme == programme.key
            and one.cohort.slice.level == "cohort"
            and one.watch.current is None
            and one.cohort.goes_on(today)
        ]
        given = lately(together, LATEST)
        if given is not None:
            drafts.append(_draft(run, CellKey(LATELY, programme, when), _compared(LATELY, given)))
    yield from judged(drafts)


def _since(one: Watched) -> When:
    current = one.watch.current
    if current is None:
        return When(0, ALL_TIME.key, "in the latest cycles")
    return When(0, ALL_TIME.key, f"since {one.cohort.dated(current.since)}")


def _ended(cohort: CohortCycles) -> str:
    """Return that a cohort is over, which no action can change any more."""
    return f"it has ended: its last was {cohort.dated(-1)}"


def _standing(one: Watched) -> Result:
    if not np.isfinite(one.watch.scores).any():
        return undefined(TOO_SHORT, people=one.cohort.people)
    inside = np.zeros(len(one.cycles), dtype=bool)
    inside[one.window] = True
    trials = one.cycles.trials[inside]
    weights = trials / trials.sum()
    usual = float(weights @ one.expected[inside])
    before = float(one.cycles.trials[one.ordinary & ~inside].sum()) or 1.0
    spread = max(usual * (1 - usual), 0.25 / trials.sum())
    moved = float(one.moved.variance[inside].mean()) / inside.sum()
    return _compared(
        ALARM,
        ComparedShare(
            share=float(weights @ one.cycles.share[inside]),
            people=_people(one, inside),
            trials=float(trials.sum()),
            expected=usual,
            error=float(np.sqrt(spread * (1 / trials.sum() + 1 / before) + moved)),
        ),
    )


def _people(one: Watched, inside: np.ndarray) -> int:
    """Return how many people there are in the smallest of these cycles."""
    smallest = int(one.cycles.people[inside].min())
    return min(smallest, one.cohort.surely) if one.cohort.members else smallest


def _outcome_cells(run: WholeRun, one: Watched) -> Iterator[Cell]:
    """Yield what became of those who did not meet, beside the ordinary cycles before."""
    if one.cohort.slice.level != "cohort":
        return
    inside = np.zeros(len(one.cycles), dtype=bool)
    inside[one.window] = True
    before = one.ordinary & ~inside
    if not before.any():
        return
    drafts = []
    for outcome, words in OUTCOME_WORDS.items():
        counts = one.cohort.outcomes[outcome]
        share, usual = (
            float(counts[part].sum() / one.cycles.people[part].sum()) for part in (inside, before)
        )
        now, then = (float(one.cycles.trials[part].sum()) for part in (inside, before))
        error = np.sqrt(max(usual * (1 - usual), 0.25 / then) * (1 / now + 1 / then))
        given = ComparedShare(
            share=share,
            people=int(one.cycles.people[inside].min()),
            trials=now,
            expected=usual,
            error=float(error),
        )
        key = CellKey(
            OUTCOME,
            one.cohort.slice,
            replace(_since(one), key=ALL_TIME.key),
            breakdown="outcome",
            group=outcome,
            group_labels=(words[1],),
        )
        drafts.append(_draft(run, key, _compared(OUTCOME, given)))
    yield from judged(drafts)
