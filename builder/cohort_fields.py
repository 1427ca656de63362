"""What cohorts are compared on, and the values of each field of cohorts beside its programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt

import numpy as np

from builder.asked import AnswerData, Asked
from builder.gathering import RateData
from builder.places import ALL_TIME, ORGANISATION, Places, Slice
from builder.rated import Item, RatingData
from builder.whole import WholeRun
from disclosure.rounding import (
    SPREAD_STEPS,
    point_step,
    round_share,
    significant,
    to_five,
)
from metrics import measure
from metrics.cohorts.compared import Compared, ComparedMeans, ComparedRates
from metrics.cohorts.funnel import design_effect
from metrics.definition import Sensitivity
from metrics.growth.gain import student_t
from metrics.intervals import Z95
from metrics.participation import RateMoments
from release.contents import WHOLE, Cell
from release.wording import inside_sentence

RATE, SKILL, SCALE = "rate", "skill", "scale"
RATES = {
    "participation_rate": "those eligible had a completed conversation",
    "completion_rate": "the matched pairings were completed",
    "feedback_rate": "the seats in completed conversations gave feedback",
}
"""Rates that cohorts are compared on, as they end a sentence."""
FEWEST = 2
DIGITS = 2

CellIndex = Mapping[tuple[str, str, str, str], Cell]


@dataclass(frozen=True)
class Quantity:
    """What is compared: the measure of the comparison, and its part."""

    measure: str
    source: str
    """The measure whose published values are compared."""
    breakdown: str
    group: str = ""
    words: str = ""
    """The part as it stands inside a sentence."""
    label: str = ""
    """The name of the breakdown, for an attribute."""
    sensitivity: Sensitivity = Sensitivity.ATTITUDE
    scale: tuple[float, float] | None = None

    @property
    def breakdown_key(self) -> str:
        """Return the breakdown under which the values stand, where they are published."""
        return "none" if self.breakdown == RATE else self.breakdown

    @property
    def source_group(self) -> str:
        """Return the group under which the values stand, where they are published."""
        return WHOLE if self.breakdown == RATE or not self.group else self.group


@dataclass(frozen=True, eq=False)
class Field:
    """The cohorts of a programme, or the programmes of an organisation, on one quantity."""

    quantity: Quantity
    whole: Slice
    members: tuple[Slice, ...]
    cells: tuple[Cell, ...]
    """What is published of each member already."""
    given: Compared

    @property
    def drawn(self) -> tuple[int, ...]:
        """Return the positions of members with a number."""
        return tuple(number for number, cell in enumerate(self.cells) if cell.is_drawn)

    def widened(self, phi: float) -> Field:
        """Return the field with limits that allow for overdispersion."""
        return replace(self, given=replace(self.given, phi=phi))


def index_of(cells: Iterable[Cell]) -> CellIndex:
    """Return cells over all time by measure, slice, breakdown and group."""
    return {
        (cell.measure, cell.slice, cell.breakdown, cell.group): cell
        for cell in cells
        if cell.period == WHOLE
    }


def quantities(run: WholeRun) -> Iterator[Quantity]:
    """Yield what cohorts are compared on, in the order on screen."""
    for key, words in RATES.items():
        operational = Sensitivity.OPERATIONAL
        yield Quantity("cohort_rate", key, RATE, key, words, sensitivity=operational)
    yield from ratio_quantities(run)
    for item in RatingData(run.connection, run.facts, ()).items:
        if item.first:
            yield skill_quantity(item)
    for item in AnswerData(run.connection, run.facts, run.places, ()).items:
        if not item.after and not item.single:
            yield scale_quantity(item)


def skill_quantity(item: Item) -> Quantity:
    """Return growth of a skill."""
    words = inside_sentence(item.label)
    return Quantity("cohort_change", "skill_gain", SKILL, item.skill, words, scale=item.scale)


def scale_quantity(item: Asked) -> Quantity:
    """Return change of a scale."""
    words = inside_sentence(item.label)
    return Quantity("cohort_change", "scale_change", SCALE, item.construct, words, scale=item.scale)


def ratio_quantities(run: WholeRun) -> Iterator[Quantity]:
    """Yield meeting across the groups of each attribute."""
    for each in run.runs:
        breakdown = each.breakdown
        yield Quantity(
            "cohort_ratio", "cross_group_ratio", breakdown.attribute, label=breakdown.label,
            sensitivity=breakdown.sensitivity,
        )  # fmt: skip


def families(places: Places) -> Iterator[tuple[Slice, tuple[Slice, ...]]]:
    """Yield each programme with its cohorts, then the organisation with its programmes."""
    programmes = places.of_level("programme")
    for programme in programmes:
        cohorts = places.of_level("cohort")
        yield programme, tuple(one for one in cohorts if one.part_of == programme.key)
    yield places.slices[0], programmes


def fields_of(run: WholeRun, quantity: Quantity, index: CellIndex, data: RateData) -> list[Field]:
    """Return the fields of a quantity in which at least two members were looked at."""
    found = []
    for whole, members in families(run.places):
        at = (quantity.breakdown_key, quantity.source_group)
        cells = [
            (member, cell)
            for member in members
            if (cell := index.get((quantity.source, member.key, *at)))
        ]
        if len(cells) < FEWEST:
            continue
        known = tuple(member for member, _ in cells)
        own = tuple(cell for _, cell in cells)
        above = index.get((quantity.source, whole.key, *at))
        given = (
            _rates(quantity, known, own, data)
            if quantity.breakdown == RATE
            else compared_means(quantity, own, above)
        )
        found.append(Field(quantity, whole, known, own, given))
    return found


def field_of_groups(
    quantity: Quantity, attribute: str, whole: Slice, members: Sequence[Slice], index: CellIndex
) -> Field | None:
    """Return the growth of the groups of an attribute beside that of everybody.

    ``members`` are the groups as places of their own, whose key ends with the code of the group.
    """
    if quantity.measure != "cohort_change":
        return None
    at = f"{quantity.breakdown}.{attribute}"
    cells = [
        (member, cell)
        for member in members
        for code in [member.key.partition("=")[2]]
        if (cell := index.get((quantity.source, ORGANISATION, at, f"{quantity.group}.{code}")))
    ]
    if len(cells) < FEWEST:
        return None
    known, own = zip(*cells, strict=True)
    above = index.get((quantity.source, ORGANISATION, quantity.breakdown, quantity.group))
    return Field(quantity, whole, known, own, compared_means(quantity, own, above))


def _rates(
    quantity: Quantity, members: Sequence[Slice], cells: Sequence[Cell], data: RateData
) -> ComparedRates:
    key = quantity.source
    moments = [data.moments(key, member, ALL_TIME, "all") for member in members]
    # what is not defined or hidden for a cohort is no trial
    drawn = np.array([cell.is_drawn for cell in cells])
    trials = np.where(drawn, [each.denominator for each in moments], 0.0)
    events = np.where(drawn, [each.numerator for each in moments], 0.0)
    people = np.array([each.people for each in moments], dtype=int)
    are_pairings = key == "completion_rate"
    counts = [each.denominator if are_pairings else each.people for each in moments]
    sizes = np.array([float(to_five(count)) for count in counts])
    return ComparedRates(
        events=events,
        trials=trials,
        people=people,
        sizes=sizes,
        target=rate_of_all(float(events.sum()), float(trials.sum()), int(people[drawn].sum())),
        trials_each=_trials_each(moments, drawn, sizes),
        effective=np.array([_effective(key, each) for each in moments]),
        are_pairings=are_pairings,
    )


def _effective(key: str, moments: RateMoments) -> float:
    """Return the independent trials behind the rate as it is published by itself."""
    return measure(key).compute(moments, ()).effective_size or 0.0


def rate_of_all(events: float, trials: float, people: int) -> float:
    """Return the rate of all members, rounded like a rate of so many people; NaN without trials.

    All members and not the whole above them, in which people of several programmes count once. Any
    finer, it would tell of the few by whom the members and the whole differ.
    """
    return round_share(events / trials, people).value if trials else float("nan")


def _trials_each(moments: Sequence[RateMoments], drawn: np.ndarray, sizes: np.ndarray) -> float:
    """Return how many independent trials one unit of size is worth, over all members."""
    chosen = [each for each, is_drawn in zip(moments, drawn, strict=True) if is_drawn]
    counts = np.array([each.denominator for each in chosen])
    rates = [each.numerator / each.denominator for each in chosen]
    variances = [each.variance(rate) for each, rate in zip(chosen, rates, strict=True)]
    effect = design_effect(rates, counts, variances)
    size = float(sizes[drawn].sum())
    return significant(float(counts.sum()) / size / effect, DIGITS) if size else 1.0


def compared_means(quantity: Quantity, cells: Sequence[Cell], above: Cell | None) -> ComparedMeans:
    """Return published values, and their errors as far as they can be read from intervals."""
    is_ratio = quantity.measure == "cohort_ratio"
    read = _ratio if is_ratio else _change
    pairs = [read(cell, quantity) for cell in cells]
    values, errors = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    sizes = np.array([float((cell.pairs if is_ratio else cell.people) or 0) for cell in cells])
    return ComparedMeans(
        values=values,
        errors=errors,
        people=np.array([cell.people or 0 for cell in cells], dtype=int),
        sizes=sizes,
        target=_middle(values, sizes) if above is None or not above.is_drawn
        else read(above, quantity)[0],
        scale=quantity.scale,
        are_pairings=is_ratio,
        intervals=_intervals(cells) if is_ratio else None,
    )  # fmt: skip


def _intervals(cells: Sequence[Cell]) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds that are published; NaN where there are none."""
    low, high = (
        np.array([float("nan") if bound is None else bound for bound in bounds])
        for bounds in zip(*((cell.low, cell.high) for cell in cells), strict=True)
    )
    return low, high


def _ratio(cell: Cell, _: Quantity) -> tuple[float, float]:
    """Return the logarithm of a published ratio and its error; NaN where there is none."""
    if not cell.is_drawn or not cell.estimate or not cell.low:
        return float("nan"), float("nan")
    return log(cell.estimate), (log(cell.high) - log(cell.low)) / (2 * Z95)


def _change(cell: Cell, quantity: Quantity) -> tuple[float, float]:
    """Return a published change and its error, as it was rounded; NaN where there is none."""
    if not cell.is_drawn or quantity.scale is None:
        return float("nan"), float("nan")
    people, low, high = max(cell.people or 0, FEWEST), *quantity.scale
    reach = (cell.high - cell.low - point_step(people, quantity.scale)) / 2
    step = (high - low) / SPREAD_STEPS
    spread = round(reach / student_t(people - 1) * sqrt(people) / step) * step
    return cell.estimate, max(spread, step) / sqrt(people)


def _middle(values: np.ndarray, sizes: np.ndarray) -> float:
    """Return the mean of the values, weighted by size; NaN without any."""
    known = np.isfinite(values) & (sizes > 0)
    return float(np.average(values[known], weights=sizes[known])) if known.any() else float("nan")
