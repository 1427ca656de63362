"""Numbers of people that differ from others by leading zeros alone, as a spreadsheet cuts them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from pandas import DataFrame, Series

from connectors.identity import Pseudonyms

NUMBER = r"^\d{1,8}$"
LONGEST = 8
LOOKED_AT = 2_000
"""Different numbers that are looked at: enough for a hint, which names none of them."""
COLUMNS = ("person_id", "alias")


def within(cells: Series) -> int:
    """Return how many cells have leading zeros and stand in the same column without them too."""
    padded = cells[cells.str.match(r"^0+\d+$").astype(bool)]
    return int(padded.str.lstrip("0").isin(set(cells)).sum())


def variants(cells: Series, pseudonyms: Pseudonyms) -> DataFrame:
    """Return what each number would be with more or fewer zeros in front.

    Columns: person_id (the pseudonym of the number as it stands there), alias (that of the other
    form). No number leaves this function.
    """
    unique = Series(cells.unique(), dtype="str")
    given = unique[unique.str.match(NUMBER).astype(bool)].head(LOOKED_AT)
    pairs = [(number, other) for number in given for other in _others(number)]
    frame = DataFrame(pairs, columns=list(COLUMNS), dtype="str")
    return frame.apply(pseudonyms.of) if pairs else frame


def _others(number: str) -> Iterator[str]:
    plain = number.lstrip("0")
    forms = {plain, *(plain.zfill(length) for length in range(len(plain) + 1, LONGEST + 1))}
    yield from sorted(forms - {number, ""})


def nothing() -> DataFrame:
    """Return no variants."""
    return pd.DataFrame(columns=list(COLUMNS), dtype="str")
