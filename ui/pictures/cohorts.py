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
    LOCATION,
    ORGANISATION,
    RATE,
    SAFETY,
    SCALE,
    SKILL,
    Compared,
    compared_at,
    compared_in,
    differing,
    intakes_of,
    label_of,
    limits_of,
    name_of,
    unit_short,
    units_in,
    value_of,
)
from ui.controls import headline_attribute, told_apart
from ui.frame import Picture, mode
from ui.pictures.cohort_words import (
    COHORT,
    above_words,
    funnel_finding,
    note_words,
    order_words,
    overview_finding,
    place_words,
    size_words,
    spread_finding,
    with_article,
)
from ui.pictures.skills import telling_skill
from ui.words import capital, safe

BESIDE_SIZE = {
    "above": "above what its size explains",
    "below": "below what its size explains",
    "noise": "within what its size explains",
}
MOST_COLUMNS, MOST_ROWS = 7, 30


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
    own = (_funnel(release, level, one, whole, units), _drawn_in(release, level, one, shown))
    # what was asked for and cannot be drawn by itself stands in the overview, with the reason
    columns = columns_of(release, slice_, level, () if any(own) else (one,))
    pictures = (_overview(release, slice_, level, shown, columns), *own)
    return [picture for picture in pictures if picture is not None]


def _telling_first(release: Release, slice_: str, level: str, units: Sequence[str]) -> list[str]:
    """Return the units that are listed, in their order: of very many, those that differ first."""
    if len(units) <= MOST_ROWS:
        return list(units)
    telling = [cell.slice for _, cell in differing(release, slice_, level)]
    kept = set(list(dict.fromkeys([*telling, *units]))[:MOST_ROWS])
    return [unit for unit in units if unit in kept]


def columns_of(
    release: Release, slice_: str, level: str, asked: Sequence[Compared] = ()
) -> list[Compared]:
    """Return the quantities of the overview: what was asked for, where any differs, the usual."""
    known = compared_at(release, slice_, level)
    skill = telling_skill(release, slice_)
    usual = [one for one in known.values() if one.breakdown == RATE]
    usual += [
        one for key in (headline_attribute(release), skill, SAFETY)
        if (one := known.get(key or "")) is not None
    ]  # fmt: skip
    telling = [one for one, _ in differing(release, slice_, level)]
    chosen = list(dict.fromkeys([*asked, *telling, *usual]))[:MOST_COLUMNS]
    return [one for one in known.values() if one in chosen]


def _overview(
    release: Release, slice_: str, level: str, units: Sequence[str], columns: Sequence[Compared]
) -> Picture | None:
    heads = {one: heading(release, one) for one in columns}
    called = names_in(release, units)
    entries = [
        (called[unit], one, value_of(release, one, unit)) for unit in units for one in columns
    ]
    cells = [(one, cell) for _, one, cell in entries if cell is not None]
    if not cells:
        return None
    rows = overview_rows([(name, heads[one], cell) for name, one, cell in entries])
    above = above_words(release, level, units)
    gains = (
        " Skills and scales: change in points."
        if any(one.kind == "points" for one in columns)
        else ""
    )
    return Picture(
        key="cohorts_overview",
        finding=overview_finding(release, slice_, level),
        how_to_read=(
            f"Each {level} beside all of {above}. Plain: within what its size explains. "
            f"▲ above and ▼ below, beyond that.{gains} {order_words(level)}"
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
        note=note_words(release, slice_, level),
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
    rows = funnel_rows(limits, cells, names, one.kind)
    sizes = sorted(int(cell.period) for cell in limits["inner"])
    what = size_words(one, level)
    return Picture(
        key="cohorts_funnel",
        finding=funnel_finding(release, level, one, whole, cells),
        how_to_read=(
            f"{safe(name_of(release, one))} of each {level} against its size. Dotted: all of "
            f"{place_words(release, whole)}. Grey: where 95 %, and pale 99.8 %, of such {level}s "
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
    rows, above = drawn_in_rows(cells, drawn, names), above_words(release, level, units)
    return Picture(
        key="cohorts_drawn_in",
        finding=spread_finding(release, level, one, drawn),
        how_to_read=(
            f"Dot: {with_article(level)} drawn towards {above} by as much as its size leaves open, "
            f"with 95 % interval. Tick: by itself. Grey: what its size allows. {order_words(level)}"
        ),
        spec=caterpillar(
            ticks_of(rows, one.kind), _order(rows, "group"), gaps_in(rows), one.kind, mode()
        ),
        rows=rows,
        cells=[_with_verdict(drawn.get(cell.slice, cell), cell) for cell in cells],
        names=names,
        by="slice",
        against=BESIDE_SIZE,
        note=f"Small {level}s are drawn furthest",
    )


def _with_verdict(shown: Cell, own: Cell) -> Cell:
    """Return the value drawn in, with the verdict on the value itself."""
    return replace(shown, verdict=own.verdict) if own.is_drawn else own
