"""Names from the data inside a sentence: ordinary words are small, others keep their capitals."""

from __future__ import annotations

import pytest

from release.wording import inside_sentence


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Empathy", "empathy"),
        ("Active Listening", "active listening"),
        ("SQL", "SQL"),
        ("SQL and JavaScript", "SQL and JavaScript"),
        ("R", "R"),
        ("I can speak up", "I can speak up"),
        ("A good start", "a good start"),
        ("B2B selling", "B2B selling"),
        ("(API) design", "(API) design"),
        ("", ""),
    ],
)
def test_a_word_that_is_written_otherwise_keeps_its_capitals(name: str, inside: str) -> None:
    assert inside_sentence(name) == inside
