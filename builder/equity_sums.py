"""Sums of outcomes as the builder reads them: one group beside everybody else, by people alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.items import SummedGate
from builder.places import Slice
from builder.whole import WholeRun
from metrics.equity.sums import GROUP, REST, GroupSums
from store import equity, equity_offers, intake_sums, reading
from store.equity import COMPLETION, FEEDBACK, PARTICIPATION

PLACES = ("location", "site", "office", "country", "region", "campus")
"""Codes of attributes that say where people are, the first found; else the first plain unit."""
LABELS = {
    PARTICIPATION: "Participation",
    COMPLETION: "Completion",
    FEEDBACK: "Feedback",
}
OWN_INTAKE, ANY_INTAKE = "intake of the programme", "intake of any programme"
"""What the gate of an outcome knows of people beside their groups: see `store.intakes`."""
PRODUCTS = ("xx", "xd", "dd", "xu", "xt", "du", "dt")
TOTALS = ("people", "d", "x", "xx", "xd", "dd")


@dataclass(frozen=True)
class Outcome:
    """What people may reach."""

    code: str

    @property
    def label(self) -> str:
        """Return its name on screen; a code is read as words."""
        return LABELS.get(self.code) or self.code.replace("_", " ").capitalize()


def places_beside(connection: Connection, attributes: Sequence[str]) -> tuple[int | None, ...]:
    """Return, for each attribute, the position of the one that says where people are."""
    units = [
        attributes.index(code) for code in reading.unit_attributes(connection) if code in attributes
    ]
    # by the names of places first, in their order; an attribute is not beside itself
    named = [place for word in PLACES for place in units if attributes[place] == word]
    return tuple(
        next((place for place in (*named, *units) if place != number), None)
        for number in range(len(attributes))
    )


class EquityData:
    """The aggregates of all outcomes by the groups of all attributes, read once."""

    def __init__(self, run: WholeRun) -> None:
        self._run = run
        self._tables: dict[tuple[str, int], Table] = {}

    @cached_property
    def beside(self) -> tuple[int | None, ...]:
        """Return, for each attribute, the position of the one that says where people are."""
        return places_beside(self._run.connection, self._run.attributes)

    def alike_in(self, outcome: Outcome, attribute: int, slice_: Slice) -> tuple[str, ...]:
        """Return what people of a stratum have in common, in words."""
        programme = () if slice_.number else ("programme",)
        if outcome.code == COMPLETION:
            return (*programme, "pool of partners")
        place = self.beside[attribute]
        return programme if place is None else (*programme, self._label(place))

    def _label(self, place: int) -> str:
        return self._run.runs[place].breakdown.label

    @cached_property
    def _alone(self) -> dict[tuple[str, int], pd.DataFrame]:
        query = equity.group_sums(self._run.facts, self._run.groupings, self.beside)
        frame = reading.read(self._run.connection, query)
        return dict(list(frame.groupby(["outcome_code", "attribute_no"])))

    @cached_property
    def _shared(self) -> dict[int, pd.DataFrame]:
        query = equity_offers.offer_sums(self._run.facts, self._run.groupings)
        frame = reading.read(self._run.connection, query)
        return dict(list(frame.groupby("attribute_no")))

    @cached_property
    def _patterns(self) -> dict[str, pd.DataFrame]:
        query = equity.people_patterns(self._run.facts, self._run.groupings)
        frame = reading.read(self._run.connection, query)
        return {code: part.drop(columns="item_no") for code, part in frame.groupby("item_no")}

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Return the outcomes that anybody could reach, those of the programmes first."""
        found = set(self._patterns)
        others = sorted(found - set(equity.OWN_OUTCOMES))
        return tuple(Outcome(code) for code in (*equity.OWN_OUTCOMES, *others) if code in found)

    def gate(self, outcome: Outcome) -> SummedGate:
        """Return the gate of one outcome over all attributes."""
        known = (*self._run.attributes, OWN_INTAKE, ANY_INTAKE)
        return SummedGate(self._patterns[outcome.code], self._run.thresholds, known)

    @cached_property
    def _by_intake(self) -> dict[tuple[str, int], pd.DataFrame]:
        """Return the sums of intakes by outcome and programme."""
        run = self._run
        alone = reading.read(run.connection, intake_sums.intake_sums(run.facts))
        found = dict(list(alone.groupby(["outcome_code", "programme_no"])))
        offers = reading.read(run.connection, intake_sums.intake_offers(run.facts))
        return found | {
            (COMPLETION, number): part for number, part in offers.groupby("programme_no")
        }

    def intake_table(self, outcome: Outcome, programme: int) -> Table:
        """Return the sums of one outcome by intake of a programme, or (0) of any."""
        lay_out = shared_table if outcome.code == COMPLETION else alone_table
        numbers = self._run.intakes.get(programme, ())
        return lay_out(self._by_intake.get((outcome.code, programme)), numbers)

    def sums(self, outcome: Outcome, attribute: int, group: int, slice_: Slice) -> GroupSums:
        """Return one group beside everybody else of known group, by stratum.

        ``group`` is the position among the published groups of the attribute.
        """
        return self._table(outcome, attribute).sums(group, slice_.number)

    def _table(self, outcome: Outcome, attribute: int) -> Table:
        key = outcome.code, attribute
        if key not in self._tables:
            numbers = self._run.runs[attribute].breakdown.groups.numbers
            if outcome.code == COMPLETION:
                self._tables[key] = shared_table(self._shared.get(attribute), numbers)
            else:
                self._tables[key] = alone_table(self._alone.get(key), numbers)
        return self._tables[key]


