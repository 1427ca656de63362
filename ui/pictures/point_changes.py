"""One picture of changes in points, a dot each, whatever tells them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.growth import NO_CHANGE, change_dots, point_rows, point_ticks
from charts.rows import gaps_in
from release import Cell
from ui.frame import Picture, mode
from ui.words import AGAINST_NO_CHANGE


def points_picture(
    cells: Sequence[Cell],
    names: dict[str, str],
    *,
    key: str,
    finding: str,
    how_to_read: str,
    by: str = "group",
    against: dict[str, str] = AGAINST_NO_CHANGE,
    ticks: Mapping[str, Cell] | None = None,
    also: Mapping[str, str] | None = None,
    band: bool = False,
    as_given: bool = False,
    at_zero: str = NO_CHANGE,
    behind: str = "",
    note: str = "",
) -> Picture:
    """Return the picture of changes; see `point_rows` and `change_dots` for what may stand beside.

    ``by`` is the field that tells cells apart, and the key of ``names``, ``ticks`` and ``also``.
    The largest change stands first unless cells are to stand as they are given.
    """
    rows = point_rows(cells, names, by, ticks, also, as_given=as_given)
    ticks_on_axis = point_ticks(rows, band=band)
    spec = change_dots(ticks_on_axis, len(rows), gaps_in(rows), mode(), band, at_zero)
    return Picture(
        key=key,
        finding=finding,
        how_to_read=how_to_read,
        spec=spec,
        rows=rows,
        cells=cells,
        names=names,
        by=by,
        against=against,
        behind=behind,
        note=note,
    )
