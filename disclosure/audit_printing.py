"""The audit of published cells by themselves: what hidden and shown ones carry."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from disclosure.audit import Finding
from disclosure.publishing import CellStatus, PublishedCell

UNANIMOUS = re.compile(r"^(0|100)\s?%$")
HIDDEN_STATUSES = (CellStatus.SMALL, CellStatus.PROTECTS)
NUMBERS = ("estimate", "low", "high", "expected", "lottery_low", "lottery_high", "people", "pairs")


def audit_published(cells: Mapping[str, PublishedCell], least: int) -> list[Finding]:
    """Return what is wrong with published cells by themselves.

    Parameters
    ----------
    cells : mapping of str to PublishedCell
        Catalogue key -> cell.
    least : int
        Fewest people that a shown cell of these measures rests on.
    """
    return [
        Finding(rule=rule, key=key, words=words)
        for key, cell in cells.items()
        for rule, words in _broken_print_rules(cell, least).items()
    ]


def _broken_print_rules(cell: PublishedCell, least: int) -> dict[str, str]:
    hidden = cell.status in HIDDEN_STATUSES
    rules = _hidden_rules(cell) if hidden else _shown_rules(cell, least)
    return {rule: words for rule, (words, broken) in rules.items() if broken}


def _hidden_rules(cell: PublishedCell) -> dict[str, tuple[str, bool]]:
    carries = any(getattr(cell, name) is not None for name in (*NUMBERS, "step"))
    return {
        "hidden number": ("a hidden cell carries a number", carries),
        "hidden words": ("a hidden cell is not printed as hidden", cell.printed != "hidden"),
        "hidden reason": ("a hidden cell does not say why", not (cell.reason and cell.sentence)),
    }


def _shown_rules(cell: PublishedCell, least: int) -> dict[str, tuple[str, bool]]:
    people = cell.people or 0
    unanimous = bool(UNANIMOUS.match(cell.printed))
    # a threshold that is no multiple of five may be printed as the multiple just below
    few = people < least - 2
    rules = {
        "unanimous": ("printed as 0 or 100 %", unanimous),
        "people in fives": ("people or pairs are not in fives", bool(_off_five(cell))),
        "minimum size": ("shown although it rests on too few people", few),
    }
    if cell.status is CellStatus.UNDEFINED:
        numbered = cell.estimate is not None
        return rules | {"undefined": ("an undefined cell carries an estimate", numbered)}
    return rules | {"interval": ("the interval does not hold the estimate", _outside(cell))}


def _off_five(cell: PublishedCell) -> list[int]:
    return [number for number in (cell.people, cell.pairs) if number is not None and number % 5]


def _outside(cell: PublishedCell) -> bool:
    numbers = (cell.low, cell.estimate, cell.high)
    if any(number is None or np.isnan(number) for number in numbers):
        return True
    return not cell.low <= cell.estimate <= cell.high
