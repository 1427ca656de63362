"""Ratings of skills by the person, a peer and the manager, in the same four waves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sample_data import planted
from sample_data.columns import Flags, Whole, canonical, days, keys, missing, pick, rows, same
from sample_data.people import FUNCTIONS, People
from sample_data.surveys import WAVE_DAYS, WAVE_OPENS, progress_at

SKILLS = (
    ("awareness", "Self-awareness", "awareness", 3.3),
    ("vulnerability", "Vulnerability", "vulnerability", 2.9),
    ("empathy", "Empathy", "empathy", 3.2),
    ("compassion", "Compassion", "compassion", 3.4),
    ("adaptability", "Adaptability", "adaptability", 3.3),
    ("agility", "Agility", "agility", 3.2),
    ("communication", "Communication", "communication", 3.4),
    ("data_analysis", "Data analysis", "technical", 2.8),
    ("systems_design", "Systems design", "technical", 2.7),
)
RATERS = ("self", "peer", "manager")
SELF, PEER, MANAGER = range(len(RATERS))
RATING = (0.86, 0.80, 0.70)
"""Chance that each rater rates somebody in the first wave."""
STAYING = 0.88
"""Chance to be rated by the same kind of rater in the next wave; who drops out stays out."""
MANAGER_WAVES = (0, 3)
COMPARED = 0.45
"""Share of people outside the programmes who are rated too."""
LENIENCY = (0.15, 0.0, -0.05)
SKIPPED_BACK = 0.05
"""Share of those asked to look back who do not."""


@dataclass(frozen=True)
class Dose:
    """What each person had done before each wave (people x waves)."""

    participant: Flags
    crossing: np.ndarray
    """Completed cross-function conversations so far."""


def skill_tables(
    rng: np.random.Generator, people: People, dose: Dose, recall: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """Return skills and their ratings; ``recall`` draws those that look back, and nothing else."""
    names = ("skill_code", "label", "family")
    return {
        "skill": rows("skill", names, [skill[:3] for skill in SKILLS]),
        "skill_rating": _ratings(rng, people, dose, recall),
    }


def gains(people: People, dose: Dose) -> np.ndarray:
    """Return the true gain since the first wave (people x waves x skills), as others see it."""
    progress = progress_at(np.arange(len(WAVE_OPENS)))
    share = dose.participant[:, None] * progress
    mean = np.array([planted.SKILL_GAIN[code] for code, *_ in SKILLS])
    gain = share[:, :, None] * mean
    codes = [code for code, *_ in SKILLS]
    empathy = codes.index(planted.DOSE_SKILL)
    since = dose.crossing - dose.crossing[:, :1]
    relative = since / max(since[dose.participant, -1].mean(), 1.0)
    gain[:, :, empathy] = mean[empathy] * (
        (1 - planted.DOSE_SHARE) * share + planted.DOSE_SHARE * relative
    )
    here = people.function == FUNCTIONS.index(planted.TECHNICAL_FUNCTION)
    gain[:, :, codes.index(planted.TECHNICAL_SKILL)] = planted.TECHNICAL_GAIN * (
        share * here[:, None]
    )
    return gain


def _ratings(
    rng: np.random.Generator, people: People, dose: Dose, recall: np.random.Generator
) -> pd.DataFrame:
    person, wave, rater = _rated(rng, people, dose.participant)
    count, skills = len(person), len(SKILLS)
    level = _levels(rng, people)
    value = _values(rng, level, people, dose, person, wave, rater)
    rated_on = WAVE_OPENS[wave] + rng.integers(0, WAVE_DAYS, count)
    peers = np.where(rater == PEER, _colleagues(rng, people, person), -1)
    rater_person = np.where(rater == SELF, person, peers)
    total = count * skills
    asked = (rater == SELF) & (wave == len(WAVE_OPENS) - 1)
    recalled = _recalled(recall, level, people, dose, person[asked], rated_on[asked], total)
    present = canonical(
        "skill_rating",
        {
            "rating_id": keys("s", np.arange(total), 9),
            "person_id": people.keys.take(np.repeat(person, skills)),
            "rater_kind": pick(RATERS, np.repeat(rater, skills)),
            "rater_person_id": pick(people.keys, np.repeat(rater_person, skills)),
            "skill_code": pick([code for code, *_ in SKILLS], np.tile(np.arange(skills), count)),
            "wave_id": pick(
                [f"wave-{n + 1}" for n in range(len(WAVE_OPENS))], np.repeat(wave, skills)
            ),
            "about_wave_id": missing(total),
            "scale_min": np.ones(total),
            "scale_max": np.full(total, 5.0),
            "value_num": value.ravel(),
            "state": pick(("given", "skipped"), np.isnan(value).ravel().astype(np.int64)),
            "rated_on": days(np.repeat(rated_on, skills)),
        },
    )
    return pd.concat([present, recalled], ignore_index=True)


def _recalled(
    rng: np.random.Generator,
    level: np.ndarray,
    people: People,
    dose: Dose,
    person: Whole,
    rated_on: Whole,
    first_key: int,
) -> pd.DataFrame:
    """Draw how those who rate themselves last say they were at first, where a yardstick moves."""
    codes = [code for code, *_ in SKILLS]
    columns = np.array([codes.index(code) for code in planted.RESPONSE_SHIFT])
    last = len(WAVE_OPENS) - 1
    true = gains(people, dose)[person, last][:, columns]
    own = np.array([*planted.RESPONSE_SHIFT.values()]) * dose.participant[person][:, None]
    yardstick = own - true
    drawn = level[person][:, columns] + LENIENCY[SELF] + yardstick + planted.RECALL
    value = np.clip(np.rint(drawn + rng.normal(0, 0.6, drawn.shape)), 1, 5)
    value[rng.random(value.shape) < SKIPPED_BACK] = np.nan
    skills, total = len(columns), value.size
    who = people.keys.take(np.repeat(person, skills))
    return canonical(
        "skill_rating",
        {
            "rating_id": keys("s", first_key + np.arange(total), 9),
            "person_id": who,
            "rater_kind": same("self", total),
            "rater_person_id": who,
            "skill_code": pick(codes, np.tile(columns, len(person))),
            "wave_id": same(f"wave-{last + 1}", total),
            "about_wave_id": same("wave-1", total),
            "scale_min": np.ones(total),
            "scale_max": np.full(total, 5.0),
            "value_num": value.ravel(),
            "state": pick(("given", "skipped"), np.isnan(value).ravel().astype(np.int64)),
            "rated_on": days(np.repeat(rated_on, skills)),
        },
    )


def _rated(
    rng: np.random.Generator, people: People, participant: Flags
) -> tuple[Whole, Whole, Whole]:
    """Draw who is rated by whom in which wave; raters drop out and do not come back."""
    count, waves = len(people), len(WAVE_OPENS)
    chosen = participant | (rng.random(count) < COMPARED)
    everybody = np.arange(count)
    ends = [np.full(count, opens + WAVE_DAYS) for opens in WAVE_OPENS]
    employed = np.column_stack([people.employed_at(everybody, day) for day in ends])
    rated = np.zeros((count, waves, len(RATERS)), bool)
    for number, rate in enumerate(RATING):
        lasting = rng.geometric(1 - STAYING, count)
        begins = rng.random(count) < rate
        rated[:, :, number] = begins[:, None] & (np.arange(waves) < lasting[:, None])
    rated[:, [wave for wave in range(waves) if wave not in MANAGER_WAVES], MANAGER] = False
    return np.nonzero(rated & (chosen[:, None] & employed)[:, :, None])


def _levels(rng: np.random.Generator, people: People) -> np.ndarray:
    """Draw what everybody is like at first (people x skills)."""
    start = np.array([mean for *_, mean in SKILLS])
    return start + rng.normal(0, 0.45, (len(people), len(SKILLS)))


def _values(
    rng: np.random.Generator,
    level: np.ndarray,
    people: People,
    dose: Dose,
    person: Whole,
    wave: Whole,
    rater: Whole,
) -> np.ndarray:
    """Draw ratings: the person's level, the gain, the rater's leniency and chance, rounded."""
    gain = gains(people, dose)[person, wave]
    for code, shift in planted.RESPONSE_SHIFT.items():
        column = [skill for skill, *_ in SKILLS].index(code)
        own = shift * progress_at(wave) * dose.participant[person]
        gain[:, column] = np.where(rater == SELF, own, gain[:, column])
    lenient = np.array(LENIENCY)[rater][:, None]
    drawn = level[person] + gain + lenient + rng.normal(0, 0.6, (len(person), len(SKILLS)))
    value = np.clip(np.rint(drawn), 1, 5)
    value[rng.random(value.shape) < 0.01] = np.nan
    return value


def _colleagues(rng: np.random.Generator, people: People, person: Whole) -> Whole:
    """Draw for each person somebody else at the same location."""
    by_location = np.argsort(people.location, kind="stable")
    place = np.empty(len(people), np.int64)
    place[by_location] = np.arange(len(people))
    size = np.bincount(people.location)
    first = np.cumsum(size) - size
    here = people.location[person]
    step = 1 + rng.integers(0, np.maximum(size[here] - 1, 1))
    return by_location[first[here] + (place[person] - first[here] + step) % size[here]]
