"""Cells of the then-test: the change looking back, and how far it is from the plain one."""

from __future__ import annotations

from dataclasses import replace

from builder.growth_spots import OTHERS, THEN, Families, Spot, skill_draft, then_spot
from builder.items import RECALLED, ItemGate
from builder.rated import OUTSIDE, Item, RatingData, place_of
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.growth.retrospective import ThenSums

FROM_THEN = ("skill_gain_then", "skill_response_shift")
LOOKING_BACK = "people themselves looking back"


def add_then_test(
    run: WholeRun, data: RatingData, item: Item, gate: ItemGate, families: Families
) -> None:
    """Add the cells of those who looked back at their first rating, where people were asked to.

    Of the whole, of programmes, and of those who take part in nothing: what recall alone gives.
    """
    whole = run.places.slices[0]
    for slice_ in (whole, *run.places.of_level("programme")):
        sums = data.recalled(item, place_of(slice_))
        if sums.people:
            spot = then_spot(item, slice_)
            _add(run, item, spot, sums, gate.offer(slice_, RECALLED), families)
    sums = data.recalled(item, OUTSIDE)
    if sums.people:
        spot = replace(then_spot(item, whole, outside=True), among=OTHERS)
        _add(run, item, spot, sums, gate.offer_set(gate.outside(RECALLED)), families)


def _add(
    run: WholeRun, item: Item, spot: Spot, sums: ThenSums, verdict: Verdict, families: Families
) -> None:
    for key in FROM_THEN:
        result = measure(key).compute(sums, ())
        draft = skill_draft(run, key, item, spot, result, verdict)
        families.add(THEN, replace(draft, key=replace(draft.key, by=LOOKING_BACK)))
