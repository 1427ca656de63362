"""Growth: which skills move, by how much, for whom, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from access import Viewer
from release import Release
from ui.answers import ORGANISATION
from ui.controls import choose_attribute, choose_skill, choose_slice
from ui.frame import Picture, answer, made, page, show, standing
from ui.growth_answer import growth_badges, growth_sentence, unrated
from ui.pictures.claims import claims_pictures
from ui.pictures.learning_source import learning_source_pictures
from ui.pictures.looking_back import looking_back_pictures
from ui.pictures.modality import modality_pictures
from ui.pictures.outcomes import outcome_pictures
from ui.pictures.skill_groups import skill_for_whom_pictures
from ui.pictures.skills import rated_skills, skill_pictures, telling_skill
from ui.pictures.surveys import feedback_pictures, survey_pictures

QUESTION = "Which skills move, and who sees it?"
NOT_ASKED = (
    "Nothing on this can be shown anywhere in the organisation: it was not recorded, or by too few "
    "people."
)
NOT_HERE = "This release has nothing on this here. Choose the whole organisation or a programme."

Maker = Callable[..., list[Picture]]
SKILLS, FOR_WHOM = "Skills", "For whom"


def render(release: Release, viewer: Viewer) -> None:
    """Show the page."""
    with page(QUESTION, release):
        said = st.container()
        with st.container(key="controls"), st.grid(3, min_column_width=200):
            slice_ = choose_slice(release)
            asked_by, asked_skill = st.empty(), st.empty()
        view = _choose_view()
        attribute = skill = None
        # what would change nothing in a view is not asked there
        if view != SKILLS:
            with asked_by:
                attribute = choose_attribute(release, "By")
        if view == FOR_WHOM:
            with asked_skill:
                skill = choose_skill(rated_skills(release), telling_skill(release, slice_))
        with said:
            answer(
                growth_sentence(release, slice_),
                [*growth_badges(release, slice_), *standing(release)],
            )
        _show_view(release, slice_, attribute, view, skill)


VIEWS: dict[str, tuple[Maker, ...]] = {
    SKILLS: (skill_pictures, looking_back_pictures),
    FOR_WHOM: (skill_for_whom_pictures,),
    "Learning source": (learning_source_pictures,),
    "Inclusion and safety": (survey_pictures,),
    "After conversations": (feedback_pictures,),
    "What made the difference": (claims_pictures,),
    "Courses and outcomes": (modality_pictures, outcome_pictures),
}
"""What there is to look at, a few pictures each."""


def _choose_view() -> str:
    """Ask what to look at; the link keeps it."""
    names = list(VIEWS)
    chosen = st.segmented_control(
        "Look at", names, default=names[0], required=True, key="view", bind="query-params"
    )
    return chosen if chosen in VIEWS else names[0]


def _show_view(
    release: Release, slice_: str, attribute: str | None, view: str, skill: str | None
) -> None:
    # one skill at a time is looked at by group and cohort; the other views show all of them
    asked = (release, slice_, attribute, *([skill] if view == FOR_WHOM else []))
    pictures = [picture for make in VIEWS[view] for picture in made(make, *asked)]
    for picture in pictures:
        show(picture, release)
    if not pictures:
        st.caption(NOT_ASKED if slice_ == ORGANISATION else NOT_HERE)
    if view in (SKILLS, FOR_WHOM) and unrated(release):
        st.caption(unrated(release))
