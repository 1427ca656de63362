"""The large sentence of a page, put together from published phrases and verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from release import Cell, Group, Release
from release.contents import WHOLE
from ui.words import coloured, safe

NUMBERS = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    "Eleven", "Twelve",
)  # fmt: skip
AS_A_LOTTERY = "about as often as"
ORGANISATION = "organisation"
NOTHING_PUBLISHED = (
    "No attribute is published in this release, so nothing can be said of groups. The Data page "
    "tells for how many people groups are known, and since when."
)


def across(release: Release, attribute: str) -> str:
    """Return the name of an attribute, safe inside Markdown."""
    return safe(release.breakdowns[attribute].label)


def connection_sentence(cell: Cell | None, release: Release, subject: str = "People") -> str:
    """Return how often people meet outside their own group, against a lottery."""
    if cell is None:
        return (
            "This combination is not in the catalogue of this release. Choose all quarters, or a "
            "larger part of the organisation."
        )
    name = across(release, cell.breakdown)
    if cell.is_hidden:
        return f"How often people meet outside their own {name} is hidden here: {cell.reason}."
    if cell.status == "undefined":
        return f"Whether people meet outside their own {name} is not defined here: {cell.reason}."
    if cell.status == "too_few":
        return (
            f"Too few to say whether people meet outside their own {name} more than a lottery "
            "would give."
        )
    often = cell.phrase if cell.verdict in ("above", "below") else AS_A_LOTTERY
    # "7 % more often than" or "about as often as": only the first is a finding and has a colour
    joined = f"{coloured(often, cell.verdict)} than" if often != AS_A_LOTTERY else often
    return f"{subject} meet outside their own {name} {joined} a lottery would give"


def people_of(release: Release, slice_: str, period: str) -> str:
    """Return the subject of a sentence: "People", or "In Crossings, Q3 2026, people"."""
    where = "" if slice_ == ORGANISATION else safe(release.slices[slice_].label)
    when = "" if period == WHOLE else safe(release.periods[period].label)
    place = ", ".join(filter(None, (where, when)))
    return f"In {place}, people" if place else "People"


def is_finding(cell: Cell | None) -> bool:
    """Tell whether a cell can be followed by more words in the same sentence."""
    return cell is not None and cell.status == "shown"


def exceptions(pairs: Sequence[Cell], groups: dict[str, Group]) -> str:
    """Name the two groups that pass each other by most, if any do beyond noise."""
    apart = [cell for cell in pairs if cell.verdict == "below" and is_between(cell)]
    if not apart:
        return ""
    worst = min(apart, key=lambda cell: cell.estimate)
    one, other = (safe(groups[key].label) for key in worst.group.split("|"))
    return f" Furthest below it: {coloured(f'{one} with {other}', 'below')}."


def is_between(cell: Cell) -> bool:
    """Tell whether a cell is about two groups, not about one with itself."""
    return len(set(cell.group.split("|"))) == 2


def group_finding(cells: Sequence[Cell], release: Release, attribute: str) -> str:
    """Return the finding over the ranked groups."""
    groups = release.groups(attribute)
    above = [safe(groups[cell.group].label) for cell in cells if cell.verdict == "above"]
    below = [safe(groups[cell.group].label) for cell in cells if cell.verdict == "below"]
    if not any(cell.is_drawn for cell in cells):
        return "No group can be shown by itself here"
    if not any(cell.verdict for cell in cells):
        return "Too few to say for any group"
    if not above and not below:
        return "No group differs from a lottery beyond noise"
    # "for" suits any name, singular or plural: Engineering, women, 2 to 5 years
    said = [
        f"{way} a lottery for {_some(names, len(cells))}"
        for way, names in (("above", above), ("below", below))
        if names
    ]
    return f"Mixing is {' and '.join(said)}"


def _some(names: Sequence[str], total: int) -> str:
    """Name up to two groups; count the others."""
    if len(names) == total:
        return "every group"
    if len(names) <= 2:
        return " and ".join(names)
    return f"{names[0]} and {len(names) - 1} other groups"


def pair_finding(cells: Sequence[Cell]) -> str:
    """Return the finding over the group by group table."""
    shown = [cell for cell in cells if cell.is_drawn and is_between(cell)]
    if not shown:
        return "No pair of groups can be shown here"
    if not any(cell.verdict for cell in shown):
        return "Too few to say for any pair of groups"
    verdicts = [cell.verdict for cell in shown]
    above, below = verdicts.count("above"), verdicts.count("below")
    if not above and not below:
        one = "The only pair of groups shown meets as a lottery gives, within noise"
        many = f"None of {len(shown)} pairs of groups differs from a lottery beyond noise"
        return one if len(shown) == 1 else many
    first, how = (above, "more") if above else (below, "less")
    meet = "pair of groups meets" if first == 1 else "pairs of groups meet"
    others = f", {_spelt(below).lower()} less" if above and below else ""
    return f"{_spelt(first)} {meet} {how} than a lottery gives{others}"


def ranking_finding(cells: Sequence[Cell], groups: dict[str, Group]) -> str:
    """Return which two groups meet least against a lottery, or else which meet most."""
    drawn = [cell for cell in cells if cell.is_drawn]
    if not drawn:
        return "No pair of groups can be ranked here"
    for verdict, how, pick in (("below", "least", min), ("above", "most", max)):
        found = [cell for cell in drawn if cell.verdict == verdict]
        if found:
            far = pick(found, key=lambda cell: cell.estimate)
            one, other = (safe(groups[key].label) for key in far.group.split("|"))
            return f"{one} and {other} meet {how} against a lottery"
    return "No two groups stand out beyond noise"


def _spelt(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def trend_finding(series: Sequence[Cell], trend: Cell | None, name: str) -> str:
    """Return the finding over the trend."""
    drawn = [cell for cell in series if cell.is_drawn]
    if not drawn:
        return "No single quarter can be shown here"
    if trend is None or not is_finding(trend):
        return f"Meeting across {name}, quarter by quarter"
    words = {
        "above": f"Meeting across {name} is rising against a lottery",
        "below": f"Meeting across {name} is falling against a lottery",
    }
    return words.get(trend.verdict, f"Meeting across {name} shows no trend beyond noise")


def trend_note(trend: Cell | None) -> str:
    """Return the size of a trend, where there is one beyond noise."""
    return (
        safe(trend.sentence.rstrip("."))
        if is_finding(trend) and trend.verdict in ("above", "below")
        else ""
    )


def whole(release: Release, measure: str, slice_: str, attribute: str, period: str) -> Cell | None:
    """Return the cell of all groups together."""
    return release.cell(measure, slice_, attribute, WHOLE, period)
