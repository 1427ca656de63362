"""The tables in which the store keeps account of its imports."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Table

from schema import UtcTimestamp
from schema.columns import IDENTIFIER_LENGTH, TEXT_LENGTH

METADATA = MetaData()

RUN_STATES = ("running", "ok", "refused", "abandoned", "undone")

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

SOURCE_STATE = Table(
    "source_state",
    METADATA,
    Column("source", String(IDENTIFIER_LENGTH), primary_key=True),
    Column("state", String(), nullable=False),
    Column("written_at", UtcTimestamp(), nullable=False),
)
"""What each source remembers until its next run: cursor, etag, last instant, as JSON."""

PERSON_ALIAS = Table(
    "person_alias",
    METADATA,
    Column("alias", String(IDENTIFIER_LENGTH), primary_key=True),
    Column("person_id", String(IDENTIFIER_LENGTH), nullable=False),
    Column("kind", String(IDENTIFIER_LENGTH), nullable=False),
    Column("source", String(TEXT_LENGTH), nullable=False),
    Column("run_id", String(IDENTIFIER_LENGTH), nullable=False),
)
"""Under which keyed pseudonyms or earlier keys a person comes in; the one place that links them."""

PERSON_IDENTIFIER = Table(
    "person_identifier",
    METADATA,
    Column("alias", String(IDENTIFIER_LENGTH), primary_key=True),
    Column("person_id", String(IDENTIFIER_LENGTH), primary_key=True),
    Column("source", String(TEXT_LENGTH), nullable=False),
    Column("run_id", String(IDENTIFIER_LENGTH), nullable=False),
)
"""Further identifiers of a person, as keyed pseudonyms: they decide nothing, and suggest who may be
one person."""

TOMBSTONE = Table(
    "tombstone",
    METADATA,
    Column("alias_hash", String(64), primary_key=True),
    Column("salt", String(64), nullable=False),
    Column("erased_at", UtcTimestamp(), nullable=False),
)
"""Whom the next file must not bring back: salted hashes of their aliases, and nothing else."""

OPT_OUT = Table(
    "opt_out",
    METADATA,
    Column("person_id", String(IDENTIFIER_LENGTH), primary_key=True),
    Column("purpose", String(IDENTIFIER_LENGTH), primary_key=True),
)
"""Who objects to which purpose; imports leave out what would serve it."""

IMPORT_UNDO = Table(
    "import_undo",
    METADATA,
    Column("run_id", String(IDENTIFIER_LENGTH), nullable=False),
    Column("table_name", String(TEXT_LENGTH), nullable=False),
)
"""The import that can be undone, and the tables of which it replaced rows."""
