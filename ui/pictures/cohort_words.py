"""What cohorts, programmes, locations and intakes beside each other find, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from release import Cell, Release
from ui.compared import (
    BEYOND,
    INTAKE,
    INTAKES,
    LOCATION,
    ORGANISATION,
    RATE,
    SCALE,
    SKILL,
    Compared,
    above_of,
    differing,
    inside,
    name_of,
    unit_label,
    units_in,
    values_in,
)
from ui.words import capital, listed, safe

COHORT = "cohort"
MOST_NAMED = 2
SPREAD_END = " (standard deviation)"
KINDS = {RATE: "rates", SKILL: "skills", SCALE: "scales"}
CROSSING = "meeting across groups"
"""What of intakes is judged together, each kind by itself."""
PEOPLE = {
    "participation_rate": "People who could take part",
    "feedback_rate": "People who met",
    SKILL: "People rated first and last",
    SCALE: "People who answered first and last",
}
"""What the size of a unit counts where it counts people."""


def above_words(release: Release, level: str, units: Sequence[str]) -> str:
    """Return beside what units stand, in words."""
    if level == INTAKE and above_of(units[0], release) != ORGANISATION:
        return "the programme"
    return "its programme" if level == COHORT else "the organisation"


def note_words(release: Release, slice_: str, level: str) -> str:
    """Return over what verdicts are corrected, and what else sets units apart."""
    if level == LOCATION:
        return (
            "Verdicts on rates are corrected together, and so are those on growth and meeting "
            "across groups · Locations take part in different programmes: Equity gaps compares "
            "people of the same"
        )
    if level == INTAKE:
        return f"{_corrected_by_kind(release, slice_)} · {_of_intakes(slice_)}"
    comparisons = len(_judged(release, units_in(release, ORGANISATION, level)))
    return f"Verdicts are corrected for {comparisons} comparisons"


def _corrected_by_kind(release: Release, slice_: str) -> str:
    """Return over how many values verdicts on intakes are corrected: each kind by itself."""
    programmes = [key for key in release.slices if key.startswith("programme=")]
    wholes = [ORGANISATION] if slice_ == ORGANISATION else programmes
    units = [unit for whole in wholes for unit in units_in(release, whole, INTAKE)]
    often = Counter(KINDS.get(cell.breakdown, CROSSING) for cell in _judged(release, units))
    kinds = [f"{often[kind]} on {kind}" for kind in dict.fromkeys([*KINDS.values(), CROSSING])
             if often[kind]]  # fmt: skip
    together = "together" if len(kinds) == 1 else "each kind by itself"
    return f"Comparisons are corrected {together}: {listed(kinds)}"


def _of_intakes(slice_: str) -> str:
    """Return what an intake is."""
    first = "the quarter in which their first enrolment began"
    if slice_ == ORGANISATION:
        return f"Intake: people by {first}, in whatever programme, so programmes are mixed"
    return f"Intake: people by {first} here; whoever came again counts once"


def with_article(level: str) -> str:
    """Return the name of a level with its article."""
    return f"an {level}" if level[0] in "aeiou" else f"a {level}"


def order_words(level: str) -> str:
    """Return what the order of the rows is."""
    of_what = {LOCATION: "the groups", INTAKE: "time"}.get(level, "the programmes")
    return f"The order is that of {of_what}, no ranking."


def _judged(release: Release, units: Sequence[str]) -> list[Cell]:
    """Return the values that have a verdict."""
    return [cell for cell in values_in(release, units) if cell.verdict]


def overview_finding(release: Release, slice_: str, level: str) -> str:
    """Return which units differ beyond what their size explains."""
    units = units_in(release, slice_, level)
    found = differing(release, slice_, level)
    who = list(dict.fromkeys(cell.slice for _, cell in found))
    if not any(cell.verdict for cell in values_in(release, units)):
        return f"No {level} can be compared here"
    if not who:
        alone = f"{capital(safe(unit_label(release, units[0])))} does not differ"
        return (
            f"{alone if len(units) == 1 else f'No {level} differs'} beyond what its size explains"
        )
    if len(who) == len(units) > MOST_NAMED:
        return f"Every {level} differs beyond what its size explains"
    if len(who) > MOST_NAMED:
        return f"{len(who)} of {len(units)} {level}s differ beyond what their size explains"
    names = listed([safe(unit_label(release, key)) for key in who])
    verb = "differs beyond what its" if len(who) == 1 else "differ beyond what their"
    return f"{capital(names)} {verb} size explains"


def place_words(release: Release, whole: str) -> str:
    """Return the name of a whole, fit to follow "of"."""
    if whole in (ORGANISATION, LOCATION, INTAKES):
        return "the organisation"
    key = whole.replace(f"{INTAKES}=", "programme=", 1)
    return safe(release.slices[key].label)


def size_words(one: Compared, level: str) -> str:
    """Return what the size of a unit counts."""
    if level == LOCATION and one.breakdown == RATE:
        return "People"
    if one.key == "completion_rate" or one.kind == "ratio":
        return "Pairings"
    return PEOPLE.get(one.key, PEOPLE.get(one.breakdown, "People"))


def funnel_finding(
    release: Release, level: str, one: Compared, whole: str, cells: Sequence[Cell]
) -> str:
    """Return which member of a whole lies outside its limits."""
    name = safe(name_of(release, one))
    beyond = [cell for cell in cells if cell.verdict in BEYOND]
    place = place_words(release, whole)
    if not any(cell.is_drawn for cell in cells):
        return f"{name} cannot be shown for any {level} of {place}"
    if not beyond:
        return f"{name}: size explains how {level}s of {place} differ"
    if len(beyond) > 1:
        return f"{name} differs in {len(beyond)} of {len(cells)} {level}s beyond their size"
    (cell,) = beyond
    way = "higher" if cell.verdict == "above" else "lower"
    who = safe(unit_label(release, cell.slice))
    return f"{name} in {who} is {way} than its size explains"


def spread_finding(release: Release, level: str, one: Compared, drawn: dict[str, Cell]) -> str:
    """Return by how much units truly differ."""
    reason = next(iter(drawn.values())).reason.removesuffix(SPREAD_END)
    # each cohort is drawn towards its own programme, and programmes may lie far apart
    ours = ("cohorts really", "cohorts of a programme")
    said = reason.replace(*(ours if level == COHORT else ("cohorts", f"{level}s")))
    return f"{capital(safe(said))} in {inside(name_of(release, one))}"
