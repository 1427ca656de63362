"""The tables in which the store keeps account of its imports."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Table

from schema import UtcTimestamp
from schema.columns import IDENTIFIER_LENGTH, TEXT_LENGTH

METADATA = MetaData()

RUN_STATES = ("running", "ok", "refused", "abandoned")

IMPORT_RUN = Table(
    "import_run",
    METADATA,
    Column("run_id", String(IDENTIFIER_LENGTH), primary_key=True),
    Column("source", String(TEXT_LENGTH), nullable=False),
    Column("content_hash", String(64)),
    Column("started_at", UtcTimestamp(), nullable=False),
    Column("ended_at", UtcTimestamp()),
    Column("status", String(IDENTIFIER_LENGTH), nullable=False),
    Column("n_read", BigInteger),
    Column("n_new", BigInteger),
    Column("n_changed", BigInteger),
    Column("n_same", BigInteger),
    Column("n_rejected", BigInteger),
)
"""One row an import, refused ones too; ``running`` beside no living import means a crash."""

IMPORT_REJECT = Table(
    "import_reject",
    METADATA,
    Column("run_id", String(IDENTIFIER_LENGTH), nullable=False),
    Column("table_name", String(TEXT_LENGTH), nullable=False),
    Column("row_number", BigInteger),
    Column("column_name", String(TEXT_LENGTH), nullable=False),
    Column("code", String(IDENTIFIER_LENGTH), nullable=False),
    Column("message", String(), nullable=False),
)
"""Why rows were refused; holds no person's value."""
