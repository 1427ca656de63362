"""Intakes on meeting across groups: each against a lottery, and all beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.attribute import AttributeRun
from builder.cells import CellKey, Draft, published, unjudged
from builder.cohort_fields import (
    FEWEST,
    CellIndex,
    Field,
    Quantity,
    compared_means,
    index_of,
    ratio_quantities,
)
from builder.cohorts import family_cells
from builder.gathering import AttributeData, GroupNumbers, rate_moments
from builder.intakes import EVERY, Family, intake_families
from builder.places import ALL_TIME, ORGANISATION, Places, Slice
from builder.where_gate import WhereGate
from builder.whole import WholeRun
from metrics import measure
from metrics.cohorts.funnel import overdispersion
from metrics.connection.teams import UnitContacts
from release.contents import WHOLE, Cell
from store import reading
from store.aggregates import Grouping
from store.facts import Facts
from store.intake_contacts import BY_LOTTERY, BY_PAIR, BY_PERSON, intake_contacts

BY_INTAKE = "cross_group_ratio_by_intake"
SUMS = {"numerator": "x", "denominator": "d", "people": "number", "dd": "dd", "xd": "xd",
        "xx": "xx"}  # fmt: skip
Spot = tuple[int, int]
"""Programme (0 for all) and quarter of an intake."""


class IntakeCrossings:
    """What intakes on meeting across groups need, read once for both levels."""

    def __init__(self, run: AttributeRun, beside: WholeRun, gate: WhereGate) -> None:
        self._run, self._gate = run, gate
        self._families = [family for family in intake_families(beside) if len(family[1]) >= FEWEST]

    def cells(self, *, together: bool) -> Iterator[Cell]:
        """Yield crossing against a lottery of each intake that has another one to stand beside.

        ``together`` asks for those of the organisation, else for those of its programmes. None is
        judged by itself: `intake_ratio_cells` does that for all attributes at once.
        """
        for whole, members in self._families:
            if (whole is EVERY) == together:
                slice_ = slice_of(self._run.places, whole)
                drafts = [
                    _draft(self._run, self._contacts, self._gate, slice_, member)
                    for member in members
                ]
                yield from unjudged(drafts, published(drafts))

    @cached_property
    def _contacts(self) -> IntakeContacts:
        run = self._run
        return IntakeContacts(run.connection, run.view, run.data, run.breakdown.groups)


def slice_of(places: Places, whole: Slice) -> Slice:
    """Return the programme whose intakes are compared, or the organisation."""
    return next(one for one in places.slices if one.key == (whole.part_of or ORGANISATION))


def _draft(
    run: AttributeRun, data: IntakeContacts, gate: WhereGate, slice_: Slice, member: Slice
) -> Draft:
    people = gate.people_of_intake(slice_, member.number)
    contacts = data.contacts(slice_, member.number, people)
    return Draft(
        key=CellKey(
            measure=BY_INTAKE,
            slice=member,
            when=ALL_TIME,
            breakdown=run.breakdown.attribute,
            breakdown_label=run.breakdown.label,
        ),
        result=measure(BY_INTAKE).compute(contacts, ()),
        verdict=gate.offer_intake(slice_, member.number),
        sensitivity=run.breakdown.sensitivity,
        thresholds=run.gate.thresholds,
    )


class IntakeContacts:
    """The contacts of all intakes for one attribute, read at once."""

    def __init__(
        self,
        connection: Connection,
        view: tuple[Facts, Grouping],
        data: AttributeData,
        groups: GroupNumbers,
    ) -> None:
        self._data, self._groups = data, groups
        frame = reading.read_numbers(connection, intake_contacts(*view))
        parts = dict(list(frame.groupby("kind")))
        by_lottery = parts.get(BY_LOTTERY, frame)
        self._by_lottery = dict(list(by_lottery.groupby(["programme_no", "intake_no"])))
        self._people, self._pairs = (
            _by_intake(parts.get(kind, frame)) for kind in (BY_PERSON, BY_PAIR)
        )

    def contacts(self, slice_: Slice, number: int, people: int) -> UnitContacts:
        """Return the contacts of one intake of a programme, or of the organisation."""
        counts, spot = self._data.counts(slice_, ALL_TIME, "all"), (slice_.number, number)
        person, pair = (found.get(spot, {}) for found in (self._people, self._pairs))
        seats, weights = self._by_group(slice_, spot)
        return UnitContacts(
            stubs=counts.stubs,
            stubs_squared=counts.stubs_squared,
            unit_stubs=seats,
            unit_weights=weights,
            weights=counts.weight_by_stratum,
            weights_squared=counts.weight_squared_by_stratum,
            contacts=rate_moments(person, total=pair, pair=pair),
            people=people,
            pairs=round(pair.get("people", 0)),
        )

    def _by_group(self, slice_: Slice, spot: Spot) -> tuple[np.ndarray, np.ndarray]:
        """Return the seats of an intake and their weights, by stratum of the slice and group."""
        strata = self._data.strata(slice_, ALL_TIME)
        seats, weights = (np.zeros((len(strata), len(self._groups))) for _ in range(2))
        own = self._by_lottery.get(spot)
        if own is not None:
            place = np.searchsorted(strata, own["stratum_no"]), self._groups.index(own["group_no"])
            seats[place], weights[place] = own["number"], own["d"]
        return seats, weights


def _by_intake(frame: pd.DataFrame) -> dict[Spot, dict[str, float]]:
    """Return sums by intake, under the names that moments have."""
    return {
        (int(row["programme_no"]), int(row["intake_no"])): {
            name: row[column] for name, column in SUMS.items()
        }
        for row in frame.to_dict("records")
    }


def intake_ratio_cells(run: WholeRun, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield intakes beside each other on meeting across groups, from what is published of each.

    Those of programmes are judged as one family over all attributes, those of the organisation by
    themselves, as their rates are.
    """
    index, families = index_of(cells), intake_families(run)
    judged_together: dict[bool, list[Field]] = {False: [], True: []}
    for quantity in ratio_quantities(run):
        found = [field for family in families if (field := _field(quantity, family, index))]
        for together, chosen in judged_together.items():
            own = [field for field in found if (field.whole is EVERY) == together]
            scores = [field.given.scores for field in own]
            phi = overdispersion(np.concatenate(scores)) if scores else 1.0
            chosen += [field.widened(phi) for field in own]
    for family in judged_together.values():
        yield from family_cells(run, family)


def _field(quantity: Quantity, family: Family, index: CellIndex) -> Field | None:
    """Return the ratios of the intakes of a whole beside that of everybody there."""
    whole, members = family
    cells = [
        cell
        for member in members
        if (cell := index.get((BY_INTAKE, member.key, quantity.breakdown, WHOLE)))
    ]
    if len(cells) < FEWEST:
        return None
    above = index.get((quantity.source, whole.part_of or ORGANISATION, quantity.breakdown, WHOLE))
    return Field(quantity, whole, members, tuple(cells), compared_means(quantity, cells, above))
