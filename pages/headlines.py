"""Headlines: is it working, in one sentence, with the signs that it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from access import Viewer
from charts.ratios import ratio_over_time
from charts.rows import gaps_in, names_in_order, ratio_ticks, series_rows
from release import Cell, Release
from ui.answers import (
    NOTHING_PUBLISHED,
    ORGANISATION,
    across,
    trend_finding,
    trend_note,
    working_sentence,
)
from ui.controls import headline_attribute
from ui.frame import Picture, answer, made, mode, page, show, span, standing
from ui.offers import offers_badges, offers_sentence, only_offers
from ui.pictures.funnel import funnel_pictures
from ui.pictures.taking_part import step_pictures
from ui.tiles import Tile, show_tiles
from ui.words import AGAINST_EARLIER, AGAINST_LOTTERY, badge, counted, verdict_words

QUESTION = "Is it working?"
BAND = (
    "Grey: the range of 95 in 100 lotteries among the people who were available. Bars: 95 % "
    "interval. ▲ above and ▼ below a lottery, ● within noise. The verdict allows for many looks at "
    "once; a bar may still touch the grey."
)


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    attribute = headline_attribute(release)
    with page(QUESTION, release):
        if only_offers(release):
            _show_offers(release, attribute)
            return
        if attribute is None:
            answer(NOTHING_PUBLISHED, standing(release))
            return
        ratio = release.cell("cross_group_ratio", "organisation", attribute)
        answer(working_sentence(release, attribute), _badges(release, ratio))
        show_tiles(_tiles(release, attribute))
        for picture in made(_trend, release, attribute):
            show(picture, release)


def _show_offers(release: Release, attribute: str | None) -> None:
    """Show what is known where no conversation has come in: the offers, and who takes part."""
    badges = offers_badges(release, ORGANISATION, attribute)
    answer(offers_sentence(release, ORGANISATION, attribute), [*badges, *standing(release)])
    steps = made(funnel_pictures, release, attribute, ORGANISATION) if attribute else []
    for picture in (*steps, *made(step_pictures, release, ORGANISATION)):
        show(picture, release)


def _badges(release: Release, ratio: Cell | None) -> list[str]:
    """Say the verdict, the time it covers, and what it rests on."""
    number = sum(key.startswith("programme=") for key in release.slices)
    rests_on = [ratio.behind] if ratio and ratio.behind else []
    verdict = [(verdict_words(ratio, AGAINST_LOTTERY), ratio.verdict)] if ratio else []
    return [
        *(badge(words, kind) for words, kind in verdict if words),
        *(badge(words) for words in [span(release)] if words),
        badge(", ".join([*rests_on, counted(number, "programme", "programmes")])),
        *standing(release),
    ]


def _tiles(release: Release, attribute: str) -> list[Tile]:
    rates = (
        ("participation_rate", "Reach", "people who met somebody, of those who could"),
        ("completion_rate", "Completion", "pairings held, of those offered"),
        ("feedback_rate", "Feedback", "seats in conversations that gave it"),
    )
    ratio = release.series("cross_group_ratio", "organisation", attribute)
    note = f"across {across(release, attribute)}, against a lottery"
    return [
        _tile("Connection", ratio, release, AGAINST_LOTTERY, note),
        *(
            _tile(name, release.series(key, "organisation", "none"), release, AGAINST_EARLIER, note)
            for key, name, note in rates
        ),
    ]


def _tile(
    name: str, cells: Sequence[Cell], release: Release, against: dict[str, str], note: str
) -> Tile:
    return Tile(
        name=name,
        cells=tuple(cells),
        periods=tuple(release.periods.values()),
        against=tuple(against.items()),
        note=note,
    )


def _trend(release: Release, attribute: str) -> list[Picture]:
    series = release.series("cross_group_ratio", "organisation", attribute)
    trend = release.cell("cross_group_trend", "organisation", attribute)
    whole = release.cell("cross_group_ratio", "organisation", attribute)
    rows = series_rows(series, release.periods)
    name = across(release, attribute)
    picture = Picture(
        key="trend",
        finding=trend_finding(series, trend, name),
        how_to_read=f"How often people meet outside their own {name}, against a lottery. {BAND}",
        spec=ratio_over_time(ratio_ticks(rows), names_in_order(rows), gaps_in(rows), mode()),
        rows=rows,
        cells=series,
        names={key: period.label for key, period in release.periods.items()},
        by="period",
        against=AGAINST_LOTTERY,
        behind=whole.behind if whole else "",
        note=trend_note(trend),
    )
    return [picture]
