"""The pulse in four waves: learning source, inclusion and psychological safety."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data import planted
from sample_data.columns import (
    DAY_SECONDS,
    Flags,
    Whole,
    canonical,
    day_number,
    days,
    instants,
    keys,
    missing,
    pick,
    rows,
    same,
)
from sample_data.people import People

WAVE_OPENS = np.array(
    [day_number(iso) for iso in ("2025-04-22", "2025-10-06", "2026-03-02", "2026-08-31")]
)
WAVE_DAYS = 14
INSTRUMENT = "pulse"
LEARNING_SOURCE = "learning_source"
SOURCE_OPTIONS = ("peers", "managers", "both")
SOURCE_LABELS = ("More from peers", "More from managers", "From both equally")
SCALE_ITEMS = (
    *(("inclusion_belongingness", number, number in (3,)) for number in range(1, 6)),
    *(("inclusion_uniqueness", number, number in (2, 5)) for number in range(1, 6)),
    *(("psychological_safety", number, number in (1, 3, 5)) for number in range(1, 8)),
)
"""Construct, number within it, reversed; wordings belong to the scales' authors."""
SCALE_MEAN = {
    "inclusion_belongingness": 3.7,
    "inclusion_uniqueness": 3.5,
    "psychological_safety": 3.45,
}
RESPONDING = (0.62, 0.58, 0.55, 0.53)
SKIPPED = 0.015
FIRST_RESPONSE = 500_000_000
"""Keys of pulse responses start here, so that they never meet those of feedback."""


def wave_table() -> pd.DataFrame:
    """Return the four waves in which pulse and ratings are asked."""
    count = len(WAVE_OPENS)
    number = np.arange(1, count + 1)
    return canonical(
        "wave",
        {
            "wave_id": [f"wave-{n}" for n in number],
            "programme_id": missing(count),
            "cohort_id": missing(count),
            "wave_no": number,
            "label": ["Spring 2025", "Autumn 2025", "Spring 2026", "Late summer 2026"],
            "opens_on": days(WAVE_OPENS),
            "closes_on": days(WAVE_OPENS + WAVE_DAYS - 1),
        },
    )


def survey_instrument() -> dict[str, pd.DataFrame]:
    """Return the questionnaire: its questions as constructs, without wording."""
    names = ("item_id", "instrument_id", "construct", "kind", "scale_min", "scale_max", "reversed")
    scales = [
        (f"{construct}-{number}", INSTRUMENT, construct, "scale", 1.0, 5.0, turned)
        for construct, number, turned in SCALE_ITEMS
    ]
    source = (LEARNING_SOURCE, INSTRUMENT, LEARNING_SOURCE, "single", None, None, False)
    options = enumerate(zip(SOURCE_OPTIONS, SOURCE_LABELS, strict=True), start=1)
    return {
        "instrument": rows(
            "instrument",
            ("instrument_id", "label", "version", "kind", "identity"),
            [(INSTRUMENT, "Pulse", "1", "pulse", "pseudonymous")],
        ),
        "item": rows("item", names, [*scales, source]),
        "item_option": rows(
            "item_option",
            ("item_id", "option_code", "label", "sort"),
            [(LEARNING_SOURCE, code, label, number) for number, (code, label) in options],
        ),
    }


def survey_tables(
    rng: np.random.Generator, people: People, participant: Flags
) -> dict[str, pd.DataFrame]:
    """Return responses and answers of the four waves."""
    person, wave = _respondents(rng, people)
    number = FIRST_RESPONSE + np.arange(len(person))
    second = rng.integers(8 * 3600, 18 * 3600, len(person))
    day = WAVE_OPENS[wave] + rng.integers(0, WAVE_DAYS, len(person))
    return {
        "response": canonical(
            "response",
            {
                "response_id": keys("r", number, 9),
                "instrument_id": same(INSTRUMENT, len(person)),
                "wave_id": pick([f"wave-{n + 1}" for n in range(len(WAVE_OPENS))], wave),
                "person_id": people.keys.take(person),
                "cohort_id": missing(len(person)),
                "conversation_id": missing(len(person)),
                "submitted_at": instants(day * DAY_SECONDS + second),
            },
        ),
        "answer": _answers(rng, number, person, wave, participant),
    }


