"""Put a frame of canonical rows, each with its hash, into a temporary table, fast."""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pandas import DataFrame
from pyarrow import csv
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    text,
)
from sqlalchemy.exc import DBAPIError

from schema import UtcTimestamp

TEXT = pa.large_string()
ARROW_TYPES = (
    (UtcTimestamp, pa.timestamp("us", "UTC")),
    (Boolean, pa.bool_()),
    (Date, pa.date32()),
    (Integer, pa.int32()),
    (Double, pa.float64()),
    (String, TEXT),
)
CHUNK = 20_000
SEPARATOR, MISSING = "\x1f", "\x00"


def canonical_rows(target: Table, frame: DataFrame, run_id: str) -> pa.Table:
    """Return the frame as the target's columns, lineage filled in, and ``row_number``.

    The hash is SHA-256 of the row's values as text, in declared order: the same for every source
    and every engine. Raises ValueError, without naming a value, for a frame that does not fit.
    """
    content = [c for c in target.columns if not c.info.get("lineage")]
    arrays = {c.name: _array(c, frame) for c in content}
    numbers = frame["row_number"] if "row_number" in frame else np.arange(1, len(frame) + 1)
    hashes = _hashes(list(arrays.values()))
    runs = pa.repeat(pa.scalar(run_id, TEXT), len(frame))
    lineage = {"run_id": runs, "row_hash": hashes, "row_number": pa.array(numbers, pa.int64())}
    return pa.table({**arrays, **lineage})


def _array(declared: Column, frame: DataFrame) -> pa.Array:
    kind = next(arrow for kind, arrow in ARROW_TYPES if isinstance(declared.type, kind))
    where = f"{declared.table.name}.{declared.name}"
    if declared.name not in frame:
        raise ValueError(f"{where}: the column is missing from the frame")
    try:
        array = pa.array(frame[declared.name], type=kind, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError):
        raise ValueError(f"{where}: the values are not of type {kind}") from None
    if array.null_count and not declared.nullable:
        raise ValueError(f"{where}: a value is missing")
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    # stored without zone: everything in the store is UTC
    return array.cast(pa.timestamp("us")) if pa.types.is_timestamp(kind) else array


def _hashes(arrays: list[pa.Array]) -> pa.ChunkedArray:
    # piece by piece: as Python's texts, all rows at once would take ten times their size
    starts = range(0, len(arrays[0]), CHUNK)
    pieces = [_hashes_of([array[start : start + CHUNK] for array in arrays]) for start in starts]
    return pa.chunked_array(pieces, TEXT)


def _hashes_of(arrays: list[pa.Array]) -> pa.Array:
    texts = [array.cast(TEXT) for array in arrays]
    separator = pa.scalar(SEPARATOR, TEXT)
    rows = pc.binary_join_element_wise(
        *texts, separator, null_handling="replace", null_replacement=MISSING
    )
    return pa.array([sha256(row.encode()).hexdigest() for row in rows.to_pylist()], TEXT)


def load_stage(connection: Connection, target: Table, rows: pa.Table) -> Table:
    """Create a temporary table like the target, with ``row_number``, and fill it."""
    stage = make_stage(connection, target)
    add_rows(connection, stage, rows)
    end_stage(connection, stage)
    return stage


def make_stage(connection: Connection, target: Table) -> Table:
    """Create an empty temporary table like the target, with ``row_number``."""
    # without an index SQLite compares every row with every row; the others join by hash. With the
    # row's number a key may stand there twice, as one that two parts bring may for a while
    indexed = connection.dialect.name == "sqlite"
    stage = Table(
        f"stage_{target.name}",
        MetaData(),
        *(Column(c.name, c.type, primary_key=indexed and c.primary_key) for c in target.columns),
        Column("row_number", BigInteger, primary_key=indexed, autoincrement=False),
        prefixes=["TEMPORARY"],
    )
    stage.create(connection, checkfirst=False)
    return stage


def add_rows(connection: Connection, stage: Table, rows: pa.Table) -> None:
    """Put rows into a temporary table, beside those that are there."""
    if connection.dialect.name == "duckdb":
        _load_arrow(connection, stage, rows)
    elif connection.dialect.driver == "psycopg":
        _load_copy(connection, stage, rows)
    else:
        _load_chunks(connection, stage, rows)


def end_stage(connection: Connection, stage: Table) -> None:
    """Make a temporary table ready for the merge, once every row is there."""
    if connection.dialect.name == "postgresql":
        # a temporary table has no statistics of its own, and the merge joins by them
        quote = connection.dialect.identifier_preparer.quote
        connection.execute(text(f"ANALYZE {quote(stage.name)}"))


def _load_arrow(connection: Connection, stage: Table, rows: pa.Table) -> None:
    raw = connection.connection.dbapi_connection
    names = [column.name for column in stage.columns]
    try:
        # not as a registered view: DuckDB holds on to one, and all its rows, until the commit
        raw.from_arrow(rows.select(names)).insert_into(stage.name)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError(None, None, error) from None


def _load_copy(connection: Connection, stage: Table, rows: pa.Table) -> None:
    # in CSV, null is an empty cell and the empty text a quoted one: both come back as they were
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in rows.column_names)
    statement = f"COPY {quote(stage.name)} ({names}) FROM STDIN (FORMAT csv)"
    layout = csv.WriteOptions(include_header=False, quoting_style="needed")
    with connection.connection.dbapi_connection.cursor().copy(statement) as copy:
        for batch in rows.to_batches(max_chunksize=CHUNK):
            cells = pa.BufferOutputStream()
            csv.write_csv(batch, cells, layout)
            copy.write(cells.getvalue().to_pybytes())


def _load_chunks(connection: Connection, stage: Table, rows: pa.Table) -> None:
    instants = [c.name for c in stage.columns if isinstance(c.type, UtcTimestamp)]
    for batch in rows.to_batches(max_chunksize=CHUNK):
        records = batch.to_pylist()
        for name in instants:
            for record in records:
                moment = record[name]
                record[name] = None if moment is None else moment.replace(tzinfo=UTC)
        connection.execute(insert(stage), records)
