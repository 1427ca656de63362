"""A slow function applied to each different cell of a column once."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
from pandas import Series

TEXT = pa.large_string()


def arrow_of(cells: Series) -> pa.Array:
    """Return a column of text as one Arrow array; what is missing is null."""
    array = pa.array(cells, TEXT, from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def series_of(array: pa.Array, like: Series) -> Series:
    """Return an Arrow array as text, with the index of another column."""
    return Series(array.to_pandas().array, index=like.index, dtype="str")


def each_once(cells: Series, replace: Callable[[str], str | None]) -> Series:
    """Return what a function makes of each cell; what is missing stays so."""
    encoded = arrow_of(cells).dictionary_encode()
    made = pa.array([replace(cell) for cell in encoded.dictionary.to_pylist()], TEXT)
    return series_of(made.take(encoded.indices), cells)
