"""Pictures of cohorts beside each other: where each differs, the funnel, and drawn in by size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from charts.cohort_rows import drawn_in_rows, funnel_rows, overview_rows
from charts.cohorts import caterpillar, funnel, overview, ticks_of
from charts.engagement import is_hidden
from charts.rows import Row, gaps_in
from release import Cell, Release
from ui.compared import (
    BEYOND,
    INTAKE,
    INTAKES,
    LOCATION,
    ORGANISATION,
    RATE,
    SAFETY,
    SCALE,
    SKILL,
    Compared,
    above_of,
    compared_at,
    compared_in,
    differing,
    inside,
    intakes_of,
    label_of,
    limits_of,
    name_of,
    unit_label,
    unit_short,
    units_in,
    value_of,
    values_in,
)
from ui.controls import headline_attribute, told_apart
from ui.frame import Picture, mode
from ui.pictures.skills import telling_skill
from ui.words import capital, listed, safe

COHORT = "cohort"
BESIDE_SIZE = {
    "above": "above what its size explains",
    "below": "below what its size explains",
    "noise": "within what its size explains",
}
MOST_NAMED, MOST_COLUMNS, MOST_ROWS = 2, 7, 30
SPREAD_END = " (standard deviation)"
PEOPLE = {
    "participation_rate": "People who could take part",
    "feedback_rate": "People who met",
    SKILL: "People rated first and last",
    SCALE: "People who answered first and last",
}
"""What the size of a unit counts where it counts people."""


def cohort_pictures(
    release: Release, slice_: str, level: str, compared: str | None
) -> list[Picture]:
    """Return the overview, then one quantity as a funnel and drawn in by size."""
    units = units_in(release, slice_, level)
    one = compared_in(release).get(compared or "")
    if not units or one is None:
        return []
    whole = _whole_of(release, slice_, level, one, units)
    shown = _telling_first(release, slice_, level, units)
    pictures = (
        _overview(release, slice_, level, shown),
        _funnel(release, level, one, whole, units),
        _drawn_in(release, level, one, shown),
    )
    return [picture for picture in pictures if picture is not None]


def _telling_first(release: Release, slice_: str, level: str, units: Sequence[str]) -> list[str]:
    """Return the units that are listed, in their order: of very many, those that differ first."""
    if len(units) <= MOST_ROWS:
        return list(units)
    telling = [cell.slice for _, cell in differing(release, slice_, level)]
    kept = set(list(dict.fromkeys([*telling, *units]))[:MOST_ROWS])
    return [unit for unit in units if unit in kept]


def columns_of(release: Release, slice_: str, level: str) -> list[Compared]:
    """Return the quantities of the overview: the usual ones, and those on which any differs."""
    known = compared_at(release, slice_, level)
    skill = telling_skill(release, slice_)
    usual = [one for one in known.values() if one.breakdown == RATE]
    usual += [
        one for key in (headline_attribute(release), skill, SAFETY)
        if (one := known.get(key or "")) is not None
    ]  # fmt: skip
    telling = [one for one, _ in differing(release, slice_, level)]
    chosen = list(dict.fromkeys([*telling, *usual]))[:MOST_COLUMNS]
    return [one for one in known.values() if one in chosen]


def _overview(release: Release, slice_: str, level: str, units: Sequence[str]) -> Picture | None:
    columns = columns_of(release, slice_, level)
    heads = {one: heading(release, one) for one in columns}
    called = names_in(release, units)
    entries = [
        (called[unit], one, value_of(release, one, unit)) for unit in units for one in columns
    ]
    cells = [(one, cell) for _, one, cell in entries if cell is not None]
    if not cells:
        return None
    rows = overview_rows([(name, heads[one], cell) for name, one, cell in entries])
    above = _above(release, level, units)
    return Picture(
        key="cohorts_overview",
        finding=overview_finding(release, slice_, level),
        how_to_read=(
            f"Each {level} beside all of {above}. Plain: within what its size explains. "
            f"▲ above and ▼ below, beyond that. {_in_order(level)}"
        ),
        spec=overview(_order(rows, "row"), tuple(heads.values()), is_hidden(rows), mode()),
        rows=rows,
        cells=[replace(cell, group=_place(one, cell)) for one, cell in cells],
        names={
            _place(one, cell): f"{called[cell.slice]}, {name_of(release, one)}"
            for one, cell in cells
        },
        by="group",
        against=BESIDE_SIZE,
        note=_note(release, slice_, level),
    )


def names_in(release: Release, units: Sequence[str]) -> dict[str, str]:
    """Return the names of units, told apart where two are called the same."""
    return told_apart({unit: unit_short(release, unit) for unit in units})


def _order(rows: Sequence[Row], field: str) -> tuple[str, ...]:
    """Return the names on the axis, in the order of the rows."""
    return tuple(dict.fromkeys(str(row[field]) for row in rows))


def heading(release: Release, one: Compared) -> str:
    """Return the name of a quantity over its column."""
    if one.breakdown in (RATE, SKILL, SCALE):
        group = release.groups(one.breakdown).get(one.group)
        return label_of(release, one) if group is None else group.short
    return f"Across {label_of(release, one)}"


def _place(one: Compared, cell: Cell) -> str:
    """Return what tells the rows of a table over several quantities apart."""
    return f"{cell.slice} {one.key}"


def _above(release: Release, level: str, units: Sequence[str]) -> str:
    """Return beside what units stand, in words."""
    if level == INTAKE and above_of(units[0], release) != ORGANISATION:
        return "the programme"
    return "its programme" if level == COHORT else "the organisation"


def _note(release: Release, slice_: str, level: str) -> str:
    """Return over what verdicts are corrected, and what else sets units apart."""
    if level == LOCATION:
        return (
            "Verdicts on rates, and those on growth, are corrected together · Locations take part "
            "in different programmes: Equity gaps compares people of the same"
        )
    corrected = f"Verdicts are corrected for {_comparisons(release, slice_, level)} comparisons"
    return f"{corrected} · {_of_intakes(slice_)}" if level == INTAKE else corrected


def _of_intakes(slice_: str) -> str:
    """Return what an intake is."""
    first = "the quarter in which their first enrolment began"
    if slice_ == ORGANISATION:
        return f"Intake: people by {first}, in whatever programme, so programmes are mixed"
    return f"Intake: people by {first} here; whoever came again counts once"


def _a(level: str) -> str:
    return f"an {level}" if level[0] in "aeiou" else f"a {level}"


def _in_order(level: str) -> str:
    """Return what the order of the rows is."""
    of_what = {LOCATION: "the groups", INTAKE: "time"}.get(level, "the programmes")
    return f"The order is that of {of_what}, no ranking."


def _comparisons(release: Release, slice_: str, level: str) -> int:
    """Return over how many values the verdicts are corrected."""
    units = units_in(release, ORGANISATION, level)
    if level == INTAKE and slice_ != ORGANISATION:
        programmes = [key for key in release.slices if key.startswith("programme=")]
        units = [unit for key in programmes for unit in units_in(release, key, level)]
    return sum(cell.verdict != "" for cell in values_in(release, units))


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


def _whole_of(
    release: Release, slice_: str, level: str, one: Compared, units: Sequence[str]
) -> str:
    """Return the programme whose funnel is drawn: the chosen one, or where a cohort differs."""
    if level != COHORT:
        wholes = {LOCATION: LOCATION, INTAKE: intakes_of(slice_)}
        return wholes.get(level, ORGANISATION)
    if slice_ != ORGANISATION:
        return release.slices[units[0]].part_of
    values = {unit: value_of(release, one, unit) for unit in units}
    beyond = [unit for unit, cell in values.items() if cell is not None and cell.verdict in BEYOND]
    drawn = [unit for unit, cell in values.items() if cell is not None and cell.is_drawn]
    return release.slices[(beyond or drawn or list(units))[0]].part_of


def _funnel(
    release: Release, level: str, one: Compared, whole: str, units: Sequence[str]
) -> Picture | None:
    """Return the values of all members of a whole against their size."""
    limits = {name: limits_of(release, one, whole, name) for name in ("inner", "outer")}
    members = units if level == INTAKE else units_in(release, whole, level)
    cells = [cell for unit in members if (cell := value_of(release, one, unit)) is not None]
    if not limits["inner"] or not cells:
        return None
    names = names_in(release, members)
    rows = funnel_rows(limits, cells, names)
    sizes = sorted(int(cell.period) for cell in limits["inner"])
    what = _size_words(one, level)
    return Picture(
        key="cohorts_funnel",
        finding=funnel_finding(release, level, one, whole, cells),
        how_to_read=(
            f"{safe(name_of(release, one))} of each {level} against its size. Dotted: all of "
            f"{_place_name(release, whole)}. Grey: where 95 %, and pale 99.8 %, of such {level}s "
            "lie by chance alone. ▲ above and ▼ below, beyond noise."
        ),
        spec=funnel(
            ticks_of(rows, one.kind), (sizes[0], sizes[-1]), what, one.kind, is_hidden(rows), mode()
        ),
        rows=rows,
        cells=cells,
        names=names,
        by="slice",
        against=BESIDE_SIZE,
        note=" · ".join(filter(None, ("Sizes are rounded to fives", _widened(limits["inner"])))),
    )


def _widened(limits: Sequence[Cell]) -> str:
    """Return by how much the limits allow for more than chance, where they do."""
    return capital(safe(limits[0].reason))


def _place_name(release: Release, whole: str) -> str:
    if whole in (ORGANISATION, LOCATION, INTAKES):
        return "the organisation"
    key = whole.replace(f"{INTAKES}=", "programme=", 1)
    return safe(release.slices[key].label)


def _size_words(one: Compared, level: str) -> str:
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
    place = _place_name(release, whole)
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


def _drawn_in(release: Release, level: str, one: Compared, units: Sequence[str]) -> Picture | None:
    """Return the values of all units, drawn in by size where there are enough of them."""
    cells = [cell for unit in units if (cell := value_of(release, one, unit)) is not None]
    measure = f"{one.measure}_shrunk"
    drawn = {
        unit: cell
        for unit in units
        if (cell := release.cell(measure, unit, one.breakdown, one.group)) is not None
    }
    if not drawn or len(cells) < 2:
        return None
    names = names_in(release, units)
    rows = drawn_in_rows(cells, drawn, names)
    return Picture(
        key="cohorts_drawn_in",
        finding=spread_finding(release, level, one, drawn),
        how_to_read=(
            f"Dot: {_a(level)} drawn towards {_above(release, level, units)} by as much as its size leaves open, "
            f"with 95 % interval. Tick: by itself. Grey: what its size allows. {_in_order(level)}"
        ),
        spec=caterpillar(
            ticks_of(rows, one.kind), _order(rows, "group"), gaps_in(rows), one.kind, mode()
        ),
        rows=rows,
        cells=[_with_verdict(drawn.get(cell.slice, cell), cell) for cell in cells],
        names=names,
        by="slice",
        against=BESIDE_SIZE,
        note=f"Small {level}s move most",
    )


def _with_verdict(shown: Cell, own: Cell) -> Cell:
    """Return the value drawn in, with the verdict on the value itself."""
    return replace(shown, verdict=own.verdict) if own.is_drawn else own


def spread_finding(release: Release, level: str, one: Compared, drawn: dict[str, Cell]) -> str:
    """Return by how much units truly differ."""
    reason = next(iter(drawn.values())).reason.removesuffix(SPREAD_END)
    said = reason if level == COHORT else reason.replace("cohorts", f"{level}s")
    return f"{capital(safe(said))} in {inside(name_of(release, one))}"
