"""What cells of answers share: a draft of one, and which of them are judged together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from builder.asked import Place, group_place, place_of
from builder.cells import CellKey, Draft, judged
from builder.items import ItemGate, cut_breakdown, cut_group
from builder.places import ALL_TIME, Slice, When
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.definition import Result, Sensitivity
from release.contents import Cell


@dataclass(frozen=True)
class Spot:
    """Where a cell of an item lies: its slice, and the group of an attribute, if cut by one."""

    slice: Slice
    place: Place
    cut: str = ""
    group: str = ""
    group_no: int | None = None
    among: str = ""
    sensitivity: Sensitivity = Sensitivity.ATTITUDE

    def verdict(self, gate: ItemGate, period: int) -> Verdict:
        """Ask the gate for the cell of a period."""
        return gate.offer(self.slice, period, self.cut or None, self.group_no)


@dataclass
class Families:
    """Drafts by what readers look at together."""

    drafts: dict[tuple[str, ...], list[Draft]] = field(default_factory=dict)

    def add(self, draft: Draft, *family: str) -> None:
        """Put a draft into the family of its measure, slice and breakdown."""
        key = draft.key
        name = (key.measure, key.slice.key, key.breakdown, *family)
        self.drafts.setdefault(name, []).append(draft)

    def cells(self) -> Iterator[Cell]:
        """Publish and judge family by family."""
        for drafts in self.drafts.values():
            yield from judged(drafts)


def slice_spots(run: WholeRun, level: str) -> list[Spot]:
    """Return the slices of a level."""
    return [Spot(slice_, place_of(slice_)) for slice_ in run.places.of_level(level)]


def group_spots(run: WholeRun) -> Iterator[Spot]:
    """Yield the groups of every published attribute, in the whole organisation."""
    whole = run.places.slices[0]
    for position, attribute in enumerate(run.runs):
        cut, groups = attribute.breakdown, attribute.breakdown.groups
        named = zip(groups.numbers, groups.codes, groups.labels, strict=True)
        for number, code, label in named:
            yield Spot(
                slice=whole,
                place=group_place(position, number),
                cut=cut.attribute,
                group=code,
                group_no=number,
                among=f"people whose {cut.label} is {label}",
                sensitivity=cut.sensitivity,
            )


def answer_draft(
    run: WholeRun,
    key: str,
    spot: Spot,
    result: Result,
    verdict: Verdict,
    *,
    part: str = "",
    code: str = "",
    label: str = "",
    when: When = ALL_TIME,
    scale: str = "",
    breakdown_label: str = "",
) -> Draft:
    """Return the draft of one cell; without a part it belongs to the slice as a whole."""
    own = measure(key).sensitivity
    return Draft(
        key=CellKey(
            measure=key,
            slice=spot.slice,
            when=when,
            breakdown=cut_breakdown(part, spot.cut) if part else "none",
            breakdown_label=breakdown_label,
            group=cut_group(code, spot.group) if part else "",
            group_labels=(label,) if label else (),
            among=spot.among,
            scale=scale,
        ),
        result=result,
        verdict=verdict,
        sensitivity=own if own is Sensitivity.OPERATIONAL else spot.sensitivity,
        thresholds=run.thresholds,
    )


def told(result: Result, verdict: Verdict) -> Verdict:
    """Return the verdict on a result: that nobody answered is no answer of anybody."""
    return Verdict.SHOWN if result.estimate != result.estimate else verdict


def first_and_last(whens: tuple[When, ...]) -> tuple[When, ...]:
    """Return the last period, then the first, since the last matters most."""
    return tuple(dict.fromkeys((*whens[-1:], *whens[:1])))


def by_importance(whens: tuple[When, ...]) -> tuple[When, ...]:
    """Return all periods, the last and the first before those between."""
    ends = first_and_last(whens)
    return (*ends, *(when for when in whens if when not in ends))
