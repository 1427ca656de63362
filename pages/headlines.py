"""Headlines: is it working, in one sentence, with the signs that it rests on."""

from __future__ import annotations

from access import Viewer
from charts.ratios import ratio_over_time
from charts.rows import gaps_in, names_in_order, ratio_ticks, series_rows
from release import Cell, Release
from ui.answers import ORGANISATION, across, trend_finding, trend_note
from ui.controls import headline_attribute
from ui.deciding import show_decisions
from ui.frame import Picture, answer, made, mode, page, show, span, standing
from ui.headlines_answer import working_badges, working_sentence
from ui.offers import offers_badges, offers_sentence, only_offers
from ui.pictures.funnel import funnel_pictures
from ui.pictures.taking_part import step_pictures
from ui.signs import signs
from ui.targets import read_targets, show_targets
from ui.tiles import show_tiles
from ui.words import AGAINST_LOTTERY, badge, counted
from ui.worries import worries

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
        ratio = release.cell("cross_group_ratio", ORGANISATION, attribute) if attribute else None
        found = worries(release)
        answer(working_sentence(release, attribute, found), _badges(release, ratio))
        targets = read_targets()
        tiles = signs(release, attribute, targets)
        show_tiles(tiles)
        show_decisions(release, viewer, found)
        for picture in made(_trend, release, attribute) if attribute else ():
            show(picture, release)
        show_targets(tiles, viewer, targets)


def _show_offers(release: Release, attribute: str | None) -> None:
    """Show what is known where no conversation has come in: the offers, and who takes part."""
    badges = offers_badges(release, ORGANISATION, attribute)
    answer(offers_sentence(release, ORGANISATION, attribute), [*badges, *standing(release)])
    steps = made(funnel_pictures, release, attribute, ORGANISATION) if attribute else []
    for picture in (*steps, *made(step_pictures, release, ORGANISATION)):
        show(picture, release)


def _badges(release: Release, ratio: Cell | None) -> list[str]:
    """Say the verdicts, the time they cover, and what meeting rests on."""
    number = sum(key.startswith("programme=") for key in release.slices)
    rests_on = [ratio.behind] if ratio and ratio.behind else []
    return [
        *working_badges(release, ratio),
        *(badge(words) for words in [span(release)] if words),
        badge(", ".join([*rests_on, counted(number, "programme", "programmes")])),
        *standing(release),
    ]


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
