"""Intakes beside each other on growth: gains of skills, and changes of scales."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from builder.cells import Draft, published, unjudged
from builder.cohort_fields import FEWEST, CellIndex, Field, Quantity, compared_means, index_of
from builder.cohorts import family_cells
from builder.equity_sums import ANY_INTAKE, OWN_INTAKE
from builder.intakes import EVERY, intake_families
from builder.items import PAIRED, ItemGate
from builder.places import ORGANISATION, Slice
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics.cohorts.funnel import overdispersion
from release.contents import Cell
from store.intakes import INTAKE

Place = tuple[int, int, int]
"""kind_no, slice_no and group_no of the aggregates."""
DraftOf = Callable[[Slice, Place, Verdict], Draft]


@dataclass(frozen=True)
class IntakeChanges:
    """The changes of the intakes of a whole on one quantity, with the verdicts of its gate."""

    quantity: Quantity
    whole: Slice
    drafts: tuple[Draft, ...]

    def field(self, index: CellIndex) -> Field:
        """Return the intakes beside the published change of everybody there."""
        drafts, quantity = list(self.drafts), self.quantity
        cells = tuple(unjudged(drafts, published(drafts)))
        spot = (quantity.breakdown, quantity.group)
        above = index.get((quantity.source, self.whole.part_of or ORGANISATION, *spot))
        members = tuple(draft.key.slice for draft in drafts)
        return Field(quantity, self.whole, members, cells, compared_means(quantity, cells, above))


def known_to_gate(run: WholeRun) -> tuple[str, ...]:
    """Return what the gate of an item knows of people with a first and a last value."""
    return (*run.attributes, OWN_INTAKE, ANY_INTAKE)


def offered_intakes(
    run: WholeRun, gate: ItemGate, quantity: Quantity, draft_of: DraftOf
) -> Iterator[IntakeChanges]:
    """Ask the gate of an item for its intakes, once everything else has been told.

    What would single out those who joined a cohort late, or were in one before, stays hidden.
    ``draft_of`` makes the draft of an intake from its name, its place and the verdict.
    """
    programmes = {one.key: one for one in run.places.of_level("programme")}
    for whole, members in intake_families(run):
        if len(members) < FEWEST:
            continue
        inside = programmes.get(whole.part_of, run.places.slices[0])
        kind = ANY_INTAKE if whole is EVERY else OWN_INTAKE
        drafts = tuple(
            draft_of(
                member,
                (INTAKE, whole.number, member.number),
                gate.offer(inside, PAIRED, kind, member.number),
            )
            for member in members
        )
        yield IntakeChanges(quantity, whole, drafts)


def intake_change_cells(
    run: WholeRun, offered: Sequence[IntakeChanges], cells: Sequence[Cell]
) -> Iterator[Cell]:
    """Yield the intakes beside each other, given what is published of the wholes.

    Intakes of all programmes are judged as one family over all quantities, those of the
    organisation by themselves, as their rates are.
    """
    index = index_of(cells)
    for together in (False, True):
        fields: list[Field] = []
        for quantity in dict.fromkeys(each.quantity for each in offered):
            own = [
                each.field(index)
                for each in offered
                if each.quantity == quantity and (each.whole is EVERY) == together
            ]
            phi = overdispersion(np.concatenate([f.given.scores for f in own])) if own else 1.0
            fields += [field.widened(phi) for field in own]
        yield from family_cells(run, fields)
