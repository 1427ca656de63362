"""Connection: do people meet across groups more than a lottery would give, and which groups."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access import Viewer
from release import Cell, Release
from release.contents import WHOLE
from ui.answers import (
    NOTHING_PUBLISHED,
    across,
    connection_sentence,
    exceptions,
    is_finding,
    people_of,
    whole,
)
from ui.controls import choose_attribute, choose_period, choose_place_kind, choose_slice
from ui.frame import Picture, answer, made, page, show, span, standing
from ui.not_shown import show_not_shown
from ui.offers import offers_badges, offers_sentence, only_offers
from ui.pictures.change import change_pictures
from ui.pictures.crossed import crossed_pictures
from ui.pictures.funnel import funnel_pictures
from ui.pictures.helping import help_pictures, help_words
from ui.pictures.leftout import leftout_pictures
from ui.pictures.meeting import pair_pictures, trend_and_group_pictures, trend_picture
from ui.pictures.several import several_pictures
from ui.pictures.where import distance_words, where_kinds, where_pictures
from ui.words import AGAINST_LOTTERY, badge, safe, verdict_words

QUESTION = "Do people meet across groups more than a lottery would give?"
ONLY_TOTAL = (
    "Quarters and groups are published for the whole organisation and its programmes; of a cohort, "
    "its value over all quarters only."
)
ALL_QUARTERS = (
    "The pictures below show all quarters: of {quarter} by itself, the sentence above is what is "
    "published."
)

Maker = Callable[..., list[Picture]]
SETTING = "Setting"


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        said = st.container()
        if only_offers(release):
            _show_offers(release, said)
            return
        with st.container(key="controls"), st.grid(3, min_column_width=200):
            attribute = choose_attribute(release)
            slice_ = choose_slice(release)
            period = choose_period(release)
        with said:
            _answer(release, attribute, slice_, period)
        if attribute is None:
            return
        view = _choose_view()
        if period != WHOLE:
            st.caption(ALL_QUARTERS.format(quarter=safe(release.periods[period].label)))
        _show_view(release, attribute, slice_, view)
        show_not_shown(release)


def _show_offers(release: Release, said: DeltaGenerator) -> None:
    """Show who was offered whom, which is all that is known without conversations."""
    with st.container(key="controls"), st.grid(3, min_column_width=200):
        attribute = choose_attribute(release)
        slice_ = choose_slice(release)
    with said:
        badges = offers_badges(release, slice_, attribute)
        answer(offers_sentence(release, slice_, attribute), [*badges, *standing(release)])
    for picture in made(funnel_pictures, release, attribute, slice_) if attribute else ():
        show(picture, release)
    show_not_shown(release)


def _answer(release: Release, attribute: str | None, slice_: str, period: str) -> None:
    if attribute is None:
        answer(NOTHING_PUBLISHED, standing(release))
        return
    ratio = whole(release, "cross_group_ratio", slice_, attribute, period)
    share = whole(release, "cross_group_share", slice_, attribute, period)
    sentence = connection_sentence(ratio, release, people_of(release, slice_, period))
    if is_finding(ratio):
        # the pairs of groups are known for all quarters together only
        pairs = release.by_group("group_pair_ratio", slice_, attribute, period)
        sentence = f"{sentence}.{exceptions(pairs, release.groups(attribute))}"
    covers_all = period == WHOLE and not slice_.startswith("cohort=")
    when = [badge(span(release))] if covers_all and span(release) else []
    answer(sentence, [*_badges(ratio), *when, *standing(release)])
    if share is not None and ratio is not None:
        _detail(share, ratio, release)


def _badges(ratio: Cell | None) -> list[str]:
    if ratio is None:
        return [badge("not in the catalogue")]
    words = verdict_words(ratio, AGAINST_LOTTERY)
    badges = [badge(words, ratio.verdict)] if words else []
    return [*badges, badge(ratio.behind)] if ratio.behind else badges


def _detail(share: Cell, ratio: Cell, release: Release) -> None:
    """Say the share and what a lottery gives in full, and how much of it is known."""
    with st.container(key="prose_share"):
        st.markdown(" ".join([safe(share.sentence), *_left_out(share.breakdown, release)]))


def _left_out(attribute: str, release: Release) -> list[str]:
    """Say whom the numbers on an attribute do not cover."""
    scope, name = release.breakdowns[attribute], across(release, attribute)
    words = []
    if scope.coverage:
        words.append(
            f"In {scope.coverage} of all pairings the {name} of both people is known; "
            "the others are left out."
        )
    if scope.left_out:
        least = release.about["minimum_people"]
        words.append(f"Also left out: {safe(scope.left_out)}, fewer than {least} people.")
    return words


VIEWS: dict[str, tuple[Maker, ...]] = {
    "Overview": (funnel_pictures, trend_and_group_pictures),
    "Who meets whom": (pair_pictures,),
    "Left out": (leftout_pictures,),
    "Help": (help_pictures,),
    "Change": (trend_picture, change_pictures),
    "Explained": (several_pictures, crossed_pictures),
    SETTING: (where_pictures,),
}
"""What there is to look at, a few pictures each; a page of all of them would say nothing."""


MISSING: dict[str, Callable[[Release, str], str]] = {
    "Help": help_words,
    SETTING: distance_words,
}
"""What says why a view does not show all that it could."""


def _choose_view() -> str:
    """Ask what to look at; the link keeps it."""
    names = list(VIEWS)
    chosen = st.segmented_control(
        "Look at", names, default=names[0], required=True, key="view", bind="query-params"
    )
    return chosen if chosen in VIEWS else names[0]


def _show_view(release: Release, attribute: str, slice_: str, view: str) -> None:
    asked: tuple[str | None, ...] = (attribute, slice_)
    if view == SETTING:
        with st.grid(3, min_column_width=200):
            asked = (*asked, choose_place_kind(where_kinds(release, attribute, slice_)))
    pictures = [made(make, release, *asked) for make in VIEWS[view]]
    for together in pictures:
        if len(together) == 2:
            with st.grid(2, min_column_width=340, gap="large"):
                for picture in together:
                    show(picture, release)
        else:
            for picture in together:
                show(picture, release)
    if not any(pictures):
        st.caption(ONLY_TOTAL)
    missing = MISSING.get(view)
    words = missing(release, attribute) if missing else ""
    if words:
        st.caption(words)
