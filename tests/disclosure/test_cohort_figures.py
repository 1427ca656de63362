"""Numbers of cohorts beside each other as they are published."""

from __future__ import annotations

import pytest

from disclosure.gate import Verdict
from disclosure.publishing import CellStatus, PublishedCell, publish
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from disclosure.verdicts import judge
from metrics import measure
from metrics.definition import Result
from metrics.intervals import Z95, wilson

LABELS = Labels(place="Spring", groups=("the matched pairings were completed",))


def published(key: str, result: Result, labels: Labels = LABELS) -> PublishedCell:
    return publish(measure(key), result, Verdict.SHOWN, Thresholds(), labels)


def rate(value: float, people: int = 200, **facts: object) -> Result:
    facts = {"expected": 0.8, "expected_error": 0.02, "effective_size": 150.0} | facts
    return Result(estimate=value, people=people, **facts)


def test_a_rate_says_what_all_together_have() -> None:
    cell = published("cohort_rate", rate(0.68))
    # 200 people: steps of 2.5 %, 0.68 becomes 0.675
    assert cell.estimate == pytest.approx(0.675)
    assert "68\u202f% of the matched pairings were completed" in cell.sentence
    assert cell.sentence.endswith("; all together it is 80\u202f%.")
    assert cell.lottery_high - 0.8 == pytest.approx(Z95 * 0.02)


def test_a_verdict_takes_half_a_step_off() -> None:
    # 0.8 - 0.775 = 0.025, less half of 0.025 + 0.0025: 0.01125, less than 1.96 errors of 0.008
    near = published("cohort_rate", rate(0.775, expected_error=0.008))
    far = published("cohort_rate", rate(0.70, expected_error=0.008))
    assert [cell.verdict for cell in judge([near])] == ["noise"]
    assert [cell.verdict for cell in judge([far])] == ["below"]


def test_four_people_are_too_few_for_a_rate_and_forty_for_a_change() -> None:
    assert published("cohort_rate", rate(0.5, people=4)).status is CellStatus.SMALL
    change = Result(estimate=0.2, people=40, spread=0.8, scale=(1.0, 5.0), expected=0.1,
                    expected_error=0.1)  # fmt: skip
    assert published("cohort_change", change).status is CellStatus.SMALL


def test_a_rate_drawn_in_is_as_fine_as_a_whole_per_cent() -> None:
    cell = published("cohort_rate_shrunk", rate(0.7234, people=60, expected=None))
    assert cell.estimate == 0.72
    assert (cell.low, cell.high) == pytest.approx(wilson(0.72, 150), abs=1e-4)


@pytest.mark.parametrize(("value", "printed"), [(0.99, "over 95"), (0.01, "under 5")])
def test_nobody_is_named_by_unanimity(value: float, printed: str) -> None:
    assert published("cohort_rate_shrunk", rate(value)).printed.startswith(printed)


def test_a_change_keeps_its_published_value_and_a_finer_target() -> None:
    result = Result(estimate=0.1, people=100, spread=1.0, scale=(1.0, 5.0), expected=0.137,
                    expected_error=0.0962)  # fmt: skip
    cell = published("cohort_change", result, Labels(place="Spring", groups=("empathy",)))
    assert cell.estimate == pytest.approx(0.1)
    # the error is rounded up to two digits: 0.097
    assert cell.lottery_high - cell.expected == pytest.approx(Z95 * 0.097)
    assert cell.expected == pytest.approx(0.137)
    assert cell.sentence.startswith("In Spring, empathy changed by +0.1")


def test_limits_stand_in_the_place_of_the_interval() -> None:
    cell = published("cohort_limits", Result(estimate=0.5, low=0.41239, high=0.6, people=80))
    assert (cell.low, cell.estimate, cell.high) == (0.4124, 0.5, 0.6)
    assert cell.lottery_low is None
