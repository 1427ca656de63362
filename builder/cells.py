"""Drafts of cells: a result with its key and the gate's verdict, published and judged together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from builder.places import Slice, When
from disclosure.gate import Verdict
from disclosure.printing import whole
from disclosure.publishing import PublishedCell, publish
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from disclosure.verdicts import ABOVE, BELOW, NOISE, judge
from metrics import measure
from metrics.definition import Result, Sensitivity
from release.contents import WHOLE, Cell


@dataclass(frozen=True)
class CellKey:
    """Where a cell stands in the catalogue, and the names that its sentence needs."""

    measure: str
    slice: Slice
    when: When
    breakdown: str = "none"
    breakdown_label: str = ""
    group: str = ""
    group_labels: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Names of the attributes that are taken into account beside the breakdown."""
    alone: str = ""
    """What is published without them, as it stands inside a sentence."""
    known: str = ""
    """Share of the pairings in which all of these attributes are known; empty for all."""
    by: str = ""
    """Who rates or answers, fit to begin a clause: "peers"."""
    among: str = ""
    """The people that the value is about, where not all: "people whose gender is women"."""
    scale: str = ""
    """The scale of an answer: "1 to 5"."""

    @property
    def labels(self) -> Labels:
        """Return the names on screen."""
        return Labels(
            place=self.slice.place,
            breakdown=self.breakdown_label,
            groups=self.group_labels,
            period=self.when.label,
            others=self.others,
            alone=self.alone,
            known=self.known,
            by=self.by,
            among=self.among,
            scale=self.scale,
        )


@dataclass(frozen=True)
class Draft:
    """A computed result that waits to be published."""

    key: CellKey
    result: Result
    verdict: Verdict
    sensitivity: Sensitivity
    thresholds: Thresholds


def judged(
    family: Sequence[Draft], worded: Callable[[PublishedCell], PublishedCell] | None = None
) -> Iterator[Cell]:
    """Publish the drafts that readers look at together, and judge them as one family.

    ``worded`` puts the verdict of a judged cell into words of its own.
    """
    cells = published(family)
    for draft, cell in zip(family, judge(cells), strict=True):
        yield _as_released(draft.key, worded(cell) if worded else cell)


def published(family: Sequence[Draft]) -> list[PublishedCell]:
    """Publish drafts, without a verdict on what they say."""
    return [
        publish(
            measure(draft.key.measure),
            draft.result,
            draft.verdict,
            draft.thresholds,
            draft.key.labels,
            sensitivity=draft.sensitivity,
        )
        for draft in family
    ]


def unjudged(family: Sequence[Draft], cells: Sequence[PublishedCell]) -> Iterator[Cell]:
    """Return published cells as they are released, for values that others are judged by."""
    for draft, cell in zip(family, cells, strict=True):
        yield _as_released(draft.key, cell)


def _as_released(key: CellKey, cell: PublishedCell) -> Cell:
    return Cell(
        measure=key.measure,
        slice=key.slice.key,
        breakdown=key.breakdown,
        group=key.group or WHOLE,
        period=key.when.key,
        estimate=cell.estimate,
        low=cell.low,
        high=cell.high,
        expected=cell.expected,
        lottery_low=cell.lottery_low,
        lottery_high=cell.lottery_high,
        people=cell.people,
        pairs=cell.pairs,
        status=str(cell.status),
        verdict=cell.verdict if cell.verdict in (ABOVE, BELOW, NOISE) else "",
        printed=cell.printed,
        phrase=cell.phrase,
        interval=cell.interval,
        behind=_behind(cell),
        sentence=cell.sentence,
        reason=cell.reason,
    )


def _behind(cell: PublishedCell) -> str:
    """Return what a number rests on: people first, since trust is decided there."""
    counted = ((cell.people, "people"), (cell.pairs, "pairings"))
    return ", ".join(f"{whole(number)} {noun}" for number, noun in counted if number is not None)
