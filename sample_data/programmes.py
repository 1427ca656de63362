"""The programmes, their cohorts and rounds, and who takes part in them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sample_data import planted
from sample_data.columns import END, NO_DAY, Flags, Whole, day_number
from sample_data.people import FUNCTIONS, GENDERS, People

PEOPLE_PER_SET = 12_000
"""Up to so many people there are twelve cohorts; beyond, cohorts grow in number, not in size."""
PAUSE = (day_number("2025-12-15"), day_number("2026-01-05"))
STATUSES = (
    "eligible",
    "invited",
    "declined",
    "applied",
    "active",
    "completed",
    "withdrawn",
    "removed",
)
NOT_JOINING = ("eligible", "invited", "declined", "applied")
NOT_JOINING_SHARE = (0.09, 0.05, 0.07, 0.01)
FIRST_JOINED = len(NOT_JOINING)
ACTIVE, COMPLETED, WITHDRAWN, REMOVED = range(FIRST_JOINED, len(STATUSES))


@dataclass(frozen=True, kw_only=True)
class Programme:
    """One programme: what it is, whom it reaches and how it runs."""

    code: str
    label: str
    kind: str
    cross_company: bool
    cohorts: int
    reach: float
    """Share of the people it is open to who are at least eligible."""
    first_start: str
    last_start: str
    weeks: int
    cycle_days: tuple[int, ...]
    """Days between two rounds; cohorts take turns."""
    cadence_days: int
    pauses: bool
    conversations: tuple[float, ...]
    """Chance of 1, 2, ... conversations planned per pairing and cycle."""
    conversations_at_scale: int
    """The same in a large organisation, where people meet more often."""


PROGRAMMES = (
    Programme(
        code="crossings",
        label="Crossings",
        kind="peer_coaching",
        cross_company=False,
        cohorts=5,
        reach=0.62,
        first_start="2025-04-07",
        last_start="2026-04-06",
        weeks=56,
        cycle_days=(35, 28, 42),
        cadence_days=14,
        pauses=False,
        conversations=(0.45, 0.35, 0.20),
        conversations_at_scale=3,
    ),
    Programme(
        code="sounding-board",
        label="Sounding Board",
        kind="mentoring",
        cross_company=False,
        cohorts=4,
        reach=0.40,
        first_start="2025-05-05",
        last_start="2026-02-02",
        weeks=66,
        cycle_days=(28,),
        cadence_days=28,
        pauses=True,
        conversations=(0.55, 0.45),
        conversations_at_scale=4,
    ),
    Programme(
        code="open-table",
        label="Open Table",
        kind="circle",
        cross_company=True,
        cohorts=3,
        reach=0.60,
        first_start="2025-04-14",
        last_start="2025-12-01",
        weeks=78,
        cycle_days=(14,),
        cadence_days=14,
        pauses=False,
        conversations=(1.0,),
        conversations_at_scale=3,
    ),
)
CROSSINGS, SOUNDING_BOARD, OPEN_TABLE = range(len(PROGRAMMES))
FUNCTION_ODDS = {"engineering": 1.7, "operations": 1.5}
"""The mentoring programme is known among engineers and in operations; elsewhere it is rarer."""
FUNCTION_ODDS_ELSEWHERE = 0.45


@dataclass(frozen=True)
class Cohorts:
    """All cohorts and their rounds, one array per property."""

    codes: list[str]
    labels: list[str]
    programme: Whole
    starts_on: Whole
    ends_on: Whole
    cycle_days: Whole
    round_cohort: Whole
    round_number: Whole
    round_day: Whole


@dataclass(frozen=True)
class Places:
    """Everybody's place in a cohort, one array per property."""

    cohort: Whole
    person: Whole
    status: Whole
    invited_on: Whole
    joined_on: Whole
    """`NO_DAY` for those who never joined."""
    ended_on: Whole
    """`NO_DAY` while it lasts."""


def plan_cohorts(people: int) -> Cohorts:
    """Lay out cohorts and rounds; cohorts of a programme start evenly spread."""
    sets = max(1, round(people / PEOPLE_PER_SET))
    counts = [programme.cohorts * sets for programme in PROGRAMMES]
    programme = np.repeat(np.arange(len(PROGRAMMES)), counts)
    within = np.concatenate([np.arange(count) for count in counts])
    starts_on = np.concatenate([_starts(p, c) for p, c in zip(PROGRAMMES, counts, strict=True)])
    weeks = np.array([p.weeks for p in PROGRAMMES])[programme]
    ends_on = np.minimum(starts_on + 7 * weeks, END - 1)
    cycle_days = np.array(
        [
            PROGRAMMES[p].cycle_days[w % len(PROGRAMMES[p].cycle_days)]
            for p, w in zip(programme, within, strict=True)
        ]
    )
    rounds = [
        _rounds(*row, PROGRAMMES[p].pauses)
        for p, row in zip(programme, zip(starts_on, ends_on, cycle_days, strict=True), strict=True)
    ]
    lengths = [len(round_days) for round_days in rounds]
    return Cohorts(
        codes=[f"{PROGRAMMES[p].code}-{w + 1:02d}" for p, w in zip(programme, within, strict=True)],
        labels=[f"{PROGRAMMES[p].label} {w + 1}" for p, w in zip(programme, within, strict=True)],
        programme=programme,
        starts_on=starts_on,
        ends_on=ends_on,
        cycle_days=cycle_days,
        round_cohort=np.repeat(np.arange(len(programme)), lengths),
        round_number=np.concatenate([np.arange(1, length + 1) for length in lengths]),
        round_day=np.concatenate(rounds),
    )


