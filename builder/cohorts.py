"""Cells of cohorts beside their programme: what differs, drawn in by size, and funnel limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import exp, log, sqrt

import numpy as np

from builder.cells import CellKey, Draft, judged, published, unjudged
from builder.cohort_fields import (
    RATE,
    CellIndex,
    Field,
    Quantity,
    field_of_groups,
    fields_of,
    index_of,
    quantities,
)
from builder.gathering import RateData
from builder.items import cut_group
from builder.location_ratios import location_ratio_field
from builder.locations import (
    EVERYWHERE,
    LOCATION,
    location_names,
    location_slices,
    place_attribute,
)
from builder.places import ALL_TIME, ORGANISATION, Slice, When
from builder.whole import WholeRun
from disclosure.gate import Verdict
from disclosure.printing import percent
from disclosure.rounding import to_five
from metrics import measure
from metrics.cohorts.compared import ComparedRates, DrawnIn, arcsine_errors, to_arcsine
from metrics.cohorts.funnel import INNER, OUTER, overdispersion
from metrics.cohorts.measures import FunnelPoint
from metrics.definition import Result, undefined
from metrics.growth.shrinkage import FEWEST_COHORTS, Shrunk, shrink
from release.contents import Cell, Group

POINTS, ROOM = 6, 1.15
"""Sizes at which limits are given, from a little below the smallest cohort to above the largest."""
LIMITS = {"inner": INNER, "outer": OUTER}
SMALLEST = 5
NAMES = {
    "participation_rate": "Participation",
    "completion_rate": "Completion",
    "feedback_rate": "Feedback",
}
VERDICTS = {"small": Verdict.SMALL, "protects": Verdict.PROTECTS}
Drawn = dict[tuple[str, str, str, str], Cell]


def cohort_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of the rates that cohorts are compared on, and of locations."""
    yield from location_names(run)
    for number, (key, label) in enumerate(NAMES.items()):
        yield Group(breakdown=RATE, key=key, label=label, short=label, sort=number)


def cohort_cells(run: WholeRun, cells: Sequence[Cell]) -> Iterator[Cell]:
    """Yield what compares cohorts, from what is published already and the sums behind rates.

    Everything that is said about cohorts is judged as one family, since a page sums it up in one
    sentence; programmes are judged by themselves.
    """
    fields = list(all_fields(run, cells))
    for level in ("programme", ORGANISATION, LOCATION):
        yield from family_cells(run, [field for field in fields if field.whole.level == level])


def family_cells(run: WholeRun, family: Sequence[Field]) -> Iterator[Cell]:
    """Yield the cells of fields that are judged together."""
    compared = list(judged([draft for field in family for draft in _compared(run, field)]))
    yield from compared
    own = {(cell.measure, cell.slice, cell.breakdown, cell.group): cell for cell in compared}
    for quantity in dict.fromkeys(field.quantity for field in family):
        members = [field for field in family if field.quantity == quantity]
        yield from _drawn_in(run, quantity, members, own)
    yield from _published(_limits(run, family))


def all_fields(run: WholeRun, cells: Sequence[Cell]) -> Iterator[Field]:
    """Yield every field of every quantity, its limits widened where all cohorts stray too far."""
    index, data = index_of(cells), RateData(run.connection, run.facts)
    for quantity in quantities(run):
        found = fields_of(run, quantity, index, data)
        found += _of_locations(run, quantity, index)
        for level in ("programme", ORGANISATION, LOCATION):
            chosen = [field for field in found if field.whole.level == level]
            scores = [field.given.scores for field in chosen]
            phi = overdispersion(np.concatenate(scores)) if scores else 1.0
            yield from (field.widened(phi) for field in chosen)


def _of_locations(run: WholeRun, quantity: Quantity, index: CellIndex) -> list[Field]:
    """Return growth and ratios of locations; rates are made beside the gaps between groups."""
    position = place_attribute(run)
    if position is None:
        return []
    own = (run.attributes[position], EVERYWHERE, location_slices(run))
    found = (
        field_of_groups(quantity, *own, index),
        location_ratio_field(run, quantity, index),
    )
    return [field for field in found if field is not None]


def _key(measure_key: str, slice_: Slice, quantity: Quantity, when: When = ALL_TIME) -> CellKey:
    return CellKey(
        measure=measure_key,
        slice=slice_,
        when=when,
        breakdown=quantity.breakdown,
        breakdown_label=quantity.label,
        group=quantity.group,
        group_labels=(quantity.words,) if quantity.words else (),
    )


def _compared(run: WholeRun, field: Field) -> Iterator[Draft]:
    """Yield the draft of each member: hidden where its value is."""
    quantity = field.quantity
    for number, (member, cell) in enumerate(zip(field.members, field.cells, strict=True)):
        yield Draft(
            key=_key(quantity.measure, member, quantity),
            result=_result(run, field, number, cell),
            verdict=VERDICTS.get(cell.status, Verdict.SHOWN),
            sensitivity=quantity.sensitivity,
            thresholds=run.thresholds,
        )


def _result(run: WholeRun, field: Field, number: int, cell: Cell) -> Result:
    if not cell.is_drawn:
        # a value hidden to protect others has people enough: that is why it is hidden
        enough = run.thresholds.mean if cell.status == "protects" else 0
        return undefined(cell.reason, people=cell.people or enough)
    result = measure(field.quantity.measure).compute(field.given, (number,))
    return result if np.isfinite(field.given.target) else replace(result, expected=None)


