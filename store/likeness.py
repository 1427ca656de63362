"""People who look like one: an identifier of one of them is an identifier of another too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

import pyarrow as pa
from pandas import DataFrame
from sqlalchemy import Connection, Engine, exists, func, insert, select, union

from schema import CANONICAL
from store.database import connected, prepare
from store.loading import load_stage
from store.operations import IMPORT_RUN, PERSON_ALIAS, PERSON_IDENTIFIER

ARROW_TEXT = pa.large_string()


@dataclass(frozen=True)
class Alike:
    """Two people who look like one.

    Attributes
    ----------
    kept, other : str
        Keys in the store; the one that came in first is the one to keep.
    kept_source, other_source : str
        Which import brought them last.
    """

    kept: str
    other: str
    kept_source: str
    other_source: str


def remember_identifiers(
    connection: Connection,
    identifiers: DataFrame,
    people: Mapping[str, str],
    source: str,
    run_id: str,
) -> None:
    """Write down further identifiers of people whom the store holds.

    ``identifiers`` has ``person_id``, ``alias`` and ``row_number``, both keys as they come in.
    """
    pairs = identifiers.assign(person_id=[people.get(k, k) for k in identifiers["person_id"]])
    pairs = pairs.drop_duplicates(["alias", "person_id"])
    texts = {name: pa.array(pairs[name], ARROW_TEXT) for name in ("alias", "person_id")}
    constant = {"source": source, "run_id": run_id}
    lineage = {n: pa.repeat(pa.scalar(v, ARROW_TEXT), len(pairs)) for n, v in constant.items()}
    numbers = pa.array(pairs["row_number"], pa.int64())
    stage = load_stage(
        connection, PERSON_IDENTIFIER, pa.table({**texts, **lineage, "row_number": numbers})
    )
    there, person = PERSON_IDENTIFIER.c, CANONICAL["person"].c
    known = exists().where(person.person_id == stage.c.person_id)
    written = exists().where(there.alias == stage.c.alias, there.person_id == stage.c.person_id)
    names = [column.name for column in there]
    rows = select(*(stage.c[name] for name in names)).where(known, ~written)
    connection.execute(insert(PERSON_IDENTIFIER).from_select(names, rows))
    stage.drop(connection, checkfirst=False)


def people_alike(engine: Engine) -> list[Alike]:
    """Return the pairs that share an identifier; one that more than two have says nothing."""
    prepare(engine)
    with connected(engine) as connection:
        pairs = [_pair(list(rows)) for _, rows in groupby(_shared(connection), lambda r: r[0])]
    return list(dict.fromkeys(pairs))


def _shared(connection: Connection) -> list[tuple[str, str, str]]:
    """Return alias, person and source where exactly two people share one, the earlier first."""
    either = union(
        *(select(t.c.alias, t.c.person_id) for t in (PERSON_IDENTIFIER, PERSON_ALIAS))
    ).subquery()
    two = select(either.c.alias).group_by(either.c.alias).having(func.count() == 2)
    person, run = CANONICAL["person"], IMPORT_RUN
    rows = (
        select(either.c.alias, person.c.person_id, run.c.source)
        .join(person, person.c.person_id == either.c.person_id)
        .outerjoin(run, run.c.run_id == person.c.run_id)
        .where(either.c.alias.in_(two))
        .order_by(either.c.alias, run.c.started_at, person.c.person_id)
    )
    return [tuple(row) for row in connection.execute(rows)]


def _pair(rows: list[tuple[str, str, str]]) -> Alike:
    (_, kept, one), (_, other, two) = rows
    return Alike(kept, other, one or "", two or "")
