"""P values and their adjustment over a family."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from metrics.comparison import benjamini_hochberg, two_sided_p

# Benjamini & Hochberg 1995, section 3.2
PAPER = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
PAPER += [0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]


def test_the_papers_example_rejects_four_of_fifteen() -> None:
    adjusted = benjamini_hochberg(PAPER)
    # R, p.adjust
    expected = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571, 0.0638571, 0.0645, 0.0765]
    expected += [0.486, 0.5811818, 0.714875, 0.7532308, 0.8132143, 1]
    assert adjusted == pytest.approx(expected, abs=5e-8)
    assert (adjusted <= 0.05).sum() == 4
    assert (np.array(PAPER) * 15 <= 0.05).sum() == 3  # Bonferroni, as the paper says


def test_any_order_agrees_with_statsmodels() -> None:
    p = np.random.default_rng(3).random(40) ** 2
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_what_was_not_tested_is_not_in_the_family() -> None:
    adjusted = benjamini_hochberg([0.01, float("nan"), 0.04])
    assert adjusted[[0, 2]] == pytest.approx([0.02, 0.04])  # by hand: a family of two
    assert np.isnan(adjusted[1])
    assert benjamini_hochberg([]).size == 0


def test_two_sided_p_counts_both_tails() -> None:
    # normal table: 2 x 0.0227501
    assert two_sided_p([2, -2]) == pytest.approx([0.0455003, 0.0455003], abs=5e-8)
    assert np.isnan(two_sided_p(float("nan")))
