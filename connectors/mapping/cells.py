"""A column's cells as they are compared: visible signs only, no blanks around."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas import Series

from connectors.conversion import visible


def cleaned(column: pa.Array, missing: Sequence[str]) -> Series:
    """Return the cells as text; words that stand for nothing are the empty text."""
    spaced = pc.replace_substring_regex(visible(column), "[\u00a0\u202f]", " ")
    cells = pd.Series(pc.utf8_trim_whitespace(spaced).to_pandas(), dtype="str")
    return cells.mask(cells.isin(missing), "") if missing else cells
