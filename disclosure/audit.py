"""The audit of a release: looks for what the gate promised never to let through, its own way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from disclosure.thresholds import Thresholds
from metrics.definition import Sensitivity

NEGLIGIBLE = 1e-7
ZERO_WEIGHT = 1e-12
"""A direction of the cells' products below this part of the largest one is rounding."""


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
    limit = 1 / thresholds.effective
    who = "means and shares of the same answers together"
    return _singled_out(told > limit + NEGLIGIBLE, who, thresholds.effective)


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
    told = _leverage(people, both) if len(both) else before
    return _singled_out(told > limit, "cells added to others", thresholds.effective)


def _singled_out(classes: NDArray[np.bool_], who: str, effective: int) -> list[Finding]:
    """Return that cells tell too much of some classes of people, if there are any."""
    number = int(np.sum(classes))
    words = (
        f"{who} leave somebody an effective group of fewer than {effective}; classes of people "
        f"concerned: {number}"
    )
    return [Finding(rule="effective group size", key="item", words=words)] if number else []


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
    too_much = _leverage(people, cells) > 1 / effective + NEGLIGIBLE
    return _singled_out(too_much, "all shown cells together", effective)


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
