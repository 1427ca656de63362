"""Where the cells of skills lie, how they are named, and which of them are judged together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from builder.attribute import AttributeRun
from builder.cells import CellKey, Draft, judged
from builder.items import cut_breakdown, cut_group
from builder.places import ALL_TIME, Slice, When
from builder.rated import Item, Place, place_of
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics.definition import Result, Sensitivity
from release.contents import Cell
from store import ratings

SKILL, RATER, NOT_TAKING_PART, THEN = "skill", "rater", "outside", "then"
OTHERS = "people who take part in nothing"
JUDGED = ("skill_gain", "skill_gain_then", "skill_response_shift")
"""What is held against noise, and therefore corrected over what is looked at together."""
GAPS = ("growth_gap", "growth_gap_adjusted")
Family = tuple[str, str, str, str]
"""What is judged together: measure, slice, breakdown, and the rater, group or period."""


@dataclass
class Families:
    """Drafts by what readers look at together."""

    drafts: dict[Family, list[Draft]] = field(default_factory=dict)

    def add(self, family: str, draft: Draft) -> None:
        """Put a draft into the family of its measure, slice and breakdown."""
        key = draft.key
        name = (key.measure, key.slice.key, key.breakdown, family)
        if key.measure in GAPS:
            # as they are and between people alike, in every skill that a reader may choose
            name = (GAPS[0], key.slice.key, key.breakdown, "")
        elif key.measure not in JUDGED:
            name = (key.measure, "", "", "")
        self.drafts.setdefault(name, []).append(draft)

    def cells(self) -> Iterator[Cell]:
        """Publish and judge family by family."""
        for drafts in self.drafts.values():
            yield from judged(drafts)


@dataclass(frozen=True)
class Spot:
    """Where a cell of an item lies, and how it is named."""

    slice: Slice
    place: Place
    breakdown: str = ""
    group: str = ""
    among: str = ""
    family: str = ""


def spot_of(item: Item, slice_: Slice, cut: str = "", group: str = "") -> Spot:
    """Return the spot of a slice: other raters than the first stand apart."""
    if not item.first:
        cut, group = RATER, item.rater
    return Spot(
        slice_,
        place_of(slice_),
        cut_breakdown(SKILL, cut),
        cut_group(item.skill, group),
        family=item.rater,
    )


def then_spot(item: Item, slice_: Slice, *, outside: bool = False) -> Spot:
    """Return the spot of those who looked back, which is that of no rating of the present."""
    who = NOT_TAKING_PART if outside else THEN
    return Spot(
        slice_, place_of(slice_), cut_breakdown(SKILL, THEN), cut_group(item.skill, who), family=who
    )


def group_spots(
    item: Item, whole: Slice, position: int, run: AttributeRun
) -> Iterator[tuple[Spot, int]]:
    """Yield the groups of an attribute as spots, with their numbers."""
    cut, groups = run.breakdown, run.breakdown.groups
    for number, code, label in zip(groups.numbers, groups.codes, groups.labels, strict=True):
        yield (
            Spot(
                whole,
                (ratings.FIRST_ATTRIBUTE + position, 0, number),
                cut_breakdown(SKILL, cut.attribute),
                cut_group(item.skill, code),
                f"people whose {cut.label} is {label}",
                item.skill,
            ),
            number,
        )


def skill_draft(
    run: WholeRun,
    key: str,
    item: Item,
    spot: Spot,
    result: Result,
    verdict: Verdict,
    when: When = ALL_TIME,
) -> Draft:
    """Return the draft of one cell of an item."""
    return Draft(
        key=CellKey(
            measure=key,
            slice=spot.slice,
            when=when,
            breakdown=spot.breakdown,
            breakdown_label=SKILL,
            group=spot.group,
            group_labels=(item.label,),
            by=item.by,
            among=spot.among,
            scale=item.written_scale,
        ),
        result=result,
        verdict=verdict,
        sensitivity=Sensitivity.ATTITUDE,
        thresholds=run.thresholds,
    )
