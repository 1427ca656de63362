"""How a new file of people differs from the known ones: whom it leaves out, and who moved."""

from __future__ import annotations

from dataclasses import dataclass

from pandas import DataFrame
from sqlalchemy import Engine, or_, select

from schema import CANONICAL
from store.aliases import read_aliases
from store.database import connected, prepare

SHARE_ASKED_ABOUT = 0.2


@dataclass(frozen=True)
class Absence:
    """People of the organisations that a file is about.

    Attributes
    ----------
    known : int
        Those in the store.
    absent : int
        Those of them who are not in the file.
    """

    known: int
    absent: int

    @property
    def asks(self) -> bool:
        """Tell whether so many are absent that somebody should say what the file is."""
        return self.absent > SHARE_ASKED_ABOUT * self.known


def absent_people(engine: Engine, people: DataFrame | None) -> Absence:
    """Return who is absent from a frame of people; a frame without rows says nothing of anybody."""
    if people is None or people.empty:
        return Absence(0, 0)
    prepare(engine)
    person = CANONICAL["person"].c
    given = people["home_org_id"]
    own = [person.home_org_id.in_(sorted(given.dropna().unique()))]
    if given.isna().any():
        own.append(person.home_org_id.is_(None))
    with connected(engine) as connection:
        aliases = read_aliases(connection)
        known = set(connection.scalars(select(person.person_id).where(or_(*own))))
    present = {aliases.get(key, key) for key in people["person_id"]}
    return Absence(len(known), len(known - present))


def moved_people(engine: Engine, people: DataFrame | None) -> int:
    """Return how many people of a frame are known as another organisation's."""
    if people is None or people.empty:
        return 0
    prepare(engine)
    person = CANONICAL["person"].c
    with connected(engine) as connection:
        aliases = read_aliases(connection)
        known = select(person.person_id, person.home_org_id)
        homed = connection.execute(known.where(person.home_org_id.is_not(None)))
        homes = dict(homed.all())
    rows = people[["person_id", "home_org_id"]].dropna().itertuples(index=False)
    keys = {(aliases.get(key, key), home) for key, home in rows}
    return len({key for key, home in keys if homes.get(key, home) != home})