def draw_places(rng: np.random.Generator, people: People, cohorts: Cohorts) -> Places:
    """Draw who is eligible, invited or joins which cohort, at most one per programme."""
    parts = [_programme_places(rng, people, cohorts, number) for number in range(len(PROGRAMMES))]
    return Places(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def first_joined_on(places: Places, people: int) -> Whole:
    """Return the day on which each person first joined a programme; `NO_DAY` if never."""
    result = np.full(people, END + 1)
    joined = places.joined_on != NO_DAY
    np.minimum.at(result, places.person[joined], places.joined_on[joined])
    return np.where(result > END, NO_DAY, result)


def close_places(
    rng: np.random.Generator, places: Places, people: People, cohorts: Cohorts
) -> Places:
    """Let people withdraw, leave the organisation or reach the end of their cohort."""
    places = _while_employed(places, people, cohorts)
    joined = places.joined_on != NO_DAY
    hazard = np.array(planted.WITHDRAWING)[people.leaning[places.person]]
    cycles = rng.geometric(hazard)
    withdrawn = places.joined_on + cycles * cohorts.cycle_days[places.cohort] - 3
    left = people.left_on[places.person]
    left = np.where(left == NO_DAY, END + 1, left)
    over = cohorts.ends_on[places.cohort] + 1
    ended_on = np.minimum(np.minimum(withdrawn, left), over)
    status = np.select(
        [left <= ended_on, withdrawn <= ended_on, over < END],
        [REMOVED, WITHDRAWN, COMPLETED],
        ACTIVE,
    )
    ended_on = np.where(joined & (status != ACTIVE), ended_on, NO_DAY)
    return replace(places, status=np.where(joined, status, places.status), ended_on=ended_on)


def with_habits(rng: np.random.Generator, people: People, places: Places) -> People:
    """Give everybody the habit that follows from withdrawing and from a draw of their own."""
    joined = places.joined_on != NO_DAY
    gone = (places.status == WITHDRAWN) & (places.ended_on <= END - planted.FADED_DAYS)
    began, stays = (
        np.bincount(places.person[chosen], minlength=len(people)) > 0
        for chosen in (joined, joined & ~gone)
    )
    reserved = rng.random(len(people)) < planted.RESERVED_SHARE
    habit = np.where(reserved, planted.RESERVED, planted.STEADY)
    return replace(people, habit=np.where(began & ~stays, planted.FADING, habit))


def _while_employed(places: Places, people: People, cohorts: Cohorts) -> Places:
    """Keep the places of people who had not left when theirs would have begun."""
    left_on = people.left_on[places.person]
    begins_on = np.maximum(cohorts.starts_on[places.cohort], places.joined_on)
    kept = (left_on == NO_DAY) | (left_on > begins_on)
    return Places(**{name: values[kept] for name, values in vars(places).items()})


def _starts(programme: Programme, count: int) -> Whole:
    first, last = day_number(programme.first_start), day_number(programme.last_start)
    return first + 7 * np.round(np.linspace(0, (last - first) / 7, count)).astype(np.int64)


def _rounds(starts_on: int, ends_on: int, cycle_days: int, pauses: bool) -> Whole:
    round_days = np.arange(starts_on, ends_on - 6, cycle_days)
    paused = (round_days >= PAUSE[0]) & (round_days < PAUSE[1])
    return round_days[~paused] if pauses else round_days


def _programme_places(
    rng: np.random.Generator, people: People, cohorts: Cohorts, number: int
) -> tuple[Whole, ...]:
    chosen = np.flatnonzero(cohorts.programme == number)
    person = np.flatnonzero(rng.random(len(people)) < _reach(people, number))
    cohort = rng.choice(chosen, len(person))
    joined_on = np.maximum(cohorts.starts_on[cohort], people.hired_on[person] + 14)
    in_time = joined_on <= cohorts.ends_on[cohort] - 60
    person, cohort, joined_on = person[in_time], cohort[in_time], joined_on[in_time]
    chances = [*NOT_JOINING_SHARE, 1 - sum(NOT_JOINING_SHARE)]
    status = rng.choice(len(chances), len(person), p=chances)
    joined = status == FIRST_JOINED
    asked = status != STATUSES.index("eligible")
    asked_on = np.maximum(joined_on - rng.integers(7, 36, len(person)), people.hired_on[person])
    invited_on = np.where(asked, asked_on, NO_DAY)
    never = np.full(len(person), NO_DAY)
    return cohort, person, status, invited_on, np.where(joined, joined_on, NO_DAY), never


def _reach(people: People, number: int) -> np.ndarray:
    """Return each person's chance to be at least eligible for the programme."""
    programme = PROGRAMMES[number]
    weight = np.where(
        people.gender == GENDERS.index("woman"), planted.WOMEN_ODDS[programme.code], 1.0
    )
    if number == SOUNDING_BOARD:
        odds = [FUNCTION_ODDS.get(function, FUNCTION_ODDS_ELSEWHERE) for function in FUNCTIONS]
        weight = weight * np.array(odds)[people.function]
    open_to: Flags = ~people.partner | programme.cross_company
    return np.minimum(weight * open_to * programme.reach / weight.mean(), 0.97)
