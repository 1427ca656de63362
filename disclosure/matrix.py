"""Which cells of a group by group table may be shown, and what else must then be hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds

SOLVABLE = 1e-9

Verdicts = NDArray[np.object_]


@dataclass(frozen=True, kw_only=True)
class PairTable:
    """What the rule must know of one group by group table.

    Attributes
    ----------
    people : ndarray of int, shape (K, K)
        ``people[g, h]``: distinct people of g who met somebody of h; the diagonal holds the
        distinct people who met somebody of their own group.
    distinct_pairs : ndarray of int, shape (K, K)
        Distinct pairs of people per cell, symmetric.
    largest_share : ndarray of float, shape (K, K)
        Largest share of a cell's pairings that one person takes part in, symmetric; NaN or 0
        where there is no pairing.
    own_shown : ndarray of bool, shape (K,)
        Whether the group's own number (its share of contacts outside the group) is shown.
    """

    people: NDArray[np.int_]
    distinct_pairs: NDArray[np.int_]
    largest_share: NDArray[np.float64]
    own_shown: NDArray[np.bool_]

    def __post_init__(self) -> None:
        size = self.own_shown.size
        if size < 2:
            raise ValueError("a group by group table needs at least two groups")
        for name in ("people", "distinct_pairs", "largest_share"):
            if getattr(self, name).shape != (size, size):
                raise ValueError(f"{name} must have {size} rows and columns, one per group")


@dataclass(frozen=True, kw_only=True)
class MatrixVerdicts:
    """The verdicts on one table.

    Attributes
    ----------
    cells : ndarray of Verdict, shape (K, K)
        Symmetric.
    own_shown : ndarray of bool, shape (K,)
        Which groups' own numbers may stay. A number is withdrawn only where the groups' own
        numbers would by themselves give a hidden cell away, which happens with two or three groups.
    """

    cells: Verdicts
    own_shown: NDArray[np.bool_]


def cell_verdicts(table: PairTable, thresholds: Thresholds) -> Verdicts:
    """Return the verdict on each cell by itself.

    Shown are cells with enough people on each side and in all, enough distinct pairs, nobody in
    more than ``largest_share`` of the pairings, and both groups' own numbers shown. Counting
    conversations alone would show cells with a side of one person.
    """
    within = np.eye(table.own_shown.size, dtype=bool)
    one_side = np.minimum(table.people, table.people.T)
    in_all = np.where(within, table.people, table.people + table.people.T)
    side = np.where(within, 2 * thresholds.side, thresholds.side)
    large = (one_side >= side) & (in_all >= thresholds.people)
    large &= table.distinct_pairs >= thresholds.distinct_pairs
    shared = np.nan_to_num(table.largest_share, nan=1.0) <= thresholds.largest_share
    both_shown = np.logical_and.outer(table.own_shown, table.own_shown)
    verdicts = np.full(within.shape, Verdict.SHOWN, dtype=object)
    verdicts[~(shared & both_shown)] = Verdict.PROTECTS
    verdicts[~large] = Verdict.SMALL
    return verdicts


def matrix_verdicts(
    table: PairTable, thresholds: Thresholds, admitted: NDArray[np.bool_] | None = None
) -> MatrixVerdicts:
    """Return the verdicts on all cells of a table, with whatever else must be hidden.

    The total of every group is taken as known to the reader, and so is the split of it into
    contacts inside and outside where the group's own number is shown. Further cells are hidden,
    those with the fewest distinct pairs first, until

    - no hidden cell follows from shown cells, totals and splits by solving equations, and
    - the hidden cells of a row that also has shown cells together pass the rule of one cell,
      because their sum follows from the row's total.

    The inside cell of a group whose own number is shown is not counted as hidden: that number
    tells it already, in steps of five people, and has passed the gate itself.

    Parameters
    ----------
    table : PairTable
        The table.
    thresholds : Thresholds
        What must hold.
    admitted : ndarray of bool, shape (K, K), optional
        Cells that a `Gate` over several tables admitted (a whole and its parts share pairs).
    """
    verdicts = cell_verdicts(table, thresholds)
    if admitted is not None:
        verdicts[(verdicts == Verdict.SHOWN) & ~(admitted & admitted.T)] = Verdict.PROTECTS
    own_shown = table.own_shown.copy()
    while (rows := _rows_in_trouble(table, verdicts, own_shown, thresholds)).any():
        cell = _next_to_hide(table, verdicts, own_shown, rows)
        if cell is None:
            _withdraw(table, verdicts, own_shown, rows)
        else:
            verdicts[cell] = verdicts[cell[::-1]] = Verdict.PROTECTS
    return MatrixVerdicts(cells=verdicts, own_shown=own_shown)


def _unknown_cells(verdicts: Verdicts, own_shown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which cells the reader does not know, symmetric."""
    unknown = verdicts != Verdict.SHOWN
    return unknown & ~np.diag(own_shown)


