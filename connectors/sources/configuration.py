"""The settings of all sources: one YAML file, checked; secrets only by the name of a variable."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

import yaml
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from connectors.contract import SourceError
from schema import CANONICAL
from schema.tables import MODALITIES, SENSITIVITIES

SOURCE_NAME = r"^[a-z][a-z0-9_]{0,39}$"
VARIABLE = r"^[A-Z][A-Z0-9_]*$"


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("expected an IANA time zone such as Europe/Berlin")
    return name


def _table(name: str) -> str:
    if name not in CANONICAL:
        raise ValueError(f"expected a canonical table: {', '.join(CANONICAL)}")
    return name


def _beside(path: Path, info: ValidationInfo) -> Path:
    # a relative path is meant from the settings' own folder, wherever the run is started
    return Path((info.context or {}).get("folder", "")) / path.expanduser()


Place = Annotated[Path, AfterValidator(_beside)]
Variable = Annotated[str, StringConstraints(pattern=VARIABLE)]
"""Name of an environment variable that holds a secret."""
Zone = Annotated[str, AfterValidator(_zone)]
TableName = Annotated[str, AfterValidator(_table)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class SourceSettings(BaseModel):
    """What every source may set."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    time_limit_seconds: float = Field(default=900, gt=0, le=86_400)
    unknown_people: Literal["unresolved", "add"] = "unresolved"
    """What becomes of people whom the store does not know: an unresolved seat, or a new person."""
    max_rejected_share: float = Field(default=0.5, ge=0, le=1)
    """Largest share of rows that may be set aside while the others are imported."""


class MeetingSettings(SourceSettings):
    """What every source of meetings must set."""

    programme: Code
    cohort: str = ""
    zone: Zone = "UTC"


class DropFolderSettings(SourceSettings):
    """A folder into which another system puts files."""

    kind: Literal["drop_folder"]
    folder: Place
    mapping: Place | None = None
    """A saved mapping for every file; without one, files have canonical names and columns."""
    zone: Zone = "UTC"
    quiet_seconds: float = Field(default=5, ge=0, le=3600)
    max_rejected_share: float = Field(default=0, ge=0, le=1)


class TableQuery(BaseModel):
    """A table of the database whose columns are renamed, where no SELECT is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    columns: dict[str, str]
    """Canonical column to theirs."""


class SqlSettings(SourceSettings):
    """A database with a saved SELECT a canonical table."""

    kind: Literal["sql"]
    url_from: Variable
    select: dict[TableName, str | TableQuery] = Field(min_length=1)
    people: Literal["identifiers", "pseudonyms"] = "identifiers"
    """Whether the database's keys of people identify them or are pseudonyms already."""
    lag_days: float = Field(default=3, ge=0)
    whole_every_days: float | None = Field(default=None, gt=0)
    """How often everything is read again, since rows may arrive later; never by itself if None."""
    timeout_seconds: float = Field(default=300, gt=0)
    max_rejected_share: float = Field(default=0, ge=0, le=1)


class IcalendarSettings(MeetingSettings):
    """A calendar, as a file or behind a private address."""

    kind: Literal["icalendar"]
    file: Place | None = None
    address_from: Variable | None = None
    past_days: int = Field(default=400, ge=0, le=3660)
    future_days: int = Field(default=60, ge=0, le=366)
    organiser_takes_part: bool = True
    """False where an office invites others to meet."""

    @model_validator(mode="after")
    def _one_place(self) -> IcalendarSettings:
        if (self.file is None) == (self.address_from is None):
            raise ValueError("expected either file or address_from")
        return self


