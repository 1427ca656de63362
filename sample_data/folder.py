"""A folder of canonical files, one a table, as an importer would receive it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Boolean, Date, DateTime, Double, Integer

from schema import CANONICAL

KEY_ENCODING = "DELTA_BYTE_ARRAY"
FEW_VALUES = 4096


def write_folder(tables: Mapping[str, pd.DataFrame], folder: Path, kind: str) -> None:
    """Write every table as ``<table>.csv`` or ``<table>.parquet``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        if kind == "csv":
            _text(name, frame).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        else:
            _write_parquet(name, frame, folder / f"{name}.parquet")


def _write_parquet(name: str, frame: pd.DataFrame, file: Path) -> None:
    """Write compactly: long keys by their difference from the row above, words as numbers."""
    words = [c for c in frame if frame[c].dtype == "str"]
    long_keys = [c for c in words if frame[c].nunique() > FEW_VALUES]
    table = pa.Table.from_pandas(frame, schema=_arrow_schema(name), preserve_index=False)
    pq.write_table(
        table.replace_schema_metadata(None),
        file,
        compression="zstd",
        compression_level=9,
        use_dictionary=[c for c in frame if c not in long_keys],
        column_encoding=dict.fromkeys(long_keys, KEY_ENCODING),
    )


def _arrow_schema(name: str) -> pa.Schema:
    columns = [c for c in CANONICAL[name].columns if not c.info.get("lineage")]
    return pa.schema([(column.name, _arrow_type(column.type)) for column in columns])


def _arrow_type(kind: object) -> pa.DataType:
    if isinstance(kind, Boolean):
        return pa.bool_()
    if isinstance(kind, Integer):
        return pa.int64()
    if isinstance(kind, Double):
        return pa.float64()
    if isinstance(kind, Date):
        return pa.timestamp("ms")
    if isinstance(getattr(kind, "impl", kind), DateTime):
        return pa.timestamp("ms", tz="UTC")
    return pa.string()


def _text(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is written in CSV: whole numbers whole, instants with their offset."""
    result = frame.copy()
    for column in CANONICAL[name].columns:
        if isinstance(column.type, Integer) and not isinstance(column.type, Boolean):
            result[column.name] = frame[column.name].astype("Int64")
        elif isinstance(column.type, Date):
            result[column.name] = frame[column.name].dt.strftime("%Y-%m-%d")
        elif isinstance(getattr(column.type, "impl", column.type), DateTime):
            result[column.name] = frame[column.name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return result
