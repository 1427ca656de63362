"""What people say after a conversation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data import planted
from sample_data.columns import (
    Whole,
    canonical,
    instants,
    keys,
    missing,
    pick,
    rows,
    same,
)
from sample_data.conversations import COMPLETED, Conversations
from sample_data.people import GENDERS, People

INSTRUMENT = "after-conversation"
SCALES = ("felt_heard", "understood_different", "meet_again")
SCALE_MEAN = (4.05, 3.75, 3.95)
ALLY = "ally"
ALLY_OPTIONS = ("yes", "no", "no_occasion")
ALLY_LABELS = ("Yes", "No", "There was no occasion")
ALLY_SHARE = (0.42, 0.33, 0.25)
HELPED = "helped_me"
HELPED_OPTIONS = ("yes", "no")
HELPED_LABELS = ("Yes", "No")
CROSSING_UNDERSTANDS = 0.30
"""Added to "understood someone different" where the conversation crossed functions."""
SKIPPED = 0.02


def feedback_instrument() -> dict[str, pd.DataFrame]:
    """Return the questionnaire: its questions as constructs, without wording."""
    scales = [(f"after-{name}", INSTRUMENT, name, "scale", 1.0, 5.0, False) for name in SCALES]
    chosen = [
        (f"after-{name}", INSTRUMENT, name, "single", None, None, False) for name in (ALLY, HELPED)
    ]
    options = ((ALLY, ALLY_OPTIONS, ALLY_LABELS), (HELPED, HELPED_OPTIONS, HELPED_LABELS))
    names = ("item_id", "instrument_id", "construct", "kind", "scale_min", "scale_max", "reversed")
    return {
        "instrument": rows(
            "instrument",
            ("instrument_id", "label", "version", "kind", "identity"),
            [(INSTRUMENT, "After a conversation", "1", "post_conversation", "pseudonymous")],
        ),
        "item": rows("item", names, [*scales, *chosen]),
        "item_option": rows(
            "item_option",
            ("item_id", "option_code", "label", "sort"),
            [
                (f"after-{name}", code, label, number)
                for name, codes, labels in options
                for number, (code, label) in enumerate(zip(codes, labels, strict=True), start=1)
            ],
        ),
    }


def feedback_tables(
    rng: np.random.Generator,
    conversations: Conversations,
    crossing: np.ndarray,
    people: People,
    helping: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """Return responses and answers; `crossing` tells which conversations cross functions.

    `helping` draws who was helped, and nothing else.
    """
    c = conversations
    came = (c.status[c.seat_conversation] == COMPLETED) & (c.seat_attended == 0) & c.seat_resolved
    giving = np.array(planted.FEEDBACK_GIVING)[people.habit[c.seat_person]]
    seat = np.flatnonzero(came & (rng.random(len(came)) < giving))
    conversation, person = c.seat_conversation[seat], c.seat_person[seat]
    ended = c.started[conversation] + c.duration[conversation]
    submitted = ended + (rng.exponential(9.0, len(seat)) * 3600).astype(np.int64) + 120
    return {
        "response": canonical(
            "response",
            {
                "response_id": keys("r", np.arange(len(seat)), 9),
                "instrument_id": same(INSTRUMENT, len(seat)),
                "wave_id": missing(len(seat)),
                "person_id": people.keys.take(person),
                "cohort_id": missing(len(seat)),
                "conversation_id": keys("c", conversation, 8),
                "submitted_at": instants(submitted),
            },
        ),
        "answer": pd.concat(
            [
                _answers(rng, person, crossing[conversation], len(people)),
                _helped(helping, conversations, people, seat),
            ],
            ignore_index=True,
        ),
    }


def _helped(
    rng: np.random.Generator, conversations: Conversations, people: People, seat: Whole
) -> pd.DataFrame:
    """Draw who says to have been helped, more often by people of one gender."""
    c = conversations
    there = c.seat_attended == 0
    of_gender = there & (people.gender[c.seat_person] == GENDERS.index(planted.HELPING_GENDER))
    others, helping = (
        np.bincount(c.seat_conversation, counted, len(c))[c.seat_conversation] - counted
        for counted in (there, of_gender)
    )
    share = helping[seat] / np.maximum(others[seat], 1)
    yes = rng.random(len(seat)) < planted.HELPED + planted.HELPED_MORE * share
    skipped = rng.random(len(seat)) < SKIPPED
    option = np.where(skipped, len(HELPED_OPTIONS), np.where(yes, 0, 1))
    return canonical(
        "answer",
        {
            "response_id": keys("r", np.arange(len(seat)), 9),
            "item_id": same(f"after-{HELPED}", len(seat)),
            "option_code": pick((*HELPED_OPTIONS, ""), option),
            "value_num": np.full(len(seat), np.nan),
            "state": pick(("given", "skipped"), skipped.astype(np.int64)),
        },
    )


def _answers(
    rng: np.random.Generator, person: Whole, crossing: np.ndarray, people: int
) -> pd.DataFrame:
    """Return one answer per response and question, response by response."""
    count, items = len(person), len(SCALES) + 1
    value = np.full((count, items), np.nan)
    mood = rng.normal(0, 0.45, people)[person]
    for number, mean in enumerate(SCALE_MEAN):
        lift = CROSSING_UNDERSTANDS * crossing if number == 1 else 0.0
        drawn = mean + lift + mood + rng.normal(0, 0.75, count)
        value[:, number] = np.clip(np.rint(drawn), 1, 5)
    skipped = rng.random((count, items)) < SKIPPED
    option = np.full((count, items), len(ALLY_OPTIONS))
    option[:, -1] = rng.choice(len(ALLY_OPTIONS), count, p=ALLY_SHARE)
    option[skipped] = len(ALLY_OPTIONS)
    value[skipped] = np.nan
    item_keys = [f"after-{name}" for name in (*SCALES, ALLY)]
    return canonical(
        "answer",
        {
            "response_id": keys("r", np.repeat(np.arange(count), items), 9),
            "item_id": pick(item_keys, np.tile(np.arange(items), count)),
            "option_code": pick((*ALLY_OPTIONS, ""), option.ravel()),
            "value_num": value.ravel(),
            "state": pick(("given", "skipped"), skipped.ravel().astype(np.int64)),
        },
    )
