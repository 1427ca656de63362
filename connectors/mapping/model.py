"""A mapping: what a file holds, what each column means, and what is never stored; saved as YAML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from connectors.contract import SourceError
from connectors.files.layout import folded
from connectors.files.table import Reading
from connectors.mapping.fields import FIELDS, KINDS, REPEATED

Code = Annotated[str, Field(min_length=1, max_length=80)]
Label = Annotated[str, Field(min_length=1, max_length=400)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Part):
    """What one column means.

    Attributes
    ----------
    to : str
        A field of the kind, or one of ``attribute``, ``answer``, ``option``, ``rating`` and
        ``outcome``, of which a file may have several.
    code, label : str or None
        Of the attribute, question, skill or outcome.
    means : dict
        What the words of a cell stand for; the word's case and blanks make no difference.
    separator : str or None
        What stands between several values of one cell.
    side : int or None
        Whose attribute it is, where rows name two people: 1 or 2.
    about : str or None
        The earlier wave that a rating looks back at (then-test).
    """

    to: str
    code: Code | None = None
    label: Label | None = None
    sensitivity: Literal["plain", "personal", "special"] | None = None
    measures: Code | None = None
    family: str | None = None
    scale: tuple[float, float] | None = None
    reversed: bool = False
    means: dict[str, str] = Field(default_factory=dict)
    separator: str | None = None
    role: str | None = None
    side: Literal[1, 2] | None = None
    about: Code | None = None
    unit: Literal["seconds", "minutes", "hours", "words"] = "words"

    @field_validator("means", mode="before")
    @classmethod
    def _as_text(cls, found: object) -> object:
        return {str(k): _plain(v) for k, v in found.items()} if isinstance(found, dict) else found


class Layout(_Part):
    """How the table stands in the file; see `connectors.files.table.Reading`."""

    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    sheet: str | None = None
    header: bool = True
    second_line: Literal["none", "combines"] = "none"
    skipped: int = Field(default=0, ge=0, le=20)
    above: Literal["none", "row", "pairs"] = "none"
    section: bool = False


class Organisation(_Part):
    """The organisation whose people these are; with a label it is written too."""

    code: Code
    label: Label | None = None
    timezone: str = "UTC"


class Programme(_Part):
    """The programme that the rows belong to; with a label it is written too."""

    code: Code
    label: Label | None = None
    kind: str = "peer_learning"


class Cohort(_Part):
    """The cohort that all rows belong to; with a label it is written too."""

    code: Code
    label: Label | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class Wave(_Part):
    """The moment at which people were asked; with a label it is written too."""

    code: Code
    number: int = Field(default=1, ge=0)
    label: Label | None = None
    opens_on: date | None = None


class Instrument(_Part):
    """The questionnaire."""

    code: Code
    label: Label
    kind: str = "other"
    identity: Literal["identified", "pseudonymous", "anonymous"] = "pseudonymous"


class Mapping(_Part):
    """Everything that turns one kind of file into canonical rows.

    Attributes
    ----------
    holds : str
        What one row is about: people, pairs, conversations, attendance, survey, ...
    file : str or None
        Name, or pattern of the name, of the file in a folder.
    timezone : str or None
        Used for times without an offset only.
    date_order : {"DMY", "MDY"} or None
        Order of dates such as 03/04/2026.
    as_of : date or None
        Day on which the file was true, where its rows carry no day.
    missing : tuple of str
        Words that stand for an empty cell, such as NA; none by itself.
    drop : tuple of str
        Columns that are forgotten while the file is read.
    constants : dict of str to str
        Values of fields that no column has.
    own_numbers : bool
        Whether numbers of people are the organisation's own, so that two organisations may both
        have a 1001; mail addresses are the same person anywhere.
    """

    name: Code = "mapped"
    holds: str
    file: str | None = None
    layout: Layout = Layout()
    timezone: str | None = None
    date_order: Literal["DMY", "MDY"] | None = None
    decimal: Literal[".", ","] = "."
    as_of: date | None = None
    missing: tuple[str, ...] = ()
    organisation: Organisation | None = None
    programme: Programme | None = None
    cohort: Cohort | None = None
    wave: Wave | None = None
    instrument: Instrument | None = None
    own_numbers: bool = False
    legal_basis: str | None = None
    columns: dict[str, Target | tuple[Target, ...]]
    drop: tuple[str, ...] = ()
    constants: dict[str, str] = Field(default_factory=dict)
    on_unknown_value: Literal["hold", "add"] = "hold"
    unknown_people: Literal["hold", "add", "leave_empty"] = "hold"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError("expected a name from the IANA list, such as Europe/Berlin")
        return zone

    @field_validator("constants", mode="before")
    @classmethod
    def _as_text(cls, found: object) -> object:
        return {str(k): _plain(v) for k, v in found.items()} if isinstance(found, dict) else found

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Mapping:
        if self.holds not in KINDS:
            raise ValueError(f"holds: expected one of {', '.join(KINDS)}")
        known = FIELDS[self.holds]
        for name, target in self.targets():
            if target.to not in known:
                raise ValueError(f"{name}: to: expected one of {', '.join(known)}")
            if target.to in REPEATED and not target.code:
                raise ValueError(f"{name}: {target.to} needs a code")
            if target.about and target.to != "rating":
                raise ValueError(f"{name}: about: only a rating looks back at an earlier wave")
            if target.sensitivity == "special" and not self.legal_basis:
                raise ValueError(
                    f"{name}: ethnicity, health, religion and their like are only read with a "
                    "legal_basis, one sentence in the mapping"
                )
        if self.own_numbers and not (self.organisation or self._says("organisation")):
            raise ValueError("own_numbers: needs organisation, whose numbers they are")
        wrong = [name for name in self.constants if name not in known or name in REPEATED]
        if wrong:
            raise ValueError(f"constants: {', '.join(wrong)}: expected fields of {self.holds}")
        return self

    def _says(self, field: str) -> bool:
        return field in self.constants or any(target.to == field for _, target in self.targets())

    def targets(self) -> Iterator[tuple[str, Target]]:
        """Yield every column with each of its meanings."""
        for name, target in self.columns.items():
            for one in target if isinstance(target, tuple) else (target,):
                yield name, one

    def lacking(self) -> list[str]:
        """Return what must be filled in before the mapping can be used, in words."""
        given = {target.to for _, target in self.targets()} | set(self.constants)
        return [need.words for need in KINDS[self.holds].needs if not need.is_met(given, self)]

    def reading(self) -> Reading:
        """Return how the file is read."""
        names = tuple(name for name in self.columns if not name.startswith("above: "))
        combines = self.layout.second_line == "combines"
        # what was put together out of two lines stands in neither
        wanted = tuple(name for name in names if not (combines and ": " in name))
        kept = frozenset(folded(name) for name in self.columns)
        return Reading(wanted=wanted, kept=kept, **self.layout.model_dump())


def load_mapping(file: Path) -> Mapping:
    """Read a mapping; raise SourceError that says where it is wrong."""
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise SourceError(f"{file}: there is no such mapping, or it cannot be read.") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f", line {line + 1}"
        raise SourceError(f"{file}{where}: this is not YAML. Correct the mapping.") from None
    return mapping_of(found, str(file))


def mapping_of(found: object, where: str) -> Mapping:
    """Return a mapping out of what a YAML file holds."""
    try:
        return Mapping.model_validate(found)
    except ValidationError as error:
        reasons = "; ".join(_words(problem) for problem in error.errors(include_url=False))
        raise SourceError(f"{where}: {reasons}. Correct the mapping.") from None


def as_yaml(mapping: Mapping) -> str:
    """Return a mapping as YAML."""
    content = mapping.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def _plain(found: Any) -> Any:
    if isinstance(found, bool):
        return str(found).lower()
    return str(found) if isinstance(found, int | float | date) else found


def _words(problem: Any) -> str:
    place = ".".join(str(part) for part in problem["loc"] if not str(part).startswith("Target"))
    words = problem["msg"].removeprefix("Value error, ")
    return f"{place}: {words}" if place else words