def progress_at(wave: Whole) -> np.ndarray:
    """Return how far a wave lies between the first (0) and the last (1)."""
    return (WAVE_OPENS[wave] - WAVE_OPENS[0]) / (WAVE_OPENS[-1] - WAVE_OPENS[0])


def _respondents(rng: np.random.Generator, people: People) -> tuple[Whole, Whole]:
    """Draw who answers in which wave; some people answer more readily than others."""
    everybody = np.arange(len(people))
    ready = rng.normal(0, 0.22, len(people))
    answers = np.zeros((len(people), len(WAVE_OPENS)), bool)
    for wave, (opens, rate) in enumerate(zip(WAVE_OPENS, RESPONDING, strict=True)):
        here = people.employed_at(everybody, np.full(len(people), opens + WAVE_DAYS))
        answers[:, wave] = here & (rng.random(len(people)) < rate + ready)
    return np.nonzero(answers)


def _answers(
    rng: np.random.Generator, number: Whole, person: Whole, wave: Whole, participant: Flags
) -> pd.DataFrame:
    scales = _scale_values(rng, person, wave, participant)
    count, items = len(person), len(SCALE_ITEMS) + 1
    value = np.column_stack([scales, np.full(count, np.nan)])
    option = np.full((count, items), len(SOURCE_OPTIONS))
    option[:, -1] = _sources(rng, wave, participant[person])
    skipped = rng.random((count, items)) < SKIPPED
    option[skipped] = len(SOURCE_OPTIONS)
    value[skipped] = np.nan
    item_keys = [*(f"{construct}-{n}" for construct, n, _ in SCALE_ITEMS), LEARNING_SOURCE]
    return canonical(
        "answer",
        {
            "response_id": keys("r", np.repeat(number, items), 9),
            "item_id": pick(item_keys, np.tile(np.arange(items), count)),
            "option_code": pick((*SOURCE_OPTIONS, ""), option.ravel()),
            "value_num": value.ravel(),
            "state": pick(("given", "skipped"), skipped.ravel().astype(np.int64)),
        },
    )


def _scale_values(
    rng: np.random.Generator, person: Whole, wave: Whole, participant: Flags
) -> np.ndarray:
    """Draw answers from a person's standing on each construct; reversed items are turned round."""
    general = rng.normal(0, 0.4, len(participant))[person]
    standing = {
        construct: mean + general + rng.normal(0, 0.4, len(participant))[person]
        for construct, mean in SCALE_MEAN.items()
    }
    gain = planted.SAFETY_GAIN * progress_at(wave) * participant[person]
    standing["psychological_safety"] = standing["psychological_safety"] + gain
    values = np.empty((len(person), len(SCALE_ITEMS)))
    for column, (construct, _, turned) in enumerate(SCALE_ITEMS):
        drawn = np.rint(standing[construct] + rng.normal(0, 0.7, len(person)))
        drawn = np.clip(drawn, 1, 5)
        values[:, column] = 6 - drawn if turned else drawn
    return values


def _sources(rng: np.random.Generator, wave: Whole, participant: Flags) -> Whole:
    """Draw the learning source; among participants it moves from the first wave to the last."""
    start = np.array([planted.LEARNING_SOURCE_START[option] for option in SOURCE_OPTIONS])
    end = np.array([planted.LEARNING_SOURCE_END[option] for option in SOURCE_OPTIONS])
    moved = (progress_at(wave) * participant)[:, None]
    chance = start + (end - start) * moved
    return (rng.random(len(wave))[:, None] > np.cumsum(chance, axis=1)[:, :-1]).sum(axis=1)