class XapiSettings(MeetingSettings):
    """A learning record store."""

    kind: Literal["xapi"]
    address: str
    user_from: Variable
    password_from: Variable
    lag_days: float = Field(default=30, ge=0)
    whole_every_days: float | None = Field(default=None, gt=0)
    since: AwareDatetime = datetime(1970, 1, 1, tzinfo=UTC)
    activity_verbs: dict[str, Literal["enrolled", "in_progress", "completed", "dropped"]] = Field(
        default={"completed": "completed", "attended": "completed"}
    )
    meeting_types: tuple[str, ...] = ("http://adlnet.gov/expapi/activities/meeting",)
    contact_verbs: tuple[str, ...] = ()
    """Verbs between two people that count as a conversation, such as `messaged`."""
    modalities: dict[str, Literal[MODALITIES]] = Field(default_factory=dict)
    """Activity type to modality; `unknown` otherwise."""


class AttributeSettings(BaseModel):
    """An attribute of people and what it is called on screen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code
    label: Code
    sensitivity: Literal[SENSITIVITIES]


class BambooSettings(SourceSettings):
    """A BambooHR company."""

    kind: Literal["bamboohr"]
    address: str
    """https://<company>.bamboohr.com"""
    key_from: Variable
    person_key: Literal["workEmail", "employeeId"] = "workEmail"
    attributes: dict[str, AttributeSettings] = Field(default_factory=dict)
    """BambooHR field to attribute."""
    organisation: str = ""


class ZoomSettings(MeetingSettings):
    """Meetings of a Zoom account."""

    kind: Literal["zoom_reports"]
    meetings: tuple[str, ...] = Field(min_length=1)
    """Numbers of recurring meetings."""
    account_from: Variable
    client_from: Variable
    secret_from: Variable
    address: str = "https://api.zoom.us/v2/"
    token_address: str = "https://zoom.us/oauth/token"  # noqa: S105 - an address, no password
    lag_days: float = Field(default=2, ge=0)
    shortest_seconds: int = Field(default=60, ge=0)


class GraphSettings(MeetingSettings):
    """Meetings of organisers in Microsoft Teams."""

    kind: Literal["graph_attendance"]
    organisers_from: Variable
    """Variable with the organisers' user ids, separated by commas."""
    meetings_from: Variable
    """Variable with the join addresses, in the same order."""
    tenant_from: Variable
    client_from: Variable
    secret_from: Variable
    address: str = "https://graph.microsoft.com/v1.0/"
    token_address: str = "https://login.microsoftonline.com/"  # noqa: S105 - an address
    shortest_seconds: int = Field(default=60, ge=0)


AnySource = Annotated[
    DropFolderSettings
    | SqlSettings
    | IcalendarSettings
    | XapiSettings
    | BambooSettings
    | ZoomSettings
    | GraphSettings,
    Field(discriminator="kind"),
]
Name = Annotated[str, StringConstraints(pattern=SOURCE_NAME)]


class Sources(RootModel[dict[Name, AnySource]]):
    """All sources by name."""

    model_config = ConfigDict(hide_input_in_errors=True)


def load_sources(file: Path) -> dict[str, AnySource]:
    """Read the settings of all sources; raise SourceError with a remedy where they do not fit."""
    if not file.exists():
        raise SourceError(
            f"{file}: there is no such file. Write one source a block, as docs/sources.md shows."
        )
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        return Sources.model_validate(content, context={"folder": file.parent}).root
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise SourceError(f"{file}{where}: this is not YAML. Correct the file.") from None
    except ValidationError as error:
        raise SourceError("\n".join(_fault(file, fault) for fault in error.errors())) from None


def _fault(file: Path, fault: dict) -> str:
    # what was written there is not repeated: it may be a secret in the wrong place
    where = " > ".join(str(part) for part in fault["loc"])
    where = re.sub(r" > (\w+) > ", r" > ", where, count=1) if len(fault["loc"]) > 2 else where
    words = str(fault["msg"]).removeprefix("Value error, ")
    return f"{file}, {where}: {words[:1].lower()}{words[1:]}. Correct the setting."


def secret(variable: str) -> str:
    """Return the value of an environment variable; raise SourceError where there is none."""
    value = os.environ.get(variable, "")
    if not value:
        raise SourceError(
            f"The environment variable {variable} is not set, and a source names it. "
            "Set it where the run is started, never in a file. Nothing was fetched."
        )
    return value
