"""Conversations and seats: what became of the offers."""

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
    instants,
    keys,
    pick,
    utc_seconds,
)
from sample_data.matching import MATCH_STATUSES, Offers, member_roles
from sample_data.people import FUNCTIONS, GENDERS, ZONES, People
from sample_data.programmes import CROSSINGS, PROGRAMMES, Cohorts
from schema.tables import CONVERSATION_STATUSES

SCHEDULED, COMPLETED, CANCELLED, NO_SHOW, UNKNOWN = range(len(CONVERSATION_STATUSES))
NOT_HELD = (CANCELLED, NO_SHOW, UNKNOWN)
NOT_HELD_SHARE = (0.58, 0.34, 0.08)
EVIDENCE_WORDS = ("attendance", "both_reported", "one_reported", "platform_marked", "none")
EVIDENCE_SHARE = (0.35, 0.38, 0.17, 0.10)
TOPICS = ("current_challenges", "long_term_goals", "purpose_drivers", "skills")
TOPIC_SHARE = (0.38, 0.24, 0.16, 0.22)
ATTENDED = ("yes", "no", "unknown")
NOT_YET_REPORTED_DAYS = 7
UNRESOLVED = 0.004
LARGE_ORGANISATION = 20_000


@dataclass(frozen=True)
class Conversations:
    """All conversations and their seats, one array per property; seats are sorted."""

    offer: Whole
    size: Whole
    scheduled: Whole
    """Planned start in seconds since 1970, UTC."""
    started: Whole
    """Real start; `NO_DAY` if it did not take place."""
    duration: Whole
    status: Whole
    zone: Whole
    seat_conversation: Whole
    seat_person: Whole
    seat_number: Whole
    seat_attended: Whole
    seat_resolved: Flags

    def __len__(self) -> int:
        return len(self.offer)


def draw_conversations(
    rng: np.random.Generator, offers: Offers, people: People, cohorts: Cohorts
) -> Conversations:
    """Draw when the people of each offer meant to meet, and whether they did."""
    planned = _planned(rng, offers, people, cohorts)
    offer = np.repeat(np.arange(len(offers)), planned)
    nth = np.arange(len(offer)) - np.repeat(np.cumsum(planned) - planned, planned)
    day = _meeting_days(rng, offers.round_index[offer], nth, planned[offer], cohorts)
    known = day < END
    offer, day = offer[known], day[known]
    zone = people.location[offers.member_person[_first_member(offers)[offer]]]
    half_hours = rng.integers(17, 35, len(offer))
    scheduled = utc_seconds(day * DAY_SECONDS + half_hours * 1800, zone, ZONES)
    held = _held(rng, completion_chance(offers, people, cohorts), offer)
    status = np.where(held, COMPLETED, rng.choice(NOT_HELD, len(offer), p=NOT_HELD_SHARE))
    status = np.where(day >= END - NOT_YET_REPORTED_DAYS, SCHEDULED, status)
    delay = rng.integers(-3, 12, len(offer)) * 60
    seats = _seats(rng, offer, offers, status)
    return Conversations(
        offer,
        offers.size[offer],
        scheduled,
        np.where(status == COMPLETED, scheduled + delay, NO_DAY),
        60 * np.clip(rng.normal(46, 11, len(offer)), 12, 110).astype(np.int64),
        status,
        zone,
        *seats,
    )


def completion_chance(offers: Offers, people: People, cohorts: Cohorts) -> np.ndarray:
    """Return for each offer the chance that a conversation planned for it takes place."""
    cohort = cohorts.round_cohort[offers.round_index]
    programme = cohorts.programme[cohort]
    base = np.array([planted.COMPLETION[p.code] for p in PROGRAMMES])[programme]
    crossing = mixed(offers, people.seniority_at(*_members_then(offers, cohorts)))
    by_level = np.where(
        crossing, planted.COMPLETION_CROSS_SENIORITY, planted.COMPLETION_SAME_SENIORITY
    )
    base = np.where(programme == CROSSINGS, by_level, base)
    factor = np.array(planted.COMPLETION_FACTOR)[people.leaning[offers.member_person]]
    factor = np.multiply.reduceat(factor, _first_member(offers))
    woman = people.gender == GENDERS.index("woman")
    above = woman[offers.member_person] - _share_of_women(woman, programme, offers)
    shift = planted.WOMEN_SHIFT * np.add.reduceat(above, _first_member(offers))
    return np.clip((base * factor + shift) * _quiet_factor(cohort, offers, cohorts), 0.02, 0.98)


def _held(rng: np.random.Generator, chance: np.ndarray, offer: Whole) -> Flags:
    """Draw which conversations take place: some people never meet, others keep nearly all."""
    meets = rng.random(len(chance)) < chance / planted.KEEPING
    return meets[offer] & (rng.random(len(offer)) < planted.KEEPING)


def mixed(offers: Offers, group: Whole) -> Flags:
    """Tell which offers bring different groups together; `group` is one value a member."""
    first = _first_member(offers)
    return np.maximum.reduceat(group, first) != np.minimum.reduceat(group, first)


def conversation_tables(
    rng: np.random.Generator,
    conversations: Conversations,
    offers: Offers,
    people: People,
    cohorts: Cohorts,
) -> dict[str, pd.DataFrame]:
    """Return the canonical tables about conversations."""
    c = conversations
    seat_person = np.where(c.seat_resolved, c.seat_person, -1)
    return {
        "conversation": _conversation(rng, conversations, offers, cohorts),
        "conversation_participant": canonical(
            "conversation_participant",
            {
                "conversation_id": keys("c", c.seat_conversation, 8),
                "slot": c.seat_number,
                "person_id": pick(people.keys, seat_person),
                "role": pick(("peer", "mentor", "mentee"), _seat_roles(c, offers, people, cohorts)),
                "attended": pick(ATTENDED, c.seat_attended),
            },
        ),
    }


