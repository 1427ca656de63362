"""The audit of a release: looks for what the gate promised never to let through, its own way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from disclosure.publishing import CellStatus, PublishedCell
from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity

NEGLIGIBLE = 1e-7
ZERO_WEIGHT = 1e-12
"""A direction of the cells' products below this part of the largest one is rounding."""
UNANIMOUS = re.compile(r"^(0|100)\s?%$")
HIDDEN_STATUSES = (CellStatus.SMALL, CellStatus.PROTECTS)
NUMBERS = ("estimate", "low", "high", "expected", "lottery_low", "lottery_high", "people", "pairs")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One broken promise: the rule, the cell, and words that hold no person's value."""

    rule: str
    key: str
    words: str


def audit_item(
    pattern_people: ArrayLike,
    shown_members: ArrayLike,
    thresholds: Thresholds,
    sensitivity: Sensitivity = Sensitivity.ATTITUDE,
    keys: Sequence[str] | None = None,
) -> list[Finding]:
    """Return what is wrong with the shown cells of one protected item.

    Parameters
    ----------
    pattern_people : array_like of int, shape (P,)
        People per pattern.
    shown_members : array_like of bool, shape (C, P)
        Which patterns each shown cell covers.
    thresholds : Thresholds
        What was promised.
    sensitivity : Sensitivity
        For operational items the minimum size alone was promised.
    keys : sequence of str, optional
        A name per cell for the findings.
    """
    people = np.asarray(pattern_people)
    cells = np.asarray(shown_members, dtype=bool).reshape(-1, people.size)
    cells, people = _distinct_columns(cells[:, people > 0], people[people > 0])
    names = list(keys) if keys is not None else [f"cell {n}" for n in range(len(cells))]
    findings = _too_small(people, cells, thresholds.least(sensitivity), names)
    if sensitivity is Sensitivity.OPERATIONAL or not len(cells):
        return findings
    findings += _isolated(people, cells, thresholds.effective)
    return findings + _nested(people, cells, thresholds.effective, names)


def audit_statistics(
    pattern_people: ArrayLike,
    statistics: Sequence[tuple[int, ArrayLike]],
    thresholds: Thresholds,
) -> list[Finding]:
    """Return whether several statistics of the same answers together tell too much of somebody.

    Parameters
    ----------
    pattern_people : array_like of int, shape (P,)
        People per pattern.
    statistics : sequence of (int, array_like of bool of shape (C, P))
        How many free numbers each shown cell holds, and which patterns it covers.
    thresholds : Thresholds
        What was promised: leverages add, and their sum is at most 1 over the effective group size.
    """
    people = np.asarray(pattern_people)
    parts = [np.asarray(cells, dtype=bool).reshape(-1, people.size) for _, cells in statistics]
    cells, people = _distinct_columns(np.vstack(parts)[:, people > 0], people[people > 0])
    ends = np.cumsum([len(part) for part in parts])
    split = np.split(cells, ends[:-1])
    told = sum(
        free * _leverage(people, part)
        for (free, _), part in zip(statistics, split, strict=True)
        if len(part)
    )
    patterns = int((told > 1 / thresholds.effective + NEGLIGIBLE).sum())
    if patterns == 0:
        return []
    words = (
        "means and shares of the same answers together leave somebody an effective group of fewer "
        f"than {thresholds.effective}; classes of people concerned: {patterns}"
    )
    return [Finding(rule="effective group size", key="item", words=words)]


def audit_added(
    pattern_people: ArrayLike,
    known_members: ArrayLike,
    added_members: ArrayLike,
    thresholds: Thresholds,
) -> list[Finding]:
    """Return whether added cells tell too much of somebody, beside what known ones tell already.

    Parameters
    ----------
    pattern_people : array_like of int, shape (P,)
        People per pattern.
    known_members, added_members : array_like of bool, shapes (C, P) and (D, P)
        Which patterns each cell covers: of those published by a rule of their own, whatever they
        tell, and of those that were added.
    thresholds : Thresholds
        What was promised.
    """
    people = np.asarray(pattern_people)
    known, added = (
        np.asarray(cells, dtype=bool).reshape(-1, people.size)
        for cells in (known_members, added_members)
    )
    both, people = _distinct_columns(np.vstack([known, added])[:, people > 0], people[people > 0])
    before = _leverage(people, both[: len(known)]) if len(known) else np.zeros(people.size)
    limit = np.maximum(before, 1 / thresholds.effective) + NEGLIGIBLE
    patterns = int((_leverage(people, both) > limit).sum()) if len(both) else 0
    if patterns == 0:
        return []
    words = (
        f"added to others they leave somebody an effective group of fewer than "
        f"{thresholds.effective}; classes of people concerned: {patterns}"
    )
    return [Finding(rule="effective group size", key="item", words=words)]


def _distinct_columns(
    cells: NDArray[np.bool_], people: NDArray[np.int_]
) -> tuple[NDArray[np.bool_], NDArray[np.int_]]:
    """Return the cells over people whom none of them tells apart, and how many those are."""
    packed = np.ascontiguousarray(np.packbits(cells, axis=0).T)
    if not packed.size:
        return cells, people
    as_text = packed.view(f"S{packed.shape[1]}").ravel()
    _, first, alike = np.unique(as_text, return_index=True, return_inverse=True)
    crowd = np.bincount(alike, weights=people)
    return cells[:, first], np.rint(crowd).astype(int)


