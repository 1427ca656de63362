"""What each purpose that a person can object to is made of, and frames without it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pandas import DataFrame, Series
from sqlalchemy import Connection, select

from store.operations import OPT_OUT


@dataclass(frozen=True)
class Place:
    """A column that names a person for a purpose.

    Attributes
    ----------
    table, column : str
        Where it stands.
    kept : bool
        True where the row stays without the person.
    parts, key : str
        Table of what belongs to a row and goes with it, and the column that both share.
    """

    table: str
    column: str = "person_id"
    kept: bool = False
    parts: str = ""
    key: str = ""


PURPOSES: dict[str, tuple[Place, ...]] = {
    "connection": (
        Place("match_member"),
        Place("match_pool"),
        Place("conversation_participant", kept=True),
    ),
    "groups": (Place("person_attribute"),),
    "skills": (Place("skill_rating"),),
    "survey": (Place("response", parts="answer", key="response_id"),),
}
"""Who met whom; gender, function and their like; ratings of skills; answers to questionnaires."""


def somebody_objects(connection: Connection) -> bool:
    """Tell whether anybody is kept out of any purpose."""
    return connection.scalar(select(OPT_OUT.c.purpose).limit(1)) is not None


@dataclass
class Withholding:
    """Leaves out of an import what people object to.

    Attributes
    ----------
    rows : dict of str to int
        Rows left out so far, by table.
    """

    people: dict[str, set[str]]
    rows: dict[str, int] = field(default_factory=dict)
    _gone: dict[str, set[str]] = field(default_factory=dict, repr=False)

    def without(self, table: str, frame: DataFrame) -> DataFrame:
        """Return a table's rows without what is objected to; people have the store's keys."""
        for key in [key for part, key in self._parts() if part == table]:
            frame = self._left_out(table, frame, frame[key].isin(self._gone.get(table, set())))
        for purpose, people in self.people.items():
            for place in PURPOSES[purpose]:
                if place.table == table:
                    frame = self._applied(place, frame, people)
        return frame

    def _parts(self) -> list[tuple[str, str]]:
        places = (place for purpose in self.people for place in PURPOSES[purpose])
        return [(place.parts, place.key) for place in places if place.parts]

    def _applied(self, place: Place, frame: DataFrame, people: set[str]) -> DataFrame:
        rows = frame[place.column].isin(people)
        if not rows.any():
            return frame
        if place.kept:
            own = frame[place.column]
            return frame.assign(**{place.column: own.mask(rows).astype(own.dtype)})
        if place.parts:
            self._gone.setdefault(place.parts, set()).update(frame.loc[rows, place.key])
        return self._left_out(place.table, frame, rows)

    def _left_out(self, table: str, frame: DataFrame, rows: Series) -> DataFrame:
        if not rows.any():
            return frame
        self.rows[table] = self.rows.get(table, 0) + int(rows.sum())
        return frame[~rows]


def read_withholding(connection: Connection) -> Withholding:
    """Return what the people in the store object to."""
    people: dict[str, set[str]] = {}
    for person, purpose in connection.execute(select(OPT_OUT.c.person_id, OPT_OUT.c.purpose)):
        people.setdefault(purpose, set()).add(person)
    return Withholding(people)
