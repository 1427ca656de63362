"""A release made by hand: every state of a cell in a few cells, with names as nasty as needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from release import Cell, Contents, Group, MeasureText, Period, Release, Scope
from release.contents import WHOLE

ABOUT = {
    "built_at": "2026-10-01T08:00:00+00:00",
    "as_of": "2026-09-23",
    "organisation": "Example & Sons",
    "minimum_people": "10",
    "minimum_effective": "5",
    "lowered": "",
    "headline_attribute": "",
    "special_purpose": "",
}
RATES = ("participation_rate", "completion_rate", "feedback_rate")
QUARTERS = ("2025-Q4", "2026-Q1", "2026-Q2")
PROGRAMME, COHORT = "programme=p", "cohort=c"
HIDDEN_WORDS = "Hidden here, since fewer than 10 people."


def cell(estimate: float | None = 1.1, verdict: str = "noise", **facts: object) -> Cell:
    """Return a cell with the numbers that follow from its estimate, all rounded by hand."""
    number = 0.0 if estimate is None else estimate
    written = "hidden" if estimate is None else f"{100 * (number - 1):+.0f} %".replace("-", "−")
    kept = {name: None if estimate is None else number + by for name, by in AROUND.items()}
    lottery = dict.fromkeys(("expected", "lottery_low", "lottery_high"))
    lottery |= (
        {} if estimate is None else {"expected": 1.0, "lottery_low": 0.95, "lottery_high": 1.05}
    )
    base = {
        "measure": "cross_group_ratio", "slice": "organisation", "breakdown": "function",
        "group": WHOLE, "period": WHOLE, "estimate": estimate, **kept, **lottery,
        "people": 120, "pairs": 400, "status": "shown", "verdict": verdict, "printed": written,
        "phrase": _phrase(number), "interval": "+4 to +16 %", "behind": "120 people, 400 pairings",
        "sentence": "A published sentence.", "reason": "",
    }  # fmt: skip
    return Cell(**(base | facts))


AROUND = {"low": -0.06, "high": 0.06}


def _phrase(ratio: float) -> str:
    return f"{abs(100 * (ratio - 1)):.0f} % {'more' if ratio >= 1 else 'less'} often"


def hidden(status: str = "small", **facts: object) -> Cell:
    """Return a cell that the gate withheld."""
    nothing = {"people": None, "pairs": None, "phrase": "", "interval": "", "behind": ""}
    words = {"sentence": HIDDEN_WORDS, "reason": "fewer than 10 people"}
    return cell(None, "", **(nothing | words | {"status": status} | facts))


def undefined(**facts: object) -> Cell:
    """Return a cell that is 0 of 0."""
    words = {"printed": "not defined", "reason": "nobody could meet", "sentence": "Not defined."}
    return hidden("undefined", **(words | facts))


def too_few(**facts: object) -> Cell:
    """Return a cell whose number is too weak to judge."""
    return cell(1.2, "", **({"status": "too_few", "reason": "fewer than five expected"} | facts))


def attribute(key: str, label: str, note: str = "") -> Scope:
    return Scope(
        kind="breakdown", key=key, label=label, part_of="", note=note, coverage="93 %",
        left_out="", sort=0,
    )  # fmt: skip


def slice_(key: str, label: str, part_of: str = "") -> Scope:
    return replace(attribute(key, label), kind="slice", part_of=part_of, coverage="")


def measure(key: str) -> MeasureText:
    return MeasureText(
        key=key, title=key.replace("_", " ").capitalize(), question="What?", unit="share_ratio",
        sensitivity="attitude", better="higher", definition="Defined so.", caveat="Not all.",
        source="Example 1999", sort=0,
    )  # fmt: skip


def periods(quarters: Sequence[str] = QUARTERS) -> tuple[Period, ...]:
    labels = [f"{quarter[5:]} {quarter[:4]}" for quarter in quarters]
    single = zip(quarters, labels, strict=True)
    return (
        Period(key=WHOLE, label="All quarters", sort=0),
        *(Period(key=key, label=label, sort=number) for number, (key, label) in enumerate(single)),
    )


def groups(labels: Sequence[str], breakdown: str = "function") -> tuple[Group, ...]:
    return tuple(
        Group(breakdown=breakdown, key=f"g{number}", label=label, short=label, sort=number)
        for number, label in enumerate(labels)
    )


def pairs_of(number: int) -> list[str]:
    return [f"g{one}|g{other}" for one in range(number) for other in range(one, number)]


def contents(
    cells: Sequence[Cell] | None = None,
    *,
    names: Sequence[str] = ("Design", "Sales", "Support"),
    label: str = "function",
    programme: str = "Crossings",
    quarters: Sequence[str] = QUARTERS,
    scopes: Sequence[Scope] | None = None,
    **about: str,
) -> Contents:
    """Return a small release; by default every picture of every page has something to draw."""
    return Contents(
        cells=tuple(every_cell(len(names), quarters) if cells is None else cells),
        measures=tuple(map(measure, (*RATES, "cross_group_ratio", "group_pair_ratio"))),
        scopes=tuple(
            scopes
            or (
                slice_("organisation", "Whole organisation"),
                slice_(PROGRAMME, programme, "organisation"),
                slice_(COHORT, "Spring", PROGRAMME),
                attribute("function", label),
                attribute("gender", "gender"),
            )
        ),
        groups=groups(names) + groups(("Women", "Men"), "gender"),
        periods=periods(quarters),
        about=ABOUT | about,
    )


def every_cell(number: int, quarters: Sequence[str]) -> list[Cell]:
    """Return cells of both attributes over all quarters, groups and pairs, and the rates."""
    found = [
        cell(1.05, "", measure=key, breakdown="none", period=quarter)
        for key in RATES
        for quarter in quarters
    ]
    for breakdown, size in (("function", number), ("gender", 2)):
        for where in ("organisation", PROGRAMME):
            place = {"breakdown": breakdown, "slice": where}
            found += [
                cell(1.18, "above", **place),
                cell(1.1, "", measure="cross_group_share", **place),
            ]
            found += [cell(1.1, "above", period=quarter, **place) for quarter in quarters]
            found += [cell(1.02, "above", measure="cross_group_trend", **place)]
            found += [cell(1.1, "noise", group=f"g{group}", **place) for group in range(size)]
            found += [
                cell(0.7, "below", measure="group_pair_ratio", group=pair, **place)
                for pair in pairs_of(size)
            ]
        found.append(cell(1.0, "noise", breakdown=breakdown, slice=COHORT))
    return found


def opened(**facts: object) -> Release:
    """Return the small release, opened."""
    return Release(contents(**facts))
