"""Findings on change say what the published parts and verdicts say, in at most 14 words."""

from __future__ import annotations

from itertools import product

import pytest

from charts.change import change_rows, change_ticks
from release import Cell
from ui.pictures.change import NAMES, change_finding, split_finding

PARTS = tuple(NAMES)


def cell(measure: str, *, group="all", period="all", estimate=0.0, verdict="", **changes) -> Cell:
    fields = dict.fromkeys(Cell.__dataclass_fields__)
    words = ("printed", "phrase", "interval", "behind", "sentence", "reason")
    return Cell(
        **fields
        | dict.fromkeys(words, "")
        | {"measure": measure, "slice": "organisation", "breakdown": "function", "group": group,
           "period": period, "estimate": estimate, "low": estimate, "high": estimate,
           "status": "shown", "verdict": verdict}
        | changes
    )  # fmt: skip


def split(points: tuple[int, ...], verdict="noise", **changes) -> list[Cell]:
    return [
        cell("change_split", group=group, estimate=each / 100, **changes,
             verdict=verdict if group == "within" else "")
        for group, each in zip(PARTS, points, strict=True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("points", "verdict", "finding"),
    [
        ((9, 0, 1, 0), "above", "Nearly all of the rise is people changing, not new people"),
        ((-7, 0, -3, 0), "below", "Most of the fall is people changing, not new people"),
        ((9, 0, 1, 0), "noise", "Nearly all of the rise is people changing, though within noise"),
        ((0, 0, 5, 0), "noise", "Nearly all of the rise is new people, not people changing"),
        ((0, 4, 1, 0), "noise", "Most of the rise is who is active, not people changing"),
        ((1, 1, 1, 1), "noise", "The rise of the share has several sources, none above half"),
        ((5, 0, 5, 0), "above", "About half of the rise is people changing"),
        ((3, 0, -3, 0), "above", "The cross-group share is where it was at the start"),
    ],
)
def test_the_finding_names_what_the_change_is_made_of(points, verdict, finding) -> None:
    assert split_finding(split(points, verdict)) == finding


def test_hidden_and_undefined_parts_are_said_so() -> None:
    hidden = split((0, 0, 0, 0), status="small")
    hidden = [cell("change_split", group=each.group, estimate=None, status="small")
              for each in hidden]  # fmt: skip
    assert (
        split_finding(hidden)
        == "Whether the same people changed or others came cannot be shown here"
    )
    unknown = [cell("change_split", group=each, estimate=None, status="undefined")
               for each in PARTS]  # fmt: skip
    assert split_finding(unknown).endswith("is not defined here")


@pytest.mark.parametrize(
    ("verdict", "phrase", "finding"),
    [
        ("above", "a real change",
         "Meeting across function is really up by 8 % in the last quarter"),
        ("noise", "no change larger than 5 %",
         "Meeting across function: no change larger than 5 % in the last quarter"),
        ("noise", "too early: about 1 200 more pairings would show a change of 5 %",
         "Too early to say whether meeting across function changed in the last quarter"),
    ],
)  # fmt: skip
def test_the_verdict_on_a_change_is_its_finding(verdict, phrase, finding) -> None:
    change = cell("ratio_change", period="2026-Q3", estimate=1.08, verdict=verdict, phrase=phrase,
                  printed="+8 %")  # fmt: skip
    assert change_finding(change, "function").replace("\\", "") == finding


def test_no_finding_is_longer_than_fourteen_words() -> None:
    for points in product((-4, 0, 9), repeat=4):
        for verdict in ("above", "below", "noise"):
            assert len(split_finding(split(points, verdict)).split()) <= 14


def test_bars_lead_from_the_first_share_to_the_last() -> None:
    ends = [cell("cross_group_share", estimate=share, printed=f"{share:.0%}")
            for share in (0.50, 0.56)]  # fmt: skip
    names = NAMES | {"earlier": "Q1", "later": "Q2"}
    rows = change_rows(ends[0], split((4, -1, 3, 0)), ends[1], names)
    assert [row["start"] for row in rows] == [0.50, 0.50, 0.54, 0.53, 0.56, 0.56]
    assert [row["end"] for row in rows] == [0.50, 0.54, 0.53, 0.56, 0.56, 0.56]
    assert [row["name"] for row in rows][::5] == ["Q1", "Q2"]
    ticks = change_ticks(rows)
    assert ticks[0] <= 0.50 and ticks[-1] >= 0.56