@dataclass(frozen=True)
class Table:
    """Sums of one outcome by stratum and group.

    ``whole`` has the columns of `TOTALS` for each stratum and group; ``person`` and ``pair`` have
    those of (d, x) and `PRODUCTS`, and of (d, xx, xd, dd), for the groups of both people, where a
    trial belongs to two.
    """

    programmes: np.ndarray
    whole: np.ndarray
    person: np.ndarray | None = None
    pair: np.ndarray | None = None

    def sums(self, group: int, programme: int) -> GroupSums:
        """Return one group beside all others, in one programme or (0) in all of them.

        Over all of them from the strata in which everybody is one person, where there are any.
        """
        inside = self.programmes == programme
        if not programme and not inside.any():
            inside = np.ones(self.programmes.size, dtype=bool)
        whole = self.whole[inside]
        others = [number for number in range(whole.shape[1]) if number != group]
        sides = np.stack([whole[:, others].sum(axis=1), whole[:, group]], axis=1)
        moments = np.zeros((len(whole), 2, 4, 4))
        moments[:, :, 2:, 2:] = _square(sides[:, :, 3], sides[:, :, 4], sides[:, :, 5])
        pairs = np.zeros((len(whole), 3))
        pair_moments = np.zeros((len(whole), 3, 2, 2))
        if self.person is not None and self.pair is not None:
            _add_partners(moments, self.person[inside], group, others)
            between, within = _pairs(self.pair[inside], group, others)
            for kind, each in enumerate((within[REST], between, within[GROUP])):
                pairs[:, kind] = each[:, 0]
                pair_moments[:, kind] = _square(each[:, 1], each[:, 2], each[:, 3])
        return GroupSums(
            people=sides[:, :, 0],
            trials=sides[:, :, 1],
            successes=sides[:, :, 2],
            moments=moments,
            pair_moments=pair_moments,
            pairs=pairs,
        )


def _square(xx: np.ndarray, xd: np.ndarray, dd: np.ndarray) -> np.ndarray:
    return np.stack([np.stack([xx, xd], axis=-1), np.stack([xd, dd], axis=-1)], axis=-2)


def _add_partners(
    moments: np.ndarray, person: np.ndarray, group: int, others: Sequence[int]
) -> None:
    """Fill in the products of what people have with the group, and with everybody."""
    by_side = np.stack([person[:, others, group].sum(axis=1), person[:, group, group]], axis=1)
    xx, xd, dd, xu, xt, du, dt = (by_side[:, :, 2 + number] for number in range(len(PRODUCTS)))
    moments[:, :, :2, :2] = _square(xx, xd, dd)
    across = np.stack([np.stack([xu, xt], axis=-1), np.stack([du, dt], axis=-1)], axis=-2)
    moments[:, :, :2, 2:] = across
    moments[:, :, 2:, :2] = np.swapaxes(across, -1, -2)


def _pairs(
    pair: np.ndarray, group: int, others: Sequence[int]
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return sums over pairs between the sides, and within the rest and the group."""
    between = pair[:, group, others].sum(axis=1)
    rest = pair[:, others][:, :, others].sum(axis=(1, 2))
    # two people of one side are seen from both ends
    return between, (rest / 2, pair[:, group, group] / 2)


def alone_table(frame: pd.DataFrame | None, numbers: Sequence[int]) -> Table:
    """Return the table of an outcome that everybody reaches alone."""
    if frame is None:
        return Table(np.zeros(0, dtype=int), np.zeros((0, len(numbers), len(TOTALS))))
    programmes, stratum = _strata(frame, "place_no")
    return Table(programmes, _laid_out(frame, stratum, len(programmes), numbers))


def shared_table(frame: pd.DataFrame | None, numbers: Sequence[int]) -> Table:
    """Return the table of offers, which two people share."""
    if frame is None:
        return alone_table(None, numbers)
    programmes, stratum = _strata(frame, "pool_no")
    of_kind = {kind: (frame["kind"] == kind).to_numpy() for kind in ("whole", "person", "pair")}
    size = len(programmes)
    both = {}
    for kind, names in (("person", ("d", "x", *PRODUCTS)), ("pair", ("d", "xx", "xd", "dd"))):
        part, rows = frame[of_kind[kind]], stratum[of_kind[kind]]
        both[kind] = np.zeros((size, len(numbers), len(numbers), len(names)))
        own, partner = (np.searchsorted(numbers, part[side]) for side in ("own", "partner"))
        for number, name in enumerate(names):
            both[kind][rows, own, partner, number] = part[name].to_numpy(dtype=float)
    whole = frame[of_kind["whole"]].rename(columns={"own": "group_no"})
    laid_out = _laid_out(whole, stratum[of_kind["whole"]], size, numbers)
    return Table(programmes, laid_out, both["person"], both["pair"])


def _strata(frame: pd.DataFrame, within: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the programme of each stratum, and the stratum of each row."""
    programme = frame["programme_no"].to_numpy(dtype=int)
    place = frame[within].to_numpy(dtype=int)
    if "set_no" in frame:
        sets = np.unique(frame["set_no"].to_numpy(dtype=int), return_inverse=True)[1]
        place = (place.max(initial=0) + 1) * sets + place
    # one number for both: several times as fast as to look for distinct rows
    wide = place.max(initial=0) + 1
    found, stratum = np.unique(wide * programme + place, return_inverse=True)
    return found // wide, stratum


def _laid_out(
    frame: pd.DataFrame, stratum: np.ndarray, strata: int, numbers: Sequence[int]
) -> np.ndarray:
    table = np.zeros((strata, len(numbers), len(TOTALS)))
    group = np.searchsorted(numbers, frame["group_no"].to_numpy(dtype=int))
    for number, name in enumerate(TOTALS):
        table[stratum, group, number] = frame[name].to_numpy(dtype=float)
    return table
