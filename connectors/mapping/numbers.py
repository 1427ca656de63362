"""Numbers as people write them, and words that stand for values."""

from __future__ import annotations

import re
from collections.abc import Mapping as Words

from pandas import Series

from connectors.contract import message
from connectors.files.layout import folded
from connectors.mapping.moments import Mistake, Read
from connectors.once import each_once

PREFER_NOT_TO_SAY = frozenset(
    {
        "prefer not to say", "prefer not to answer", "rather not say", "rather not answer",
        "i prefer not to say", "i'd rather not say", "decline to answer", "decline to state",
        "do not wish to answer", "do not wish to disclose", "prefer not to disclose",
        "keine angabe", "k. a.", "k.a.", "möchte ich nicht sagen", "möchte ich nicht angeben",
        "ich möchte nicht antworten", "préfère ne pas répondre", "je préfère ne pas répondre",
        "ne souhaite pas répondre", "préfère ne pas dire", "prefiero no decirlo",
        "prefiero no contestar", "prefiero no responder", "zeg ik liever niet",
        "preferisco non rispondere", "prefiro não responder", "prefer_not_to_say",
    }
)  # fmt: skip
NOT_ASKED = frozenset(
    {
        "n/a",
        "not applicable",
        "entfällt",
        "nicht zutreffend",
        "sans objet",
        "no aplica",
        "not_asked",
    }
)
STATES = {"prefer_not_to_say": PREFER_NOT_TO_SAY, "not_asked": NOT_ASKED}
PLAIN = re.compile(r"^[+-]?(\d+\.?\d*|\.\d+)$")
GROUPED = {
    ".": re.compile(r"^[+-]?\d{1,3}([ ,'\u2019]\d{3})+(\.\d+)?$"),
    ",": re.compile(r"^[+-]?\d{1,3}([ .'\u2019]\d{3})+(,\d+)?$"),
}
SIGNS = {"+": "plus", "<": "under", ">": "over", "&": "and", "#": "sharp"}
LEADING = re.compile(r"^\(?(\d{1,2})\)?\s*[-–—.:=)]\s*\S")


def states_of(cells: Series) -> Series:
    """Return ``prefer_not_to_say``, ``not_asked`` or the empty text, cell by cell."""
    return each_once(cells, lambda cell: _state(folded(cell)))


def numbers(cells: Series, decimal: str) -> Read:
    """Return numbers with a decimal point; the empty cell stays empty."""
    found = each_once(cells, lambda cell: _number(cell, decimal))
    expected = "a number such as 4,5" if decimal == "," else "a number such as 4.5"
    remedy = "Correct it, set decimal in the mapping, or list what the word stands for in means."
    words = message("a value is not a number", expected, remedy)
    wrong = found.isna() & cells.ne("")
    return Read(found.fillna(""), (Mistake(wrong, "not_a_number", words),))


def words_for(cells: Series, values: Words[str, str]) -> Series:
    """Return what the cells stand for; NA where the word is not listed and not empty."""
    listed = {folded(word): value for word, value in values.items()}
    return each_once(cells, lambda cell: listed.get(folded(cell)) if cell else "")


def leading_number(cell: str) -> str | None:
    """Return 5 of "5 - Strongly agree"."""
    found = LEADING.match(cell)
    return found[1] if found else None


def code_of(label: str) -> str:
    """Return a short code for a label: letters and digits with single underscores between."""
    words = folded(label)
    for sign, word in SIGNS.items():
        words = words.replace(sign, f" {word} ")
    words = re.sub(r"[^\w]+", "_", words).strip("_")
    return words[:80] or "value"


def _state(word: str) -> str:
    return next((state for state, words in STATES.items() if word in words), "")


def _number(cell: str, decimal: str) -> str | None:
    text = cell.replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ").strip()
    if not text:
        return ""
    if GROUPED[decimal].match(text):
        thousands = "[ ,'\u2019]" if decimal == "." else "[ .'\u2019]"
        text = re.sub(thousands, "", text)
    elif decimal == "," and "." in text:
        return None
    text = text.replace(decimal, ".")
    return text if PLAIN.match(text) else None