def _rows_in_trouble(
    table: PairTable, verdicts: Verdicts, own_shown: NDArray[np.bool_], thresholds: Thresholds
) -> NDArray[np.bool_]:
    """Return the groups of which a cell, or a sum of too few people, can be worked out."""
    unknown = _unknown_cells(verdicts, own_shown)
    return _rows_with_solvable_cell(unknown) | _rows_with_small_rest(table, unknown, thresholds)


def _rows_with_solvable_cell(unknown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    left, right = np.nonzero(np.triu(unknown))
    size, cells = unknown.shape[0], np.arange(left.size)
    equations = np.zeros((size, left.size))
    equations[left, cells] += 1
    equations[right, cells] += 1  # a pairing inside a group counts for both its people
    _, weights, directions = np.linalg.svd(equations, full_matrices=False)
    span = directions[weights > SOLVABLE]
    solvable = 1 - (span**2).sum(axis=0) < SOLVABLE
    rows = np.zeros(size, dtype=bool)
    rows[left[solvable]] = rows[right[solvable]] = True
    return rows


def _rows_with_small_rest(
    table: PairTable, unknown: NDArray[np.bool_], thresholds: Thresholds
) -> NDArray[np.bool_]:
    """Return the groups whose unknown cells together would not pass the rule of one cell."""
    partners = np.where(unknown, table.people.T, 0).sum(axis=1)
    own_people = np.where(unknown, table.people, 0).max(axis=1, initial=0)
    pairs = np.where(unknown, table.distinct_pairs, 0).sum(axis=1)
    small = (np.minimum(partners, own_people) < thresholds.side) | (
        pairs < thresholds.distinct_pairs
    )
    inside = np.eye(unknown.shape[0], dtype=bool)
    some_left = (~unknown & ~inside).any(axis=1)
    return small & some_left & unknown.any(axis=1)


def _next_to_hide(
    table: PairTable, verdicts: Verdicts, own_shown: NDArray[np.bool_], rows: NDArray[np.bool_]
) -> tuple[int, int] | None:
    """Return the shown cell with the fewest distinct pairs, in the rows in trouble if possible."""
    hideable = (verdicts == Verdict.SHOWN) & ~np.diag(own_shown)
    near = hideable & (rows[:, None] | rows[None, :])
    left, right = np.nonzero(np.triu(near if near.any() else hideable))
    if left.size == 0:
        return None
    smallest = np.argmin(table.distinct_pairs[left, right])
    return int(left[smallest]), int(right[smallest])


def _withdraw(
    table: PairTable, verdicts: Verdicts, own_shown: NDArray[np.bool_], rows: NDArray[np.bool_]
) -> None:
    """Hide the own number, and with it all cells, of the group with the fewest distinct pairs."""
    candidates = np.nonzero(own_shown & rows if (own_shown & rows).any() else own_shown)[0]
    group = candidates[np.argmin(table.distinct_pairs[candidates].sum(axis=1))]
    own_shown[group] = False
    for cells in (verdicts[group, :], verdicts[:, group]):
        cells[cells == Verdict.SHOWN] = Verdict.PROTECTS
