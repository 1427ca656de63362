"""Claims in words: no stronger than the rung that they stand on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from disclosure.claim_words import NO_DIFFERENCE, PHRASES, with_claim_words
from disclosure.gate import Verdict
from disclosure.publishing import CellStatus, PublishedCell, publish
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from disclosure.verdicts import judge
from metrics import measure
from metrics.claims.ladder import Rung
from metrics.definition import Result

LABELS = Labels(
    place="the whole organisation", breakdown="function", groups=("empathy",), by="peers"
)
KEYS = (
    "growth_by_lottery", "growth_since_start", "growth_within_person", "growth_with_conversations",
    "growth_by_modality", "outcome_gap", "outcome_gap_alike", "outcome_between_cohorts",
)  # fmt: skip


def published(key: str, estimate: float, people: int = 400, error: float = 0.05) -> PublishedCell:
    result = Result(
        estimate=estimate, low=estimate - 0.1, high=estimate + 0.1, people=people, expected=0.0,
        expected_error=error, scale=(0.0, 4.0), spread=error * people**0.5,
    )  # fmt: skip
    cell = publish(measure(key), result, Verdict.SHOWN, Thresholds(), LABELS)
    return judge([cell])[0]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("estimate", [0.4, -0.4, 0.0])
def test_every_claim_is_one_plain_sentence_with_its_interval(key, estimate):
    cell = published(key, estimate)
    assert cell.sentence.startswith("In the whole organisation")
    assert "empathy" in cell.sentence
    assert "95" in cell.sentence
    assert len(cell.sentence.split()) <= 45
    assert ("0.40\u202fpoints" in cell.sentence) == (estimate != 0)


@pytest.mark.parametrize("rung", Rung)
def test_beyond_noise_a_claim_says_the_word_of_its_rung(rung):
    cell = with_claim_words(published("growth_by_lottery", 0.4), rung)
    assert cell.phrase == PHRASES[rung]
    assert ("caused" in cell.sentence) == (rung is Rung.CAUSED)


def test_within_noise_no_rung_claims_anything():
    cell = with_claim_words(published("growth_by_lottery", 0.02), Rung.CAUSED)
    assert cell.phrase == NO_DIFFERENCE
    assert "caused" not in cell.sentence


def test_a_hidden_claim_stays_as_it_is():
    few = published("growth_by_lottery", 0.4, people=49)
    assert few.status is CellStatus.SMALL
    assert with_claim_words(few, Rung.CAUSED) == few
    assert with_claim_words(replace(few, verdict="above"), Rung.CAUSED).phrase == few.phrase
