"""What a column could mean, with the reason, and how sure that is; nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml
from pandas import Series

from connectors.files.layout import folded
from connectors.mapping.fields import FIELDS
from connectors.mapping.model import Target
from connectors.mapping.moments import MOMENT, SERIAL
from connectors.mapping.numbers import code_of, leading_number, numbers

Certainty = Literal["preset", "same name", "known synonym", "suggestion", "drop", "nothing"]
ACCEPTED = ("preset", "same name", "known synonym")
"""What a proposed mapping takes over; the rest waits for a person."""

MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
PHONE = r"^\+?[\d ()/.-]{7,20}$"
SHARE = 0.9
ALIKE = 0.9
MARGIN = 0.08
MOST_VALUES = 30
FEW_VALUES = 8
LONGEST_SAMPLE = 40
MASKED = "(hidden)"
WHEN = {
    "enrolments": "enrolled_on",
    "pairs": "offered_at",
    "conversations": "actual_start_at",
    "attendance": "joined_at",
    "survey": "submitted_at",
    "skills": "rated_on",
    "learning": "started_at",
    "outcomes": "as_of_on",
}
"""What dates under an unknown name most likely are."""
MAIL_WORDS = ("mail", "courriel", "upn", "correo")


@dataclass(frozen=True)
class ColumnGuess:
    """One column of a file and what it could mean.

    Attributes
    ----------
    name : str
        The column's name.
    target : Target or None
        What it could mean; also where that is only a suggestion.
    certainty : str
        ``preset``, ``same name`` and ``known synonym`` are taken over, a ``suggestion`` is not;
        ``drop`` is forgotten while the file is read.
    reason : str
        Why, for the user.
    samples : tuple of str
        Up to three cells; hidden where they may point to a person.
    values : tuple of (str, int)
        The different cells and how often they stand there, where there are few.
    """

    name: str
    target: Target | None
    certainty: Certainty
    reason: str
    samples: tuple[str, ...] = field(default=(), repr=False)
    values: tuple[tuple[str, int], ...] = field(default=(), repr=False)


POINTING = ("person", "other_identifier", "guest", "rater", "manager", "response", "meeting")
"""Meanings whose cells point to a person: they are shown to nobody."""


@dataclass(frozen=True)
class _Known:
    fields: dict[str, tuple[str, int | None]]
    attributes: dict[str, tuple[str, str, str]]
    drop: frozenset[str]


@cache
def known_names() -> _Known:
    """Return the names that are known: of fields, of properties, and of what is never needed."""
    file = Path(__file__).with_name("synonyms.yaml")
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    fields: dict[str, tuple[str, int | None]] = {}
    for key, names in content["fields"].items():
        to, _, side = key.partition(" ")
        for name in names:
            fields.setdefault(folded(str(name)), (to, int(side) if side else None))
    attributes = {
        folded(str(name)): (code, given["label"], given["sensitivity"])
        for code, given in content["attributes"].items()
        for name in given["names"]
    }
    return _Known(fields, attributes, frozenset(folded(str(name)) for name in content["drop"]))


def guess_column(name: str, cells: Series, holds: str) -> ColumnGuess:
    """Return what a column of a file of this kind could mean."""
    known, plain = known_names(), _plain(name)
    filled = cells[cells.ne("")]
    if plain in known.drop:
        return dropped(name, "never needed; forgotten while the file is read")
    target, certainty, reason = _by_name(plain, name, holds)
    if target is None:
        target, certainty, reason = _by_cells(name, filled, holds)
    if target is not None and certainty in ACCEPTED:
        doubt = _doubt(target, plain, filled, holds)
        certainty, reason = ("suggestion", doubt) if doubt else (certainty, reason)
    return ColumnGuess(
        name, target, certainty, reason, samples_of(target, filled), _values(target, filled)
    )


def dropped(name: str, reason: str) -> ColumnGuess:
    """Return the guess for a column that is forgotten; its cells are shown to nobody."""
    return ColumnGuess(name, None, "drop", reason, (MASKED,))


def is_personal(name: str) -> bool:
    """Tell whether the column's name is one of those that are never needed."""
    return _plain(name) in known_names().drop


def samples_of(target: Target | None, filled: Series) -> tuple[str, ...]:
    """Return up to three cells; hidden where they may point to a person."""
    if filled.empty:
        return ()
    if target is not None and target.to in POINTING:
        return (MASKED,)
    nearly_all_different = filled.nunique() > SHARE * len(filled) and len(filled) > FEW_VALUES
    if target is None and (nearly_all_different or _looks_personal(filled)):
        return (MASKED,)
    return tuple(cell[:LONGEST_SAMPLE] for cell in filled.unique()[:3])


def meaning_of_cells(filled: Series) -> dict[str, str]:
    """Return numbers for cells such as "5 - Strongly agree"; empty where not all are so."""
    found = {cell: leading_number(cell) for cell in filled.unique()[: MOST_VALUES + 1]}
    if not found or len(found) > MOST_VALUES or any(v is None for v in found.values()):
        return {}
    return {cell: str(value) for cell, value in found.items()}


def _plain(name: str) -> str:
    return folded(name.replace("_", " ")) if folded(name) not in _all_names() else folded(name)


@cache
def _all_names() -> frozenset[str]:
    known = known_names()
    return frozenset((*known.fields, *known.attributes, *known.drop))


