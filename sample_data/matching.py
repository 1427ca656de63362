"""Rounds, pools and offers: who is put together with whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data import planted
from sample_data.columns import (
    DAY_SECONDS,
    END,
    NO_DAY,
    Flags,
    Whole,
    canonical,
    day_number,
    instants,
    keys,
    pick,
)
from sample_data.people import FUNCTION_SHARE, FUNCTIONS, LOCATION_SHARE, LOCATIONS, People
from sample_data.programmes import (
    CROSSINGS,
    FUNCTION_ODDS,
    FUNCTION_ODDS_ELSEWHERE,
    OPEN_TABLE,
    SOUNDING_BOARD,
    Cohorts,
    Places,
)

LOTTERY, ALIKE, ACROSS = range(3)
"""How a person's table is drawn: by lot, among people of one group, or across groups."""

TABLE_SIZES = (2, 3, 4)
TABLE_SHARE = (0.62, 0.24, 0.14)
"""How many people of the circles are put at tables of each size; all other offers are pairs."""

_ODDS = [
    share * FUNCTION_ODDS.get(function, FUNCTION_ODDS_ELSEWHERE)
    for function, share in zip(FUNCTIONS, FUNCTION_SHARE, strict=True)
]
FUNCTION_SHARE_MENTORING = tuple(odds / sum(_ODDS) for odds in _ODDS)

OFFER_HOUR = 7
METHODS = ("rule", "random")
MATCH_STATUSES = ("ended", "active", "declined", "expired")


@dataclass(frozen=True)
class Pool:
    """Everybody who could be offered a partner in a round, one array per property."""

    round_index: Whole
    person: Whole
    location: Whole
    """Location that limits whom one can meet; -1 where nothing does."""


@dataclass(frozen=True)
class Offers:
    """All offers and who is in them; members are sorted by offer."""

    round_index: Whole
    size: Whole
    status: Whole
    member_offer: Whole
    member_person: Whole

    def __len__(self) -> int:
        return len(self.size)


