"""The whole invented organisation, drawn from one seed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data.columns import DAY_SECONDS, NO_DAY, Whole
from sample_data.conversations import (
    COMPLETED,
    Conversations,
    conversation_tables,
    draw_conversations,
    mixed,
)
from sample_data.feedback import feedback_instrument, feedback_tables
from sample_data.matching import Offers, draw_offers, fill_pools, matching_tables
from sample_data.outcomes import learning_table, outcome_table
from sample_data.people import People, draw_people, with_leavers
from sample_data.people_tables import people_tables
from sample_data.programme_tables import programme_tables
from sample_data.programmes import (
    Cohorts,
    Places,
    close_places,
    draw_places,
    first_joined_on,
    plan_cohorts,
    with_habits,
)
from sample_data.reporting import reporting_table
from sample_data.skills import Dose, skill_tables
from sample_data.surveys import WAVE_OPENS, survey_instrument, survey_tables, wave_table
from schema import IMPORT_ORDER

FEWEST_PEOPLE = 200
LOOKING_BACK, HELPING, HABITS, FEEDBACK, REPORTING = 1, 2, 3, 4, 5
"""Numbers of streams of their own: ratings that look back, who was helped, habits, feedback, who
reports to whom."""


def generate(people: int = 2400, seed: int = 2026) -> dict[str, pd.DataFrame]:
    """Return every canonical table of an invented organisation of so many people.

    The same number and seed give the same tables. What is planted in them stands in
    `sample_data.planted`.
    """
    if people < FEWEST_PEOPLE:
        raise ValueError(f"{people} people are too few for twelve cohorts; ask for {FEWEST_PEOPLE}")
    rng = np.random.default_rng(seed)
    cohorts = plan_cohorts(people)
    everybody, places = draw_participation(rng, people, seed, cohorts)
    participant = first_joined_on(places, people) != NO_DAY
    pool = fill_pools(places, everybody, cohorts)
    offers = draw_offers(rng, pool, everybody, cohorts)
    conversations = draw_conversations(rng, offers, everybody, cohorts)
    crossing = _crosses_function(conversations, offers, everybody, cohorts)
    dose = Dose(participant, _crossing_before_waves(conversations, crossing, people))
    tables = {
        **people_tables(rng, everybody),
        "reporting_line": reporting_table(np.random.default_rng((seed, REPORTING)), everybody),
        **programme_tables(places, everybody, cohorts),
        **matching_tables(offers, pool, everybody, cohorts),
        **conversation_tables(rng, conversations, offers, everybody, cohorts),
        **skill_tables(rng, everybody, dose, np.random.default_rng((seed, LOOKING_BACK))),
        **_together(feedback_instrument(), survey_instrument()),
        **_together(
            feedback_tables(
                np.random.default_rng((seed, FEEDBACK)),
                conversations,
                crossing,
                everybody,
                np.random.default_rng((seed, HELPING)),
            ),
            survey_tables(rng, everybody, participant),
        ),
        "wave": wave_table(),
        "learning_activity": learning_table(rng, everybody),
        "outcome": outcome_table(rng, everybody, participant),
    }
    return {name: tables[name] for name in IMPORT_ORDER}


def draw_participation(
    rng: np.random.Generator, people: int, seed: int, cohorts: Cohorts
) -> tuple[People, Places]:
    """Draw everybody with their habits, and their places in cohorts until these end."""
    everybody = draw_people(rng, people)
    places = draw_places(rng, everybody, cohorts)
    joined_on = first_joined_on(places, people)
    everybody = with_leavers(rng, everybody, joined_on)
    places = close_places(rng, places, everybody, cohorts)
    return with_habits(np.random.default_rng((seed, HABITS)), everybody, places), places


def _crosses_function(
    conversations: Conversations, offers: Offers, people: People, cohorts: Cohorts
) -> np.ndarray:
    """Tell for each conversation whether it brings functions together."""
    day = cohorts.round_day[offers.round_index[offers.member_offer]]
    return mixed(offers, people.function_at(offers.member_person, day))[conversations.offer]


def _crossing_before_waves(
    conversations: Conversations, crossing: np.ndarray, people: int
) -> np.ndarray:
    """Count completed cross-function conversations of each person before each wave."""
    c = conversations
    counted = ((c.status == COMPLETED) & crossing)[c.seat_conversation] & (c.seat_attended == 0)
    person: Whole = c.seat_person[counted]
    at = c.scheduled[c.seat_conversation[counted]]
    before = [np.bincount(person[at < day * DAY_SECONDS], minlength=people) for day in WAVE_OPENS]
    return np.column_stack(before).astype(float)


def _together(
    first: dict[str, pd.DataFrame], second: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    return {name: pd.concat([first[name], second[name]], ignore_index=True) for name in first}
