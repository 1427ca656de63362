"""A proposed mapping as YAML with comments: what to fill in, and why each column was matched."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from connectors.mapping.fields import KINDS
from connectors.mapping.guessing import ACCEPTED, ColumnGuess
from connectors.mapping.model import Target
from connectors.mapping.recognition import Recognition

EXAMPLES = {
    "programme": "{code: pairs, label: Peer pairs}",
    "cohort": "{code: spring-2026, label: Spring 2026}",
    "organisation": "{code: acme, label: Acme, timezone: Europe/Berlin}",
    "instrument": "{code: after-talk, label: After a talk, kind: post_conversation}",
    "wave": "{code: w1, number: 1, label: Before, opens_on: 2026-01-05}",
    "as_of": "2026-01-31",
    "timezone": "Europe/Berlin",
    "date_order": "DMY",
    "status": "{status: active}",
    "modality": "{modality: peer}",
}
CONSTANT = ("status", "modality")
"""What is the same in every row where no column says it."""
ORGANISATION_OF = ("people",)


def proposal(recognition: Recognition) -> str:
    """Return the mapping as YAML that loads, with comments for whoever looks it through."""
    return "\n".join(_lines(recognition)) + "\n"


def _lines(recognition: Recognition) -> Iterator[str]:
    mapping = recognition.mapping
    yield f"# {recognition.words}"
    yield "# Look through each line. Nobody's name, mail or number stands here."
    head = mapping.model_dump(mode="json", exclude_defaults=True, exclude={"columns", "drop"})
    yield yaml.safe_dump(head, sort_keys=False, allow_unicode=True).rstrip()
    if recognition.date_words:
        yield f"# dates: {recognition.date_words}"
    yield from _missing(recognition)
    yield from _programme(recognition)
    yield "columns:"
    yield from _columns(recognition)
    if mapping.drop:
        yield "# forgotten while the file is read"
        yield f"drop: {_flow(list(mapping.drop))}"


def _missing(recognition: Recognition) -> Iterator[str]:
    if recognition.lacking:
        yield "# STILL NEEDED: take the # away and fill in"
    for need in recognition.lacking:
        name = need.partition(":")[0]
        yield f"#   {need}"
        if name in EXAMPLES:
            place = "constants" if name in CONSTANT else name
            yield f"# {place}: {EXAMPLES[name]}"
    if recognition.mapping.holds in ORGANISATION_OF and recognition.mapping.organisation is None:
        yield "# whose people they are:"
        yield f"# organisation: {EXAMPLES['organisation']}"


def _programme(recognition: Recognition) -> Iterator[str]:
    mapping = recognition.mapping
    by_column = any(target.to == "cohort" for _, target in mapping.targets())
    if by_column and mapping.programme is None:
        yield "# the programme that the cohorts belong to; cohorts that are new need it:"
        yield f"# programme: {EXAMPLES['programme']}"


def _columns(recognition: Recognition) -> Iterator[str]:
    fields = KINDS[recognition.mapping.holds].fields
    for guess in recognition.columns:
        if guess.name in recognition.mapping.columns and guess.target is not None:
            words = fields[guess.target.to].words
            yield f"  {_pair(guess.name, guess.target)}  # {words}; {guess.reason}"
        elif guess.target is not None and guess.certainty != "drop":
            yield f"  # {_pair(guess.name, guess.target)}  # {_why_not(guess)}"
        elif guess.certainty == "nothing":
            yield f"  # {_flow(guess.name)}: not read"


def _why_not(guess: ColumnGuess) -> str:
    if guess.certainty in ACCEPTED:
        return "only with legal_basis: one sentence, since this is specially protected"
    return f"a suggestion: {guess.reason}"


def _pair(name: str, target: Target) -> str:
    content = target.model_dump(mode="json", exclude_defaults=True)
    return f"{_flow(name)}: {_flow(content)}"


def _flow(content: object) -> str:
    text = yaml.safe_dump(
        content, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return text.removesuffix("\n").removesuffix("\n...")
