"""The picture of how scores of scales spread: low, in the middle, high, wave by wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts.bands import band_ends, band_rows, spread_bars
from charts.rows import gaps_in
from release import Cell, Release
from ui.frame import Picture, mode
from ui.pictures.learning_source import moments
from ui.words import safe

SHARE, BAND, SCALE = "scale_band_share", "scale_band", "scale"
BANDS = ("low", "middle", "high")
Waves = Mapping[str, Sequence[Cell]]
"""Cells low, middle and high by wave."""


def spread_pictures(release: Release, slice_: str, attribute: str | None) -> list[Picture]:
    """Return how scores spread, where published: in the whole organisation."""
    scales = {key: group.label for key, group in release.groups(SCALE).items()}
    found = {key: waves for key in scales if (waves := _waves(release, slice_, key))}
    if not found:
        return []
    whens, said = moments(release), release.groups(BAND)
    bars = {
        scales[key]: [(whens[wave], cells) for wave, cells in waves.items()]
        for key, waves in found.items()
    }
    cells = [cell for waves in found.values() for three in waves.values() for cell in three]
    rows = band_rows(bars)
    order = tuple(dict.fromkeys(row["row"] for row in rows))
    first = next(iter(found))
    low, high = (said[f"{first}.{band}"].label for band in ("low", "high"))
    alike = len({said[f"{key}.low"].label for key in found}) == 1
    on = "" if alike else f" on {scales[first]}"
    return [
        Picture(
            key="spread",
            finding=spread_finding({scales[key]: waves for key, waves in found.items()}),
            how_to_read=(
                f"Share of people by score, from left to right: low ({safe(low + on)}), in the "
                f"middle, on which bars are centred, and high ({safe(high)})."
            ),
            spec=spread_bars(band_ends(rows), order, gaps_in(rows), mode()),
            rows=rows,
            cells=cells,
            names={
                f"{key}.{band}": f"{scales[key]}: {band} ({said[f'{key}.{band}'].label})"
                for key in found
                for band in BANDS
            },
            by="group",
            against={},
            behind=_behind(cells),
            note="Whether a scale moves is what the change of the same people says",
            columns={"Wave": [whens[cell.period] for cell in cells]},
        )
    ]


def _waves(release: Release, slice_: str, scale: str) -> dict[str, tuple[Cell, ...]]:
    found = {}
    for wave in moments(release):
        three = (release.cell(SHARE, slice_, BAND, f"{scale}.{band}", wave) for band in BANDS)
        cells = tuple(cell for cell in three if cell is not None)
        if len(cells) == len(BANDS):
            found[wave] = cells
    return found


def _behind(cells: Sequence[Cell]) -> str:
    last = next((cell for cell in reversed(cells) if cell.is_drawn), None)
    return "" if last is None else f"About {last.behind} at the last wave"


def spread_finding(scales: Mapping[str, Waves]) -> str:
    """Return how many score high and low on the first scale at its last wave."""
    for name, waves in scales.items():
        low, _, high = [*waves.values()][-1]
        if low.is_drawn and high.is_drawn:
            return f"{safe(name)}: {safe(high.printed)} score high, {safe(low.printed)} low"
    return "Too few answered to show how scores spread"