def fill_pools(places: Places, people: People, cohorts: Cohorts) -> Pool:
    """List for every round the people of the cohort who are in it on that day."""
    joined = np.flatnonzero(places.joined_on != NO_DAY)
    rounds_of = np.bincount(cohorts.round_cohort, minlength=len(cohorts.codes))
    first_round = np.concatenate([[0], np.cumsum(rounds_of)[:-1]])
    repeats = rounds_of[places.cohort[joined]]
    place = np.repeat(joined, repeats)
    nth = np.arange(len(place)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    round_index = first_round[places.cohort[place]] + nth
    day = cohorts.round_day[round_index]
    ended_on = np.where(places.ended_on[place] == NO_DAY, END, places.ended_on[place])
    inside = (places.joined_on[place] <= day) & (day < ended_on)
    place, round_index = place[inside], round_index[inside]
    person = places.person[place]
    by_site = cohorts.programme[places.cohort[place]] == CROSSINGS
    return Pool(round_index, person, np.where(by_site, people.location[person], -1))


def draw_offers(rng: np.random.Generator, pool: Pool, people: People, cohorts: Cohorts) -> Offers:
    """Put the people of every round together."""
    programme = cohorts.programme[cohorts.round_cohort[pool.round_index]]
    size = np.where(
        programme == OPEN_TABLE, rng.choice(TABLE_SIZES, len(programme), p=TABLE_SHARE), 2
    )
    mode = _modes(rng, programme, cohorts.round_day[pool.round_index])
    group = np.where(
        programme == SOUNDING_BOARD,
        people.function_at(pool.person, cohorts.round_day[pool.round_index]),
        people.location[pool.person],
    )
    limit = np.where(mode == ALIKE, people.location[pool.person], pool.location)
    block = ((pool.round_index * 8 + limit + 1) * 3 + mode) * 5 + size
    order, table = _seat(rng, block, group, mode, size)
    return _offers(rng, pool.round_index[order], pool.person[order], table, cohorts)


def matching_tables(
    offers: Offers, pool: Pool, people: People, cohorts: Cohorts
) -> dict[str, pd.DataFrame]:
    """Return the canonical tables about matching."""
    return {
        "match_round": canonical(
            "match_round",
            {
                **_round_key(np.arange(len(cohorts.round_day)), cohorts),
                "run_at": instants(_run_at(cohorts)),
                "method": pick(METHODS, _methods(cohorts)),
            },
        ),
        "match_pool": canonical(
            "match_pool",
            {
                **_round_key(pool.round_index, cohorts),
                "person_id": people.keys.take(pool.person),
                "pool_code": pick(("all", *LOCATIONS), pool.location + 1),
            },
        ),
        "match": canonical(
            "match",
            {
                **_round_key(offers.round_index, cohorts),
                "match_id": keys("m", np.arange(len(offers)), 8),
                "offered_at": instants(_run_at(cohorts)[offers.round_index] + 900),
                "status": pick(MATCH_STATUSES, offers.status),
            },
        ),
        "match_member": canonical(
            "match_member",
            {
                "match_id": keys("m", offers.member_offer, 8),
                "person_id": people.keys.take(offers.member_person),
                "role": pick(("peer", "mentor", "mentee"), member_roles(offers, people, cohorts)),
            },
        ),
    }


def member_roles(offers: Offers, people: People, cohorts: Cohorts) -> Whole:
    """Return 0 for peers; in mentoring 1 for the more senior of the two and 2 for the other."""
    day = cohorts.round_day[offers.round_index[offers.member_offer]]
    level = people.seniority_at(offers.member_person, day) * 2
    level = level + (np.arange(len(level)) % 2)
    highest = np.maximum.reduceat(level, np.cumsum(offers.size) - offers.size)
    programme = cohorts.programme[cohorts.round_cohort[offers.round_index]][offers.member_offer]
    mentor = level == highest[offers.member_offer]
    return np.where(programme == SOUNDING_BOARD, np.where(mentor, 1, 2), 0)


def quarter_of(day: Whole) -> list[str]:
    """Return the quarter of each day, as in 2026-Q1."""
    months = day.view("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return [f"{1970 + month // 12}-Q{month % 12 // 3 + 1}" for month in months]


def _round_key(round_index: Whole, cohorts: Cohorts) -> dict[str, object]:
    cohort = pick(cohorts.codes, cohorts.round_cohort[round_index])
    return {"cohort_id": cohort, "round_no": cohorts.round_number[round_index]}


def _run_at(cohorts: Cohorts) -> Whole:
    return cohorts.round_day * DAY_SECONDS + OFFER_HOUR * 3600


def _modes(rng: np.random.Generator, programme: Whole, day: Whole) -> Whole:
    """Draw how each person's table is made, so that the planted ratios come out."""
    draw = rng.random(len(programme))
    across = draw < _share_across(planted.FUNCTION_RATIO, FUNCTION_SHARE_MENTORING)
    unique, inverse = np.unique(day, return_inverse=True)
    ratio = np.array([planted.LOCATION_RATIO[quarter] for quarter in quarter_of(unique)])[inverse]
    alike = draw < 1 - ratio
    further = draw < _share_across(ratio, LOCATION_SHARE)
    circles = np.where(alike, ALIKE, np.where(further, ACROSS, LOTTERY))
    mentoring = np.where(across, ACROSS, LOTTERY)
    return np.select(
        [programme == OPEN_TABLE, programme == SOUNDING_BOARD], [circles, mentoring], LOTTERY
    )


def _share_across(ratio: np.ndarray | float, shares: tuple[float, ...]) -> np.ndarray | float:
    """Return how many must be drawn across groups for the cross share to be ratio x a lottery's."""
    lottery = 1 - sum(share**2 for share in shares)
    return (ratio - 1) * lottery / (1 - lottery)


def _seat(
    rng: np.random.Generator, block: Whole, group: Whole, mode: Whole, size: Whole
) -> tuple[Whole, Whole]:
    """Return people in the order of tables, and each one's table; tables are filled evenly.

    By lot: neighbours in a random order. Alike: neighbours in the order of groups. Across: people
    half a list apart in the order of groups, which changes from round to round.
    """
    shuffled = rng.permutation(len(block))
    label = rng.permutation(1024)[(block // 5 * 31 + group * 7) % 1024]
    sorted_group = np.where(mode[shuffled] == LOTTERY, 0, (label * 16 + group)[shuffled])
    order = shuffled[np.lexsort((sorted_group, block[shuffled]))]
    _, start, count = np.unique(block[order], return_index=True, return_counts=True)
    position = np.arange(len(order)) - np.repeat(start, count)
    people_there = np.repeat(count, count)
    tables = -(-people_there // size[order])
    table = np.where(mode[order] == ACROSS, position % tables, position * tables // people_there)
    table = table + np.repeat(start, count)
    by_table = np.argsort(table, kind="stable")
    return order[by_table], table[by_table]


def _offers(
    rng: np.random.Generator, round_index: Whole, person: Whole, table: Whole, cohorts: Cohorts
) -> Offers:
    """Number the tables; whoever sits alone gets no offer this round."""
    _, number, count = np.unique(table, return_inverse=True, return_counts=True)
    together: Flags = count[number] > 1
    _, first, member_offer, size = np.unique(
        number[together], return_index=True, return_inverse=True, return_counts=True
    )
    offer_round = round_index[together][first]
    by_round = np.argsort(offer_round, kind="stable")
    rank = np.empty_like(by_round)
    rank[by_round] = np.arange(len(by_round))
    order = np.argsort(rank[member_offer], kind="stable")
    offer_round = offer_round[by_round]
    running = (
        cohorts.round_day[offer_round] + cohorts.cycle_days[cohorts.round_cohort[offer_round]]
        >= END
    )
    refused = rng.choice(3, len(offer_round), p=(0.97, 0.02, 0.01))
    return Offers(
        round_index=offer_round,
        size=size[by_round],
        status=np.where(refused > 0, refused + 1, running.astype(np.int64)),
        member_offer=rank[member_offer][order],
        member_person=person[together][order],
    )


def _methods(cohorts: Cohorts) -> Whole:
    programme = cohorts.programme[cohorts.round_cohort]
    later = cohorts.round_day >= day_number(planted.NEW_RULE_ON)
    ruled = (programme == SOUNDING_BOARD) | ((programme == OPEN_TABLE) & later)
    return np.where(ruled, METHODS.index("rule"), METHODS.index("random"))