def _first_member(offers: Offers) -> Whole:
    return np.cumsum(offers.size) - offers.size


def _members_then(offers: Offers, cohorts: Cohorts) -> tuple[Whole, Whole]:
    """Return every member and the day of the offer."""
    return offers.member_person, cohorts.round_day[offers.round_index[offers.member_offer]]


def _share_of_women(woman: Flags, programme: Whole, offers: Offers) -> np.ndarray:
    """Return for each member the share of women in the programme."""
    mine = programme[offers.member_offer]
    women = np.bincount(mine, woman[offers.member_person], minlength=len(PROGRAMMES))
    return (women / np.maximum(np.bincount(mine, minlength=len(PROGRAMMES)), 1))[mine]


def _quiet_factor(cohort: Whole, offers: Offers, cohorts: Cohorts) -> np.ndarray:
    steps = np.array([1.0, *planted.QUIET_FACTORS])
    since = cohorts.round_number[offers.round_index] - planted.QUIET_FROM_ROUND + 1
    quiet = cohort == cohorts.codes.index(planted.QUIET_COHORT)
    return np.where(quiet, steps[np.clip(since, 0, len(steps) - 1)], 1.0)


def _planned(rng: np.random.Generator, offers: Offers, people: People, cohorts: Cohorts) -> Whole:
    """Draw how many conversations are planned for each offer; none where it was refused."""
    programme = cohorts.programme[cohorts.round_cohort[offers.round_index]]
    draw = rng.random(len(offers))
    planned = np.ones(len(offers), np.int64)
    for number, details in enumerate(PROGRAMMES):
        here = programme == number
        if len(people) >= LARGE_ORGANISATION:
            planned[here] = details.conversations_at_scale
        else:
            planned[here] = 1 + np.searchsorted(np.cumsum(details.conversations[:-1]), draw[here])
    loaded = people.function_at(*_members_then(offers, cohorts)) == FUNCTIONS.index(
        planted.LOADED_FUNCTION
    )
    carried = np.logical_or.reduceat(loaded, _first_member(offers)) & (programme == CROSSINGS)
    planned = np.where(carried, planted.LOADED_CONVERSATIONS, planned)
    refused = offers.status >= MATCH_STATUSES.index("declined")
    return np.where(refused, 0, planned)


def _meeting_days(
    rng: np.random.Generator, round_index: Whole, nth: Whole, planned: Whole, cohorts: Cohorts
) -> Whole:
    """Spread the conversations of an offer over its cycle, on working days."""
    room = (cohorts.cycle_days[cohorts.round_cohort[round_index]] - 3) / planned
    drawn = (nth + rng.random(len(nth))) * room
    day = cohorts.round_day[round_index] + 1 + drawn.astype(np.int64)
    weekday = (day + 3) % 7
    return day + np.where(weekday >= 5, 7 - weekday, 0)


def _seats(
    rng: np.random.Generator, offer: Whole, offers: Offers, status: Whole
) -> tuple[Whole, Whole, Whole, Whole, Flags]:
    size = offers.size[offer]
    conversation = np.repeat(np.arange(len(offer)), size)
    number = np.arange(len(conversation)) - np.repeat(np.cumsum(size) - size, size)
    person = offers.member_person[_first_member(offers)[offer][conversation] + number]
    absent_third = (number >= 2) & (rng.random(len(number)) < 0.06)
    missing_one = np.repeat(rng.integers(0, size), size) == number
    attended = np.select(
        [status[conversation] == s for s in (COMPLETED, NO_SHOW, CANCELLED)],
        [absent_third.astype(np.int64), missing_one.astype(np.int64), 1],
        2,
    )
    return conversation, person, number + 1, attended, rng.random(len(number)) >= UNRESOLVED


def _seat_roles(c: Conversations, offers: Offers, people: People, cohorts: Cohorts) -> Whole:
    roles = member_roles(offers, people, cohorts)
    return roles[_first_member(offers)[c.offer][c.seat_conversation] + c.seat_number - 1]


def _conversation(
    rng: np.random.Generator, c: Conversations, offers: Offers, cohorts: Cohorts
) -> pd.DataFrame:
    count = len(c)
    cohort = cohorts.round_cohort[offers.round_index[c.offer]]
    programme = cohorts.programme[cohort]
    held = c.status == COMPLETED
    known = held | (c.status == CANCELLED) | (c.status == NO_SHOW)
    evidence = rng.choice(len(EVIDENCE_SHARE), count, p=EVIDENCE_SHARE)
    evidence = np.where(held, evidence, np.where(c.status == NO_SHOW, 2, 3))
    in_person = rng.random(count) < np.array([0.45, 0.10, 0.15])[programme]
    return canonical(
        "conversation",
        {
            "conversation_id": keys("c", np.arange(count), 8),
            "programme_id": pick([p.code for p in PROGRAMMES], programme),
            "cohort_id": pick(cohorts.codes, cohort),
            "match_id": keys("m", c.offer, 8),
            "scheduled_start_at": instants(c.scheduled),
            "actual_start_at": instants(c.started),
            "tz": pick(ZONES, c.zone),
            "status": pick(CONVERSATION_STATUSES, c.status),
            "evidence": pick(EVIDENCE_WORDS, np.where(known, evidence, 4)),
            "mode": pick(("online", "in_person"), in_person.astype(np.int64)),
            "topic_code": pick(
                TOPICS, np.where(held, rng.choice(len(TOPICS), count, p=TOPIC_SHARE), -1)
            ),
            "duration_s": np.where(held, c.duration, np.nan),
        },
    )
