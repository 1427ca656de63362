"""Small releases that are made by hand, so that every value in them is known."""

from __future__ import annotations

from dataclasses import replace

from release.contents import Cell, Contents, Group, MeasureText, Period, Scope

SHOWN = Cell(
    measure="cross_group_share",
    slice="organisation",
    breakdown="function",
    group="all",
    period="all",
    estimate=0.62,
    low=0.55,
    high=0.68,
    expected=0.6,
    lottery_low=0.5723,
    lottery_high=0.6277,
    people=120,
    pairs=340,
    status="shown",
    verdict="noise",
    printed="62\u202f%",
    phrase="62\u202f%",
    interval="55 to 68\u202f%",
    behind="120 people, 340 pairings",
    sentence="In the whole organisation, people met outside their own function.",
    reason="",
)
WITHOUT_NUMBERS = dict.fromkeys(
    ("estimate", "low", "high", "expected", "lottery_low", "lottery_high", "people", "pairs")
)
HIDDEN = replace(
    SHOWN,
    **WITHOUT_NUMBERS,
    group="x, \"quoted\"\nand 'broken'",
    status="small",
    verdict="",
    printed="hidden",
    phrase="",
    interval="",
    behind="",
    reason="fewer than 10 people",
)
PROTECTED = replace(HIDDEN, group="y", status="protects", reason="it would reveal a smaller group")
UNDEFINED = replace(
    HIDDEN, group="z", status="undefined", printed="not defined", people=15, pairs=0, reason="why"
)
TOO_FEW = replace(SHOWN, group="w", period="2026-Q1", status="too_few", verdict="", reason="weak")

CELLS = (SHOWN, HIDDEN, PROTECTED, UNDEFINED, TOO_FEW)


def make_contents(number: int = 0, cells: tuple[Cell, ...] = CELLS) -> Contents:
    """Return contents of which every table and every cell carries the number."""
    return Contents(
        cells=tuple(replace(cell, sentence=f"{cell.sentence} {number}") for cell in cells),
        measures=(
            MeasureText(
                key="cross_group_share",
                title=f"Share {number}",
                question="?",
                unit="share",
                sensitivity="attitude",
                better="neither",
                definition="é ü 漢",
                caveat="",
                source="",
                sort=0,
            ),
        ),
        scopes=(
            _scope("slice", "organisation", number),
            _scope("slice", "programme=a", 1),
            _scope("breakdown", "function", 0),
        ),
        groups=(Group(breakdown="function", key="y", label="Y", short="Y", sort=number),),
        periods=(
            Period(key="all", label="All quarters", sort=number),
            Period(key="2026-Q1", label="Q1 2026", sort=1),
        ),
        about={"built_at": f"2026-01-01T00:00:{number:02d}+00:00", "number": str(number)},
    )


def _scope(kind: str, key: str, sort: int) -> Scope:
    return Scope(
        kind=kind, key=key, label=key.title(), part_of="", note="", coverage="", left_out="",
        sort=sort,
    )  # fmt: skip


def numbers_in(contents: Contents) -> set[int]:
    """Return the numbers that the tables carry; more than one means a mix of releases."""
    said = {int(cell.sentence.rsplit(" ", 1)[1]) for cell in contents.cells}
    said.add(int(contents.measures[0].title.split()[1]))
    said |= {contents.scopes[0].sort, contents.groups[0].sort, contents.periods[0].sort}
    return said | {int(contents.about["number"])}
