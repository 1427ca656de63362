"""The people as they are drawn: what they are, what changes, when they come and leave."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sample_data import planted
from sample_data.columns import END, NO_DAY, START, Flags, Whole, keys

ORGANISATIONS = ("halden-moor", "fennick")
PARTNER_SHARE = 0.12

LOCATIONS = ("lisbon", "toronto", "pune", "melbourne")
LOCATION_SHARE = (0.28, 0.26, 0.30, 0.16)
ZONES = ("Europe/Lisbon", "America/Toronto", "Asia/Kolkata", "Australia/Melbourne")
FUNCTIONS = ("engineering", "product", "operations", "sales", "service", "finance", "people")
FUNCTION_SHARE = (0.26, 0.14, 0.18, 0.14, 0.12, 0.09, 0.07)
SENIORITIES = ("associate", "senior", "manager", "director")
SENIORITY_SHARE = (0.52, 0.25, 0.15, 0.08)
GENDERS = ("woman", "man", "nonbinary")
GENDER_SHARE = (0.45, 0.50, 0.0, 0.03, 0.02)
"""Of the values, "prefer not to say" and unknown; the small group is drawn by number."""
ETHNICITIES = (
    "white",
    "south_asian",
    "black",
    "east_asian",
    "hispanic_latino",
    "middle_eastern",
    "another_group",
    "indigenous",
)
ETHNICITY_SHARE = (0.36, 0.20, 0.11, 0.09, 0.07, 0.04, 0.02, 0.01, 0.06, 0.04)
SEVERAL_ETHNICITIES = 0.04
TENURES = ("under_2", "2_to_5", "5_to_10", "over_10")
TENURE_SHARE = (0.24, 0.30, 0.26, 0.15, 0.0, 0.05)

CHANGING = 0.06
FUNCTION_UNKNOWN = 0.03
JOINING = 0.12
NOT_SAID, UNKNOWN = -2, -1


@dataclass(frozen=True)
class People:
    """Everybody, one array per property; attributes are whole numbers into the lists above."""

    keys: pd.api.extensions.ExtensionArray
    partner: Flags
    contractor: Flags
    location: Whole
    function: Whole
    function_known: Flags
    function_later: Whole
    seniority: Whole
    seniority_later: Whole
    changes_on: Whole
    """Day of the move or promotion; `END` for those who have none."""
    gender: Whole
    ethnicity: Whole
    second_ethnicity: Whole
    tenure: Whole
    leaning: Whole
    habit: Whole
    """How each takes part; everybody is steady until it is known who withdraws."""
    hired_on: Whole
    left_on: Whole
    """Day after the last; `NO_DAY` while employed."""

    def __len__(self) -> int:
        return len(self.location)

    def function_at(self, person: Whole, day: Whole) -> Whole:
        """Return the function that each person had on the day."""
        later = day >= self.changes_on[person]
        return np.where(later, self.function_later[person], self.function[person])

    def seniority_at(self, person: Whole, day: Whole) -> Whole:
        """Return the level that each person had on the day."""
        later = day >= self.changes_on[person]
        return np.where(later, self.seniority_later[person], self.seniority[person])

    def employed_at(self, person: Whole, day: Whole) -> Flags:
        """Tell who worked here on the day."""
        gone = (self.left_on[person] != NO_DAY) & (self.left_on[person] <= day)
        return (self.hired_on[person] <= day) & ~gone


def draw_people(rng: np.random.Generator, count: int) -> People:
    """Draw everybody, before it is known who leaves."""
    location = rng.choice(len(LOCATIONS), count, p=LOCATION_SHARE)
    function = _functions(rng, location)
    seniority = rng.choice(len(SENIORITIES), count, p=SENIORITY_SHARE)
    partner = rng.permutation(count) < round(count * PARTNER_SHARE)
    hired_on = _hiring(rng, count)
    moves, promoted, changes_on = _changes(rng, hired_on, seniority)
    ethnicity = _recorded(rng, ETHNICITY_SHARE, len(ETHNICITIES), count)
    return People(
        keys=keys("p", rng.permutation(count), 7),
        partner=partner,
        contractor=(rng.random(count) < 0.03) & ~partner,
        location=location,
        function=function,
        function_known=rng.random(count) >= FUNCTION_UNKNOWN,
        function_later=np.where(
            moves, (function + rng.integers(1, len(FUNCTIONS), count)) % len(FUNCTIONS), function
        ),
        seniority=seniority,
        seniority_later=seniority + promoted,
        changes_on=changes_on,
        gender=_genders(rng, count, partner),
        ethnicity=ethnicity,
        second_ethnicity=_second_ethnicity(rng, ethnicity),
        tenure=_recorded(rng, TENURE_SHARE, len(TENURES), count),
        leaning=rng.choice(len(planted.LEANING_SHARE), count, p=planted.LEANING_SHARE),
        habit=np.full(count, planted.STEADY),
        hired_on=hired_on,
        left_on=np.full(count, NO_DAY),
    )


def with_leavers(rng: np.random.Generator, people: People, first_joined_on: Whole) -> People:
    """Let people leave, those in programmes less often; whoever left has no later change."""
    joined = first_joined_on != NO_DAY
    leaves = rng.random(len(people)) < np.where(
        joined, planted.LEAVE_PARTICIPANT, planted.LEAVE_OTHER
    )
    earliest = np.maximum(people.hired_on, np.where(joined, first_joined_on, START)) + 45
    drawn = earliest + (rng.random(len(people)) * (END - earliest)).astype(np.int64)
    left_on = np.where(leaves & (earliest < END), drawn, NO_DAY)
    gone_first = (left_on != NO_DAY) & (left_on <= people.changes_on)
    return replace(people, left_on=left_on, changes_on=np.where(gone_first, END, people.changes_on))


def _functions(rng: np.random.Generator, location: Whole) -> Whole:
    """Draw functions so that one of them sits mostly at one location."""
    special = FUNCTIONS.index(planted.CONCENTRATED_FUNCTION)
    there = LOCATIONS.index(planted.CONCENTRATED_LOCATION)
    share, here = FUNCTION_SHARE[special], LOCATION_SHARE[there]
    chance = np.where(
        location == there,
        planted.CONCENTRATION * share / here,
        (1 - planted.CONCENTRATION) * share / (1 - here),
    )
    others = np.array(FUNCTION_SHARE) * (np.arange(len(FUNCTIONS)) != special)
    drawn = rng.choice(len(FUNCTIONS), len(location), p=others / others.sum())
    return np.where(rng.random(len(location)) < chance, special, drawn)


def _hiring(rng: np.random.Generator, count: int) -> Whole:
    joins = rng.random(count) < JOINING
    during = rng.integers(START + 1, END - 60, count)
    before = START - rng.exponential(4.5 * 365, count).astype(np.int64) - 1
    return np.where(joins, during, np.maximum(before, START - 35 * 365))


def _changes(
    rng: np.random.Generator, hired_on: Whole, seniority: Whole
) -> tuple[Flags, Flags, Whole]:
    """Draw who moves to another function, who is promoted, and when."""
    kind = rng.random(len(hired_on))
    here = hired_on < START
    moves = here & (kind < CHANGING / 2)
    promoted = here & ~moves & (kind < CHANGING) & (seniority < len(SENIORITIES) - 1)
    drawn = rng.integers(START + 30, END - 30, len(hired_on))
    return moves, promoted, np.where(moves | promoted, drawn, END)


def _recorded(rng: np.random.Generator, share: tuple[float, ...], values: int, count: int) -> Whole:
    """Draw a value, "prefer not to say" or unknown; the two come last in the shares."""
    drawn = rng.choice(len(share), count, p=np.array(share) / sum(share))
    return np.where(drawn == values, NOT_SAID, np.where(drawn > values, UNKNOWN, drawn))


def _genders(rng: np.random.Generator, count: int, partner: Flags) -> Whole:
    gender = _recorded(rng, GENDER_SHARE, len(GENDERS), count)
    small = rng.permutation(np.flatnonzero(~partner))[: planted.SMALL_GENDER_PEOPLE]
    gender[small] = GENDERS.index(planted.SMALL_GENDER)
    return gender


def _second_ethnicity(rng: np.random.Generator, ethnicity: Whole) -> Whole:
    count = len(ethnicity)
    drawn = rng.choice(6, count)
    two = (rng.random(count) < SEVERAL_ETHNICITIES) & (ethnicity >= 0) & (drawn != ethnicity)
    return np.where(two, drawn, -1)
