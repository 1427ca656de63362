"""The false alarm of docs/examples/false-alarm.md: a low share that a lottery gives as well."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from disclosure.gate import Verdict
from disclosure.publishing import publish
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from disclosure.verdicts import WORDS, judge
from metrics import measure
from metrics.connection.counts import PairingCounts
from metrics.connection.crossing import crossing
from metrics.connection.indices import krackhardt_stern_ei

PAGE = Path(__file__).parents[2] / "docs" / "examples" / "false-alarm.md"
MEN, WOMEN = 53, 18
# Lazega 2001, co-work among 71 lawyers: 378 ties, 255 of them between lawyers of the same gender;
# men hold 601 ends of ties and women 155. From 2 m_11 + m_12 = 601, 2 m_22 + m_12 = 155 and
# m_12 = 378 - 255 = 123 follow 239 ties among men and 16 among women.
MIXING = np.array([[239.0, 123.0], [0.0, 16.0]])


def lawyers() -> PairingCounts:
    """Return the co-work ties as pairings of one lottery.

    Squares of single lawyers' ties by gender are not published: ends count as one each in the
    lottery, and every lawyer is taken to hold the mean number of ties with each gender.
    """
    both = MIXING + MIXING.T
    people = np.array([MEN, WOMEN])
    each = both / people[:, None]
    return PairingCounts(
        groups=("man", "woman"),
        pairings=MIXING[None],
        weights=MIXING[None],
        weights_squared=MIXING[None],
        stubs_squared=both.sum(axis=1)[None],
        contact_moments=np.einsum("g,gh,gk->ghk", people, each, each),
        pair_squares=MIXING,
        people=people,
    )


def published(key: str):
    labels = Labels(place="the law firm", breakdown="gender")
    result = measure(key).compute(lawyers(), ())
    return publish(measure(key), result, Verdict.SHOWN, Thresholds(), labels)


def test_the_raw_index_looks_segregated() -> None:
    # E-I = (123 - 255) / 378
    assert krackhardt_stern_ei(MIXING) == pytest.approx(-0.349, abs=5e-4)


def test_a_lottery_would_give_the_same() -> None:
    found = crossing(lawyers(), ())
    assert found.total - found.observed == 255
    # 254.6 and a standard score of 0.06: moments of a random matching of 601 and 155 ends
    assert found.total - found.expected == pytest.approx(254.6, abs=0.05)
    score = (found.expected - found.observed) / found.variance**0.5
    assert score == pytest.approx(0.06, abs=0.005)


@pytest.mark.parametrize("key", ["cross_group_share", "cross_group_ratio"])
def test_the_words_are_within_noise_and_the_page_prints_them(key: str) -> None:
    (cell,) = judge([published(key)])
    assert WORDS[cell.verdict] == "within noise"
    page = " ".join(PAGE.read_text(encoding="utf-8").replace("> ", "").split())
    assert " ".join(cell.sentence.split()) in page
    assert "**within noise**" in page
