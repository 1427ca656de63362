"""The choices: a list tells its entries apart, and the first attribute is the one that was set."""

from __future__ import annotations

from tests.small_release import COHORT, PROGRAMME, attribute, opened, slice_
from ui.controls import headline_attribute, slice_names, told_apart


def test_entries_with_one_name_are_told_apart() -> None:
    # a list hands back the name that was chosen; two alike would both mean the first
    assert told_apart({"a": "Spring", "b": "Spring", "c": "Autumn"}) == {
        "a": "Spring (a)",
        "b": "Spring (b)",
        "c": "Autumn",
    }


def test_a_cohort_names_its_programme_once() -> None:
    assert slice_names(opened())[COHORT] == "Crossings: Spring"
    named = slice_names(opened(scopes=(
        slice_(PROGRAMME, "Crossings", "organisation"), slice_(COHORT, "Crossings 1", PROGRAMME),
    )))  # fmt: skip
    assert named[COHORT] == "Crossings 1"


def test_the_attribute_that_was_set_leads_if_it_is_published() -> None:
    assert headline_attribute(opened(headline_attribute="gender")) == "gender"
    assert headline_attribute(opened(headline_attribute="nothing")) == "function"
    switched_off = attribute("ethnicity", "ethnicity", note="Switched off.")
    assert headline_attribute(opened(scopes=(switched_off,))) is None