def _by_name(plain: str, name: str, holds: str) -> tuple[Target | None, Certainty, str]:
    known, fields = known_names(), FIELDS[holds]
    same = plain.replace(" ", "_")
    if same in fields and same not in ("attribute", "answer", "option", "rating", "outcome"):
        return _target(same, None, name), "same name", "the same name"
    if plain in known.fields and known.fields[plain][0] in fields:
        return _target(*known.fields[plain], name), "known synonym", "a known synonym"
    if plain in known.attributes and "attribute" in fields:
        return _attribute(*known.attributes[plain]), "known synonym", "a known property"
    near = _nearest(plain, [n for n, (to, _) in known.fields.items() if to in fields])
    if near:
        return _target(*known.fields[near], name), "suggestion", f"nearly the same as {near!r}"
    return None, "nothing", "not known"


def _target(to: str, side: int | None, name: str) -> Target:
    plain = folded(name)
    if to == "duration":
        unit = "minutes" if "min" in plain else "hours" if "hour" in plain else "words"
        return Target(to=to, unit=unit)
    roles = {"mentor": "mentor", "mentee": "mentee", "coachee": "coachee", "coach": "coach"}
    role = next((r for word, r in roles.items() if word in plain), None) if side else None
    return Target(to=to, role=role)


def _attribute(code: str, label: str, sensitivity: Any) -> Target:
    return Target(to="attribute", code=code, label=label, sensitivity=sensitivity)


def words_of(name: str) -> str:
    """Return a column's name as it stands on screen."""
    return " ".join(name.replace("_", " ").split())[:80]


def _nearest(name: str, names: Sequence[str]) -> str:
    ranked = sorted(((SequenceMatcher(None, name, n).ratio(), n) for n in names), reverse=True)
    if not ranked or ranked[0][0] < ALIKE:
        return ""
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][1] if ranked[0][0] - second >= MARGIN else ""


def _by_cells(name: str, filled: Series, holds: str) -> tuple[Target | None, Certainty, str]:
    nothing: tuple[None, Certainty, str] = (None, "nothing", "not known; it is not read")
    fields, code = FIELDS[holds], code_of(name)[:60]
    if filled.empty:
        return nothing
    # before a look at telephone numbers, which have the same form as some dates
    if holds in WHEN and Series(filled.unique(), dtype="str").str.match(MOMENT).all():
        return Target(to=WHEN[holds]), "suggestion", "every cell is a date or a time"
    if _looks_personal(filled):
        return nothing
    different = filled.nunique()
    means = meaning_of_cells(filled)
    scale = _scale(filled.map(means).astype("str") if means else filled)
    if scale and ("answer" in fields or "rating" in fields):
        to = "answer" if "answer" in fields else "rating"
        target = Target(to=to, code=code, label=name[:80] if to == "rating" else None, scale=scale,
                        means=means)  # fmt: skip
        return target, "suggestion", f"whole numbers from {scale[0]:g} to {scale[1]:g}"
    if different <= FEW_VALUES and len(filled) >= 2 * different and "option" in fields:
        return (
            Target(to="option", code=code),
            "suggestion",
            f"{different} different answers that repeat",
        )
    # a column that repeats in a list of conversations is about them, not about a person
    if 1 < different <= MOST_VALUES and len(filled) >= 3 * different and holds == "people":
        if pd.to_numeric(filled, errors="coerce").notna().all():
            return nothing
        target = _attribute(code, words_of(name), "personal")
        return target, "suggestion", f"{different} different values that repeat"
    return nothing


def _scale(filled: Series) -> tuple[float, float] | None:
    value = pd.to_numeric(filled, errors="coerce")
    if value.isna().any() or not (value == value.round()).all():
        return None
    low, high = float(value.min()), float(value.max())
    for ends in ((1.0, 5.0), (1.0, 7.0), (0.0, 10.0)):
        if ends[0] <= low and high <= ends[1]:
            return ends
    return None


def _doubt(target: Target, plain: str, filled: Series, holds: str) -> str:
    """Return why the cells do not fit the name; empty where they do, or where there are none."""
    if filled.empty:
        return ""
    role = FIELDS[holds][target.to].role
    if role == "person" and any(word in plain for word in MAIL_WORDS):
        named = filled[~filled.str.lower().isin(["anonymous", "guest"])]
        share = named.str.match(MAIL).mean() if len(named) else 1.0
        return "" if share >= SHARE else f"only {share:.0%} of its cells are mail addresses"
    if role in ("day", "instant"):
        unique = Series(filled.unique(), dtype="str")
        share = (unique.str.match(MOMENT) | unique.str.match(SERIAL)).mean()
        return "" if share >= SHARE else f"only {share:.0%} of its cells are dates"
    if role == "duration" and target.unit == "words":
        bare = numbers(filled, ".").cells.ne("").mean()
        return "numbers without a unit; choose seconds, minutes or hours" if bare > 0.5 else ""
    if role == "word" and filled.nunique() > MOST_VALUES:
        return "too many different values"
    return ""


def _looks_personal(filled: Series) -> bool:
    sample = filled.head(200)
    return bool((sample.str.match(MAIL) | sample.str.match(PHONE)).mean() > 0.5) and not bool(
        pd.to_numeric(sample, errors="coerce").notna().mean() > 0.5 and sample.str.len().max() < 7
    )


def _values(target: Target | None, filled: Series) -> tuple[tuple[str, int], ...]:
    if target is None or target.to in POINTING or filled.empty:
        return ()
    if filled.nunique() > MOST_VALUES:
        return ()
    counts = filled.value_counts()
    return tuple((str(cell), int(count)) for cell, count in counts.items())
