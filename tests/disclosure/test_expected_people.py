"""Expected numbers of people as they are published: whole people, and nothing that tells more."""

from __future__ import annotations

import pytest

from disclosure.expected_people import expected_people, people_words
from disclosure.gate import Verdict
from disclosure.publishing import publish
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from metrics import measure
from metrics.definition import Result, Sensitivity


def result(expected: float, people: int = 148, **facts: object) -> Result:
    base = {"base": 0.1, "expected": 0.1 * people, "expected_error": 1.23, "log_error": 0.05}
    return Result(estimate=expected, people=people, **(base | facts))


@pytest.mark.parametrize(
    ("exact", "printed"), [(0.2, "under 1"), (0.5, "under 1"), (1.4, "1"), (12.6, "13")]
)
def test_expected_numbers_are_whole_people(exact: float, printed: str) -> None:
    assert expected_people(result(exact)).printed == printed


def test_the_average_beside_it_does_not_tell_how_many_people_there_are() -> None:
    # all of these are printed as 150 people
    beside = {expected_people(result(9.0, people)).expected for people in (148, 149, 150, 151, 152)}
    assert beside == {15.0}


def test_the_interval_is_that_of_the_published_number() -> None:
    numbers = expected_people(result(9.4))
    # by hand: 9 +- 1.96 * sqrt(9 + 0.45^2) is 3.05 to 14.95, outwards
    assert (numbers.low, numbers.high, numbers.interval) == (3.0, 15.0, "3 to 15")
    assert repr(expected_people(result(9.4))) == repr(expected_people(result(8.6)))


def test_no_more_people_than_there_are_can_stop() -> None:
    assert expected_people(result(11.0, people=12)).high == 11.0
    assert expected_people(result(6.0, people=10)).high == 10.0


def test_one_sentence_says_it_all() -> None:
    cell = publish(
        measure("expected_dropouts"),
        result(9.4),
        Verdict.SHOWN,
        Thresholds(),
        Labels(place="Circles 1"),
        sensitivity=Sensitivity.ATTITUDE,
    )
    assert cell.sentence.replace("\u202f", " ") == (
        "In Circles 1, 9 of those who still take part are expected to stop within their next three "
        "cycles (95 % interval 3 to 15); the average gives 15."
    )
    assert cell.people == 150


def test_fewer_than_ten_people_are_never_forecast() -> None:
    cell = publish(
        measure("expected_dropouts"),
        result(2.0, people=9),
        Verdict.SHOWN,
        Thresholds(),
        Labels(place="Circles 1"),
        sensitivity=Sensitivity.ATTITUDE,
    )
    assert (str(cell.status), cell.estimate, cell.printed) == ("small", None, "hidden")


def test_under_one_is_one_person_or_none() -> None:
    assert people_words(0.5) == "under 1"
