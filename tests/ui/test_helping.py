"""What the picture of help given and received finds, in words."""

from __future__ import annotations

import pytest

from release import Release
from tests.small_release import cell, contents, hidden, undefined
from ui.pictures.helping import help_finding, help_pictures, help_words

NAMES = ("Design", "Sales", "Support")
ACROSS = "help_balance_across"


def release(*cells):
    return Release(contents(list(cells), names=NAMES))


def found(*facts):
    return [
        cell(estimate, verdict, measure=ACROSS, group=f"g{number}", phrase=phrase)
        for number, (estimate, verdict, phrase) in enumerate(facts)
    ]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            ((1.1, "above", "10 % more often"), (1.3, "above", "30 % more often")),
            "Sales gives help 30 % more often than it comes back",
        ),
        (
            ((1.1, "noise", "10 % more often"), (0.7, "below", "30 % less often")),
            "Sales gives help 30 % less often than it comes back",
        ),
        (
            ((1.4, "noise", "40 % more often"), (1.0, "noise", "as often")),
            "No group gives more help than comes back, beyond noise",
        ),
    ],
)
def test_the_group_that_gives_most_beyond_noise_is_named(facts, words):
    cells = found(*facts)
    assert help_finding(cells, release(*cells), "function") == words


def test_nothing_shown_is_said_as_such():
    gone = [hidden(measure=ACROSS, group="g0"), hidden("protects", measure=ACROSS, group="g1")]
    assert help_finding(gone, release(*gone), "function").endswith("cannot be shown here")
    empty = [undefined(measure=ACROSS, group="g0")]
    assert help_finding(empty, release(*empty), "function").endswith("is not defined here")


def test_help_has_both_shares_in_its_table(monkeypatch):
    monkeypatch.setattr("ui.pictures.helping.mode", lambda: "light")
    shares = {"help_given_across": "62 %", "help_received_across": "48 %", "help_balance": "+20 %"}
    cells = [
        *found((1.3, "above", "30 % more often")),
        *(cell(0.5, "", measure=key, group="g0", printed=said) for key, said in shares.items()),
    ]
    (picture,) = help_pictures(release(*cells), "function", "organisation")
    assert picture.columns == {
        "Help given": ["62 %"], "Help received": ["48 %"], "Value in all conversations": ["+20 %"],
    }  # fmt: skip
    (elsewhere,) = help_pictures(release(*cells), "function", "programme=p")
    assert elsewhere.how_to_read.startswith("For the whole organisation.")


def test_what_was_not_asked_is_said_and_what_was_is_not():
    assert "helped_me" in help_words(release(), "function")
    assert help_words(release(*found((1.0, "noise", "as often"))), "function") == ""
