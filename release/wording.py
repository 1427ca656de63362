"""How names from the data stand inside a sentence."""

from __future__ import annotations

ARTICLE = "A"


def inside_sentence(name: str) -> str:
    """Return a name as it stands inside a sentence, each word with a small first letter.

    A word that is written otherwise keeps its capitals.

    Examples
    --------
    >>> inside_sentence("Giving Feedback"), inside_sentence("SQL and JavaScript in R")
    ('giving feedback', 'SQL and JavaScript in R')
    """
    return " ".join(_small(word) for word in name.split(" "))


def _small(word: str) -> str:
    letters = [letter for letter in word if letter.isalpha()]
    lone = len(letters) == 1 and letters[0] != ARTICLE
    keeps = lone or any(letter.isupper() for letter in letters[1:])
    return word if keeps else word.lower()
