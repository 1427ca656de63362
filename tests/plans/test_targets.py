"""Targets are checked, outlive rebuilds, and the last that was set for a sign holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from plans import BookDamaged, PlanError, Target, Targets

SET, BY = date(2026, 11, 30), date(2027, 3, 31)


def target(**facts: object) -> Target:
    return Target(**({"sign": "completion_rate", "value": 0.65, "by": BY, "set_on": SET} | facts))


@pytest.fixture
def targets(tmp_path: Path) -> Targets:
    return Targets(tmp_path / "home")


def test_a_home_without_targets_has_none(targets: Targets) -> None:
    assert targets.by_sign() == {}
    assert not targets.file.exists()


def test_the_last_target_of_a_sign_holds(targets: Targets) -> None:
    first, other, second = target(), target(sign="growth_overall"), target(value=0.7)
    for one in (first, other, second):
        targets.keep(one)
    assert targets.by_sign() == {"completion_rate": second, "growth_overall": other}
    assert len(targets.file.read_text(encoding="utf-8").splitlines()) == 3


def test_a_dropped_target_is_gone_and_stays_in_the_file(targets: Targets) -> None:
    targets.keep(target())
    targets.keep(replace(target(), dropped=True))
    assert targets.by_sign() == {}
    targets.keep(target(value=0.8))
    assert targets.by_sign()["completion_rate"].value == 0.8


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"by": SET}, "lies ahead"),
        ({"by": date(2033, 1, 1)}, "five years"),
        ({"value": float("nan")}, "needs a number"),
        ({"value": float("inf")}, "needs a number"),
        ({"sign": ""}, "needs the sign"),
    ],
)
def test_a_target_that_says_nothing_is_refused(facts: dict[str, object], words: str) -> None:
    with pytest.raises(PlanError, match=words):
        target(**facts)


@pytest.mark.parametrize("line", ["no json", "{}", "[1]", "7"])
def test_a_line_that_is_no_target_is_named(targets: Targets, line: str) -> None:
    targets.keep(target())
    with targets.file.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(BookDamaged, match=r"Line 2 of targets\.jsonl"):
        targets.by_sign()


def test_a_crash_while_writing_costs_the_last_line_only(targets: Targets) -> None:
    targets.keep(target())
    whole = targets.file.read_bytes()
    targets.file.write_bytes(whole + b'{"sign": "compl')
    assert targets.by_sign() == {"completion_rate": target()}
    targets.keep(target(value=0.9))
    assert targets.by_sign()["completion_rate"].value == 0.9
