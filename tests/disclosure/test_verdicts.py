"""Verdicts: from published values, half a step in doubt, corrected over the family."""

from __future__ import annotations

from dataclasses import replace

import pytest

from disclosure.publishing import CellStatus, PublishedCell
from disclosure.verdicts import WORDS, judge, standard_score

NOWHERE = PublishedCell(status=CellStatus.SMALL, printed="hidden", sentence="-", reason="-")


def ratio(estimate, error=0.05, step=0.02, status=CellStatus.SHOWN):
    return PublishedCell(
        estimate=estimate,
        low=estimate - 0.1,
        high=estimate + 0.1,
        expected=1.0,
        lottery_low=1 - 1.959964 * error,
        lottery_high=1 + 1.959964 * error,
        status=status,
        printed="-",
        sentence="-",
        step=step,
    )


def verdicts(*cells):
    return [cell.verdict for cell in judge(cells)]


def test_a_score_takes_half_a_step_off():
    # (0.18 - 0.01) / 0.05
    assert standard_score(ratio(1.18)) == pytest.approx(3.4, abs=1e-5)
    assert standard_score(ratio(0.82)) == pytest.approx(-3.4, abs=1e-5)
    # nearer to the lottery than half a step: nothing is known
    assert standard_score(ratio(1.009)) == 0
    assert standard_score(ratio(1.18, error=0.0)) == 0


def test_cells_are_above_below_or_within_noise():
    assert verdicts(ratio(1.18), ratio(0.82), ratio(1.05)) == ["above", "below", "noise"]


def test_a_family_is_corrected_for_many_comparisons():
    # z = 2.2 has p = 0.028: beyond 5 % alone, not among nine others that are noise
    alone, crowd = ratio(1.12), [ratio(1.0)] * 9
    assert verdicts(alone) == ["above"]
    assert verdicts(alone, *crowd)[0] == "noise"


def test_cells_without_number_carry_their_status_and_leave_the_family():
    cells = [
        ratio(1.12),
        *[NOWHERE] * 9,
        replace(NOWHERE, status=CellStatus.PROTECTS),
        replace(NOWHERE, status=CellStatus.UNDEFINED),
        ratio(2.0, status=CellStatus.TOO_FEW),
        replace(ratio(1.0), lottery_low=None, lottery_high=None, expected=None),
    ]
    assert verdicts(*cells) == ["above", *["small"] * 9, "protects", "undefined", "too_few", ""]
    assert verdicts() == []


def test_every_verdict_has_its_fixed_words():
    assert [WORDS[word] for word in ("above", "below", "noise")] == [
        "above a lottery",
        "below a lottery",
        "within noise",
    ]
    assert [WORDS[status] for status in CellStatus if status is not CellStatus.SHOWN] == [
        "hidden",
        "hidden",
        "not defined",
        "too few to say",
    ]