def _drawn_in(
    run: WholeRun, quantity: Quantity, fields: Sequence[Field], own: Drawn
) -> Iterator[Cell]:
    """Yield members drawn towards their programme, from published values alone."""
    rows = [
        (field, number, cell)
        for field in fields
        for number in field.drawn
        if (cell := _own(own, field, number)) is not None
    ]
    if len(rows) < FEWEST_COHORTS:
        return
    targets, values, errors = (np.array(each) for each in zip(*map(_scaled, rows), strict=True))
    together = shrink(values - targets, errors**2)
    drawn = DrawnIn(
        values=targets + together.values,
        errors=_with_error_of_target(together, [field for field, _, _ in rows], errors),
        people=np.array([cell.people for _, _, cell in rows], dtype=int),
        spread=together.spread,
        scale=quantity.scale,
    )
    reason = _spread_words(quantity, together.spread, targets)
    key = f"{quantity.measure}_shrunk"
    drafts = [
        Draft(
            key=_key(key, field.members[number], quantity),
            result=replace(measure(key).compute(drawn, (position,)), reason=reason),
            verdict=Verdict.SHOWN,
            sensitivity=quantity.sensitivity,
            thresholds=run.thresholds,
        )
        for position, (field, number, _) in enumerate(rows)
    ]
    yield from _published(drafts)


def _with_error_of_target(
    together: Shrunk, fields: Sequence[Field], errors: np.ndarray
) -> np.ndarray:
    """Return the errors of members drawn in, with that of the target that they are drawn to."""
    drawn = errors**2 / (errors**2 + together.spread**2)
    places = np.array([id(field) for field in fields])
    of_target = [1 / np.sum(errors[places == place] ** -2.0) for place in places]
    return np.sqrt(together.errors**2 + drawn**2 * np.array(of_target))


def _own(own: Drawn, field: Field, number: int) -> Cell | None:
    """Return the published value of a member, where there is something to draw it to."""
    quantity, member = field.quantity, field.members[number]
    cell = own.get((quantity.measure, member.key, quantity.breakdown, quantity.group or "all"))
    is_usable = cell is not None and cell.is_drawn and cell.expected is not None
    return cell if is_usable else None


def _scaled(row: tuple[Field, int, Cell]) -> tuple[float, float, float]:
    """Return target, value and error on the scale on which errors do not depend on the value."""
    field, number, cell = row
    given = field.given
    one = slice(number, number + 1)
    if isinstance(given, ComparedRates):
        target, value = to_arcsine(np.array([given.target, cell.estimate]))
        error = arcsine_errors(given.independent(given.sizes[one]), given.phi)[0]
        return float(target), float(value), float(error)
    error = given.spread / sqrt(max(given.sizes[number], 1.0))
    value = log(cell.estimate) if given.are_pairings else cell.estimate
    return given.target, value, error


def _spread_words(quantity: Quantity, spread: float, targets: np.ndarray) -> str:
    """Say how much cohorts truly differ, in the unit of the value."""
    if quantity.breakdown == RATE:
        share = float(np.mean(np.sin(targets) ** 2))
        said = f"{200 * spread * sqrt(share * (1 - share)):.0f} percentage points"
    elif quantity.measure == "cohort_ratio":
        said = percent(exp(spread) - 1)
    else:
        said = f"{spread:.2f} points"
    if not spread:
        return "size alone explains how cohorts differ"
    return f"cohorts really differ by about ±{said} (standard deviation)"


def _limits(run: WholeRun, fields: Iterable[Field]) -> Iterator[Draft]:
    """Yield the limits of each field at a few sizes; the size stands in the place of the period."""
    for field in fields:
        given, shown = field.given, list(field.drawn)
        if len(shown) < 2 or not np.isfinite(given.target):
            continue
        sizes = _grid(given.sizes[shown])
        people = int(given.people[shown].sum())
        for name, probabilities in LIMITS.items():
            for size, low, high in zip(sizes, *given.limits(sizes, probabilities), strict=True):
                yield _limit_draft(run, field, name, int(size), float(low), float(high), people)


def _grid(sizes: np.ndarray) -> np.ndarray:
    """Return sizes that lie evenly where limits change evenly: with one over the root."""
    low, high = max(sizes.min() / ROOM, SMALLEST), max(sizes.max() * ROOM, 2 * SMALLEST)
    roots = np.linspace(1 / sqrt(low), 1 / sqrt(high), POINTS)
    return np.unique([float(max(to_five(1 / root**2), SMALLEST)) for root in roots])


def _limit_draft(
    run: WholeRun, field: Field, name: str, size: int, low: float, high: float, people: int
) -> Draft:
    quantity = field.quantity
    ends = (field.given.target, low, high)
    target, low, high = map(exp, ends) if quantity.measure == "cohort_ratio" else ends
    key = _key("cohort_limits", field.whole, quantity, When(size, str(size), ""))
    given = FunnelPoint(target=target, low=low, high=high, people=people)
    return Draft(
        key=replace(key, group=cut_group(quantity.group, name) if quantity.group else name),
        result=replace(measure("cohort_limits").compute(given, ()), reason=_widened(field)),
        verdict=Verdict.SHOWN,
        sensitivity=quantity.sensitivity,
        thresholds=run.thresholds,
    )


def _widened(field: Field) -> str:
    """Say by how much limits allow for more than chance, where they do."""
    times = sqrt(field.given.phi)
    if times <= 1:
        return ""
    return f"limits are {times:.1f} times as wide as chance gives, since most stray further"


def _published(drafts: Iterable[Draft]) -> Iterator[Cell]:
    """Publish what is not judged itself: others are judged by it, or it repeats what is judged."""
    family = list(drafts)
    yield from unjudged(family, published(family))
