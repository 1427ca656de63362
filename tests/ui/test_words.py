"""Words for the screen: names stay text, verdicts have a sign, dates are written out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_release import cell, hidden, too_few, undefined
from ui.words import (
    AGAINST_EARLIER,
    AGAINST_LOTTERY,
    JOINER,
    badge,
    capital,
    coloured,
    counted,
    listed,
    plain,
    safe,
    safe_label,
    unbroken,
    verdict_words,
    written_date,
)

MARKED = set("\\`*_{}[]<>()#+-.!|~:$&@")


@given(st.text())
def test_every_sign_with_a_meaning_in_markdown_is_escaped(name: str) -> None:
    written = safe(name)
    position = 0
    while position < len(written):
        if written[position] == "\\":
            assert written[position + 1] in MARKED
            position += 2
        else:
            assert written[position] not in MARKED
            position += 1


@given(
    st.text(alphabet=st.characters(exclude_characters=JOINER)).map(lambda x: " ".join(x.split()))
)
def test_a_safe_name_reads_as_the_name(name: str) -> None:
    assert plain(safe(name)) == name


@pytest.mark.parametrize(
    "name",
    ["https://evil.example", "www.evil.example", "WWW.evil.example", "a@b.example",
     ":material/home:", ":streamlit:", "mailto:a@b.example"],
)  # fmt: skip
def test_what_streamlit_would_still_turn_into_a_link_or_icon_is_interrupted(name: str) -> None:
    # seen in a browser: an escaped colon or at sign alone does not stop it
    unescaped = safe(name).replace("\\", "")
    assert JOINER in unescaped
    assert name not in unescaped


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("experience_years", "experience_years"),
        ("Duration (Minutes)", "Duration (Minutes)"),
        ("e-mail", "e-mail"),
        ("_emphasis_ [link](there)", "\\_emphasis\\_ \\[link\\](there)"),
        ("- a list", "\\- a list"),
        ("1. a list", "1\\. a list"),
    ],
)
def test_a_label_has_no_backslash_where_none_is_needed(name: str, label: str) -> None:
    assert safe_label(name) == label


def test_a_name_stays_in_one_line() -> None:
    assert safe("one\n\n# two\r\n- three") == "one \\# two \\- three"


def test_an_innocent_name_is_left_alone() -> None:
    assert safe("Customer service") == "Customer service"


def test_plain_words_have_neither_colours_nor_escapes() -> None:
    assert plain(":orange[Sales \\(EU\\) with R\\&D] is :blue-badge[new].") == (
        "Sales (EU) with R&D is new."
    )


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (cell(1.2, "above"), "▲ above a lottery"),
        (cell(0.8, "below"), "▼ below a lottery"),
        (cell(1.0, "noise"), "● within noise"),
        (cell(1.0, ""), ""),
        (too_few(), "○ too few to say"),
        (hidden(), "hidden"),
        (hidden("protects"), "hidden"),
        (undefined(), "not defined"),
    ],
)
def test_a_verdict_has_its_fixed_words_and_a_sign(one: object, words: str) -> None:
    assert verdict_words(one, AGAINST_LOTTERY) == words


def test_a_rate_is_compared_with_earlier_quarters() -> None:
    assert verdict_words(cell(1.2, "above"), AGAINST_EARLIER) == "▲ above earlier quarters"


def test_only_what_is_beyond_noise_has_a_colour() -> None:
    kinds = {verdict: coloured("x", verdict) for verdict in ("above", "below", "noise", "")}
    assert kinds == {
        "above": ":blue[x]",
        "below": ":orange[x]",
        "noise": ":gray[x]",
        "": ":gray[x]",
    }
    assert badge("x") == badge("x", "noise") == ":gray-badge[x]"
    assert badge("x", "below") == ":orange-badge[x]"


def test_a_sign_stays_with_its_word_and_a_dot_with_the_remark_before() -> None:
    assert unbroken("Grey: noise. ▲ more and ▼ less, ● within noise") == (
        "Grey: noise. ▲\u00a0more and ▼\u00a0less, ●\u00a0within noise"
    )
    assert unbroken("since cycle 9, over cycles") == "since cycle\u00a09, over cycles"
    assert unbroken("120 people · Nothing is hidden here") == (
        "120 people\u00a0· Nothing is hidden here"
    )


def test_a_date_is_written_out() -> None:
    assert written_date("2026-09-03") == "3 September 2026"


def test_lists_and_counts_read_as_english() -> None:
    assert [listed(list("ABC"[:number])) for number in range(4)] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
    assert [counted(number, "cell", "cells") for number in (0, 1, 2)] == [
        "0 cells",
        "1 cell",
        "2 cells",
    ]
    assert capital("hr Region") == "Hr Region"
    assert capital("") == ""