def _too_small(
    people: NDArray[np.int_], cells: NDArray[np.bool_], least: int, names: list[str]
) -> list[Finding]:
    sizes = cells @ people
    words = f"shown although it covers fewer than {least} people"
    return [
        Finding(rule="minimum size", key=names[n], words=words)
        for n in np.nonzero(sizes < least)[0]
    ]


def _leverage(people: NDArray[np.int_], cells: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much the cells together tell of a person of each class, from 0 to 1."""
    # the products of cells are whole numbers, so their table is exact and small: its rows are cells
    indicators = cells.astype(float)
    weights, directions = np.linalg.eigh((indicators * people) @ indicators.T)
    kept = weights > ZERO_WEIGHT * weights.max(initial=0)
    span = directions[:, kept] / np.sqrt(weights[kept])
    return ((span.T @ indicators) ** 2).sum(axis=0)


def _isolated(people: NDArray[np.int_], cells: NDArray[np.bool_], effective: int) -> list[Finding]:
    patterns = int((_leverage(people, cells) > 1 / effective + NEGLIGIBLE).sum())
    if patterns == 0:
        return []
    words = (
        f"all shown cells together leave somebody an effective group of fewer than {effective}; "
        f"classes of people concerned: {patterns}"
    )
    return [Finding(rule="effective group size", key="item", words=words)]


def _nested(
    people: NDArray[np.int_], cells: NDArray[np.bool_], effective: int, names: list[str]
) -> list[Finding]:
    sizes = cells @ people
    common = (cells * people.astype(float)) @ cells.T.astype(float)
    difference = sizes[None, :] - sizes[:, None]
    inside = common == sizes[:, None]
    wrong = inside & (difference > 0) & (difference < effective)
    words = f"differs from the cell inside it by fewer than {effective} people"
    return [
        Finding(rule="nested cells", key=f"{names[inner]} in {names[outer]}", words=words)
        for inner, outer in np.argwhere(wrong)
    ]


def audit_matrix(
    people: NDArray[np.int_],
    distinct_pairs: NDArray[np.int_],
    largest_share: NDArray[np.float64],
    shown: NDArray[np.bool_],
    own_shown: NDArray[np.bool_],
    thresholds: Thresholds,
) -> list[Finding]:
    """Return what is wrong with the shown cells of one group by group table.

    Shapes and meanings are those of `disclosure.matrix.PairTable`; ``shown`` is symmetric.
    """
    cells = [(g, h) for g in range(len(people)) for h in range(g, len(people))]
    findings = []
    for g, h in cells:
        if shown[g, h]:
            findings += _unfit(people, distinct_pairs, largest_share, (g, h), thresholds)
            if not (own_shown[g] and own_shown[h]):
                words = "shown although the own number of one of its groups is not"
                findings.append(Finding(rule="own number", key=f"{g} x {h}", words=words))
    return findings + _solvable(cells, shown, own_shown)


def _unfit(
    people: NDArray[np.int_],
    distinct_pairs: NDArray[np.int_],
    largest_share: NDArray[np.float64],
    cell: tuple[int, int],
    thresholds: Thresholds,
) -> list[Finding]:
    g, h = cell
    if g == h:
        enough = people[g, g] >= max(2 * thresholds.side, thresholds.people)
    else:
        smaller = min(people[g, h], people[h, g])
        enough = smaller >= thresholds.side and people[g, h] + people[h, g] >= thresholds.people
    broken = {
        "people on each side": not enough,
        "distinct pairs": distinct_pairs[g, h] < thresholds.distinct_pairs,
        "largest person": not largest_share[g, h] <= thresholds.largest_share,
    }
    words = "shown although the cell breaks this rule"
    return [
        Finding(rule=rule, key=f"{g} x {h}", words=words) for rule, bad in broken.items() if bad
    ]


def _solvable(
    cells: list[tuple[int, int]], shown: NDArray[np.bool_], own_shown: NDArray[np.bool_]
) -> list[Finding]:
    """Find hidden cells that least squares recovers from everything that a reader may know."""
    known = _known_equations(cells, shown, own_shown)
    findings = []
    for n, (g, h) in enumerate(cells):
        if shown[g, h] or (g == h and own_shown[g]):
            continue
        unit = np.eye(len(cells))[n]
        combination = np.linalg.lstsq(known.T, unit, rcond=None)[0]
        if np.linalg.norm(known.T @ combination - unit) < NEGLIGIBLE:
            words = "hidden, but follows from shown cells and the groups' totals"
            findings.append(Finding(rule="solvable cell", key=f"{g} x {h}", words=words))
    return findings


def _known_equations(
    cells: list[tuple[int, int]], shown: NDArray[np.bool_], own_shown: NDArray[np.bool_]
) -> NDArray[np.float64]:
    rows = [[float(cell == other) for other in cells] for cell in cells if shown[cell]]
    for g in range(len(own_shown)):
        rows.append([float((a == g) + (b == g)) for a, b in cells])
        if own_shown[g]:
            rows.append([float((a == g) != (b == g)) for a, b in cells])
    return np.array(rows)


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
