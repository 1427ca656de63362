"""The four signs of the first page: reach, connection, growth, safety, each as a tile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from plans import Target
from release import Cell, Period, Release
from release.wording import inside_sentence
from ui.answers import ORGANISATION
from ui.pictures.skills import GAIN, SKILL, counted_of, rater_words
from ui.pictures.surveys import CHANGE, SAFETY, SCALE, levels
from ui.target_words import CHANGE as MOVED
from ui.target_words import LEVEL as HEIGHT
from ui.target_words import RATIO, SHARE, target_words
from ui.tiles import Tile
from ui.words import AGAINST_EARLIER, AGAINST_LOTTERY, AGAINST_NO_CHANGE

OVERALL, LEVEL = "growth_overall", "growth_level"
MOST = 4
NONE: Mapping[str, Target] = MappingProxyType({})
NO_TARGET = "no target set"


def signs(
    release: Release, attribute: str | None, targets: Mapping[str, Target] = NONE
) -> list[Tile]:
    """Return four tiles; two rates stand where nobody was asked for skills or for safety.

    Where any of them has a target, the others say that they have none.
    """
    found = (
        _rate(
            release, "participation_rate", "Reach", "people who met somebody, of those who could"
        ),
        _connection(release, attribute) if attribute else None,
        _growth(release),
        _safety(release),
        _rate(release, "completion_rate", "Completion", "pairings held, of those offered"),
        _rate(release, "feedback_rate", "Feedback", "seats in conversations that gave it"),
    )
    tiles = [tile for tile in found if tile is not None][:MOST]
    if not any(tile.sign in targets for tile in tiles):
        return tiles
    as_of = date.fromisoformat(release.about["as_of"])
    return [_with_target(tile, targets.get(tile.sign), as_of) for tile in tiles]


def _with_target(tile: Tile, target: Target | None, as_of: date) -> Tile:
    words = NO_TARGET if target is None else target_words(tile.shown, target, tile.kind, as_of)
    return replace(tile, target=words)


def _rate(release: Release, key: str, name: str, note: str) -> Tile:
    cells = release.series(key, ORGANISATION, "none")
    whole = whole_quarters(cells)
    if len(whole) < len(cells):
        note = f"{note}; {release.periods[cells[-1].period].label} is still running"
    return Tile(
        sign=key,
        kind=SHARE,
        name=name,
        cells=tuple(whole),
        periods=tuple(release.periods.values()),
        against=tuple(AGAINST_EARLIER.items()),
        note=note,
    )


def whole_quarters(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Return a series of rates without a quarter at its end that is not judged: it still runs."""
    judged = [number for number, cell in enumerate(cells) if cell.verdict]
    return cells[: judged[-1] + 1] if judged and cells[-1].is_drawn else cells


def _connection(release: Release, attribute: str) -> Tile:
    return Tile(
        sign=f"cross_group_ratio.{attribute}",
        kind=RATIO,
        name="Connection",
        cells=tuple(release.series("cross_group_ratio", ORGANISATION, attribute)),
        periods=tuple(release.periods.values()),
        against=tuple(AGAINST_LOTTERY.items()),
        note=f"meeting across {release.breakdowns[attribute].label}, against partners drawn by lot",
    )


def _growth(release: Release) -> Tile | None:
    """Return the change of all skills together, over their levels by wave."""
    change = release.cell(OVERALL, ORGANISATION, "none")
    if change is None:
        return None
    found = (release.cell(LEVEL, ORGANISATION, "none", period=wave) for wave in _waves(release))
    return _over_waves(
        release, (OVERALL, "Growth"), found, change, note=_skills_moved(release), is_change=True
    )


def _skills_moved(release: Release) -> str:
    """Return who rates, and how many skills grow or fall."""
    gains = [cell for cell in release.by_group(GAIN, ORGANISATION, SKILL) if cell.is_drawn]
    who = rater_words(release).lower()
    seen = f", seen by {who}" if who else ""
    moved = [
        f"{counted_of(number, len(gains))} {way}"
        for verdict, way in (("above", "up"), ("below", "down"))
        if (number := sum(cell.verdict == verdict for cell in gains))
    ]
    return f"all skills together{seen}; {', '.join(moved) or 'none by itself beyond noise'}"


def _safety(release: Release) -> Tile | None:
    """Return psychological safety, or else the first scale that people were asked for."""
    scales = release.groups(SCALE)
    scale = SAFETY if SAFETY in scales else next(iter(scales), None)
    found = [] if scale is None else levels(release, ORGANISATION, SCALE, scale)
    if not found:
        return None
    change = release.cell(CHANGE, ORGANISATION, SCALE, scale)
    low_to_high = release.groups("scale_range")[scale].label
    moved = f"; {change.printed} first to last" if change is not None and change.is_drawn else ""
    named = (f"{SCALE}.{scale}", scales[scale].short)
    label, short = scales[scale].label, scales[scale].short
    called = "" if label == short else f"{inside_sentence(label)}, "
    note = f"{called}on a scale from {low_to_high}{moved}"
    return _over_waves(release, named, found, change, note=note)


def _over_waves(
    release: Release,
    named: tuple[str, str],
    cells: Iterable[Cell | None],
    change: Cell | None,
    *,
    note: str,
    is_change: bool = False,
) -> Tile:
    sign, name = named
    return Tile(
        sign=sign,
        kind=MOVED if is_change else HEIGHT,
        name=name,
        cells=tuple(cell for cell in cells if cell is not None),
        periods=(*_as_periods(_waves(release)), *release.periods.values()),
        against=tuple(AGAINST_NO_CHANGE.items()),
        note=note,
        change=change,
        is_change=is_change,
    )


def _waves(release: Release) -> dict[str, str]:
    return {key: group.label for key, group in release.groups("wave").items()}


def _as_periods(waves: dict[str, str]) -> list[Period]:
    return [
        Period(key=key, label=label, sort=number)
        for number, (key, label) in enumerate(waves.items())
    ]
