"""Count gaps between people alike anew, from rows instead of tables, and compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from disclosure.audit import Finding
from metrics.equity.gap import FEWEST_IN_STRATUM
from release import Cell

ALIKE = "equity_gap_adjusted"
STANDARDISED = "equity_gap_standardised"
FLOATING_POINT = 1e-4
KEYS = ["outcome_code", "attribute_no", "programme_no", "set_no", "place_no"]
Spot = tuple[str, int, int, int]
"""Outcome, attribute, programme (0: all) and group."""


def audit_alike(
    cells: Mapping[Spot, list[Cell]], alone: pd.DataFrame, offers: pd.DataFrame
) -> Iterator[Finding]:
    """Yield gaps between people alike whose interval does not hold the value counted anew.

    Parameters
    ----------
    cells : mapping
        The published gaps by what they are about.
    alone : DataFrame
        Rows of `store.equity.group_sums` with the place of each attribute.
    offers : DataFrame
        The same columns of offers, whose pool of partners stands in ``place_no``; of programmes
        alone.
    """
    counted = pd.concat([_gaps(frame) for frame in (alone, offers) if len(frame)])
    for spot, published in cells.items():
        for cell in published:
            if not cell.is_drawn:
                continue
            exact = counted[cell.measure].get(spot, float("nan"))
            if not cell.low - FLOATING_POINT <= exact <= cell.high + FLOATING_POINT:
                key = " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group))
                words = "a gap between people alike outside its own interval"
                yield Finding(rule="wrong number", key=key, words=words)


def _gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return both averages of the gaps within strata, by `Spot`."""
    sums = ["people", "d", "x"]
    rows = frame[[*KEYS, "group_no", *sums]].groupby([*KEYS, "group_no"], as_index=False).sum()
    rest = rows.groupby(KEYS)[sums].transform("sum") - rows[sums]
    counts = (rows["people"] >= FEWEST_IN_STRATUM) & (rest["people"] >= FEWEST_IN_STRATUM)
    counts &= (rows["d"] > 0) & (rest["d"] > 0)
    d, others = rows["d"], rest["d"]
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = rows["x"] / d - rest["x"] / others
    weights = {ALIKE: d * others / (d + others), STANDARDISED: d + others}
    parts = {
        name: part[counts]
        for key, weight in weights.items()
        for name, part in ((f"{key} gap", weight * gap), (f"{key} weight", weight))
    }
    kept = rows.loc[counts, [*KEYS, "group_no"]].assign(**parts)
    # people are counted over all programmes already, offers are those of each of them
    is_counted = (frame["programme_no"] == 0).any()
    both = kept if is_counted else pd.concat([kept, kept.assign(programme_no=0)])
    names = [name for key in weights for name in (f"{key} gap", f"{key} weight")]
    keys = ["outcome_code", "attribute_no", "programme_no", "group_no"]
    total = both.groupby(keys)[names].sum()
    return pd.DataFrame({key: total[f"{key} gap"] / total[f"{key} weight"] for key in weights})
