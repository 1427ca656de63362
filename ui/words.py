"""Words for the screen: names made safe for Markdown, verdicts, dates."""

from __future__ import annotations

import re
from datetime import date

from release import Cell

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SIGNS = {"above": "▲", "below": "▼", "noise": "●"}
COLOURS = {"above": "blue", "below": "orange", "noise": "gray"}
AGAINST_LOTTERY = {
    "above": "above a lottery",
    "below": "below a lottery",
    "noise": "within noise",
}
AGAINST_EARLIER = {
    "above": "above earlier quarters",
    "below": "below earlier quarters",
    "noise": "no change beyond noise",
}
AGAINST_NO_CHANGE = {
    "above": "up beyond noise",
    "below": "down beyond noise",
    "noise": "within noise",
}
TABLE_WORDS = {
    "person": "people",
    "employment_spell": "times of employment",
    "reporting_line": "who reports to whom",
    "attribute_def": "properties of people",
    "attribute_value_def": "their possible values",
    "person_attribute": "values of people",
    "programme_org": "organisations in programmes",
    "enrolment": "enrolments",
    "match": "offers",
    "match_member": "people in offers",
    "match_round": "rounds of matching",
    "match_pool": "people available in rounds",
    "conversation": "conversations",
    "conversation_participant": "seats in conversations",
    "item": "questions",
    "item_option": "possible answers",
    "skill_rating": "ratings of skills",
    "learning_activity": "learning activities",
    "response": "questionnaires filled in",
    "answer": "answers",
    "outcome": "results of people",
}
"""What the rows of a canonical table are called on screen."""
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~:$&@])")
HARMLESS = re.compile(r"\\([()]|(?<=[^\W_]\\)_(?=[^\W_])|(?<=[^\W\d_]\\)[.-](?=\w))")
# Streamlit looks for addresses and icon names once more after the Markdown is read: an escaped
# colon, at sign or "www." would still become a link, so an invisible joiner stands inside them.
JOINER = "\u2060"
LOOKED_FOR = re.compile(r"(:|@|www)(?=\S)", re.IGNORECASE)
BREAKS = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+")
NO_BREAK = "\u00a0"
AFTER_SIGN = re.compile(r"(?<=[▲▼●○□]) (?=\S)")
BEFORE_DOT = re.compile(r" (?=· )")
BEFORE_NUMBER = re.compile(r"(?<=\bcycle) (?=\d)")
DIRECTIVE = re.compile(r"(?<!\\):[a-z-]+\[((?:\\.|[^\]\\])*)\]")


def safe(name: str) -> str:
    """Return a name from the data as plain text for Markdown: no link, no picture, no colour."""
    return MARKDOWN.sub(r"\\\1", LOOKED_FOR.sub(rf"\1{JOINER}", BREAKS.sub(" ", name)))


def safe_label(name: str) -> str:
    """Return a name from the data as the label of a control, which a screen reader reads as it is.

    What has no meaning where it stands is not escaped: the reader would say "backslash". Round
    brackets mean something behind square ones only, which are; the other signs not within a word.
    """
    return HARMLESS.sub(r"\1", safe(name))


def plain(markdown: str) -> str:
    """Return what a sentence of the screen says without its Markdown, for a screen reader."""
    words = DIRECTIVE.sub(r"\1", markdown).replace(JOINER, "")
    return re.sub(r"\\(.)", r"\1", words)


def unbroken(words: str) -> str:
    """Keep a sign or "cycle" on the line of what follows, a dot between remarks on the one before.

    What is bound is bound by a space at which no line ends.
    """
    for place in (AFTER_SIGN, BEFORE_DOT, BEFORE_NUMBER):
        words = place.sub(NO_BREAK, words)
    return words


def coloured(words: str, verdict: str) -> str:
    """Return words in the colour of a verdict; only what is beyond noise has one."""
    return f":{COLOURS.get(verdict, 'gray')}[{words}]"


def verdict_words(cell: Cell, against: dict[str, str]) -> str:
    """Return sign and verdict, such as "▲ above a lottery"."""
    if cell.is_hidden:
        return "hidden"
    if cell.status == "undefined":
        return "not defined"
    if cell.status == "too_few":
        return "○ too few to say"
    if cell.verdict not in SIGNS:
        return ""
    return f"{SIGNS[cell.verdict]} {against[cell.verdict]}"


def badge(words: str, verdict: str = "") -> str:
    """Return a small label; coloured only by a verdict beyond noise."""
    colour = COLOURS[verdict] if verdict in ("above", "below") else "gray"
    return f":{colour}-badge[{words}]"


def capital(name: str) -> str:
    """Return a name with its first letter large; the others stay ("HR region")."""
    return name[:1].upper() + name[1:]


def written_date(iso: str) -> str:
    """Return 2026-09-30 as 30 September 2026."""
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(names: list[str]) -> str:
    """Return names as "A, B and C"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def table_words(table: str) -> str:
    """Return what a canonical table holds, in words of its own where its name has none."""
    return capital(TABLE_WORDS.get(table, table.replace("_", " ")))


NARROW = "\u202f"
"""The space inside a number and before its unit, as a release prints it."""


def grouped(number: int) -> str:
    """Return a whole number as a release prints it, with a narrow space between thousands."""
    return f"{number:,}".replace(",", NARROW)


def counted(number: int, one: str, many: str) -> str:
    """Return "1 cell" or "3 cells"."""
    return f"{grouped(number)} {one if number == 1 else many}"
