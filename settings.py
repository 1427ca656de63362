"""What a deployment may set: one file ``weft.toml``, each key overridable as ``WEFT_<KEY>``."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

ROOT = Path(__file__).parent

LOWEST_PEOPLE = 5
LOWEST_EFFECTIVE = 3
DIFFERENCES = (0.01, 0.5)
"""What may be called the smallest difference that matters."""
SHORTEST_KEY = 32
FEWEST_CHARACTERS = 8
"""A key of fewer different characters is none."""
FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


FLAGGED = {"served", "peers_only"}
"""Settings that are true or false."""


class SettingsError(ValueError):
    """A setting that Weft refuses to start with."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings in force."""

    home: Path = ROOT / "var"
    """Where the store and the releases live."""
    store_url: str = ""
    """SQLAlchemy URL of the store; empty = the embedded database in ``home``."""
    port: int = 8501
    minimum_people: int = 10
    """Fewest people behind a published value that a personal attribute or an answer touches."""
    minimum_effective: int = 5
    """Smallest effective group size that all published values together may leave anybody."""
    special_attributes: str = ""
    """Comma-separated special attributes that are switched on, each with a stated purpose."""
    special_purpose: str = ""
    """Why special attributes are evaluated, in one sentence; shown on every page."""
    smallest_difference: float = 0.05
    """Smallest change of crossing against a lottery that matters to the organisation."""
    headline_attribute: str = ""
    """Attribute of the first sentence; empty = the first plain one."""
    peers_only: bool = False
    """Whether conversations before joining, after leaving, and with one's own manager stay out of
    who meets whom."""
    served: bool = False
    """Whether others than the owner of this computer open Weft; then nothing is uploaded in it."""
    identity_key: str = field(default="", repr=False)
    """Secret that turns identifiers of people into pseudonyms; best given to imports alone."""

    @property
    def database_url(self) -> str:
        """Return the URL of the person-level store."""
        return self.store_url or f"duckdb:///{self.home / 'store.duckdb'}"

    @property
    def releases(self) -> Path:
        """Return the folder that holds the releases."""
        return self.home / "releases"


def load(file: Path = ROOT / "weft.toml") -> Settings:
    """Read the settings from the file and the environment, and refuse what is not allowed."""
    written = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    known = {each.name: each for each in fields(Settings)}
    unknown = sorted(set(written) - set(known))
    if unknown:
        raise SettingsError(
            f"{file.name}: unknown setting {', '.join(unknown)}; known are {', '.join(known)}"
        )
    values = {name: os.environ.get(f"WEFT_{name.upper()}", written.get(name)) for name in known}
    settings = Settings(**{name: _convert(name, value) for name, value in values.items() if value})
    _check(settings)
    return settings


def _convert(name: str, value: object) -> object:
    if name == "home":
        return Path(str(value)).expanduser().resolve()
    if name in {"port", "minimum_people", "minimum_effective"}:
        try:
            return int(str(value))
        except ValueError as error:
            raise SettingsError(f"{name}: expected a whole number, found {value!r}") from error
    if name in FLAGGED:
        return _convert_flag(name, value)
    if name == "smallest_difference":
        try:
            return float(str(value))
        except ValueError as error:
            raise SettingsError(f"{name}: expected a number, found {value!r}") from error
    return str(value)


def _convert_flag(name: str, value: object) -> bool:
    word = str(value).strip().lower()
    if word not in FLAGS:
        raise SettingsError(f"{name}: expected true or false, found {value!r}")
    return FLAGS[word]


def _check_identity_key(key: str) -> None:
    if key and (len(key) < SHORTEST_KEY or len(set(key.lower())) < FEWEST_CHARACTERS):
        # the key itself is never repeated
        raise SettingsError(
            "identity_key: a key that can be guessed protects nobody; expected at least "
            f"{SHORTEST_KEY} random characters. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_hex(32))'"
        )


def _check(settings: Settings) -> None:
    _check_identity_key(settings.identity_key)
    if settings.minimum_people < LOWEST_PEOPLE:
        raise SettingsError(
            f"minimum_people is {settings.minimum_people}; Weft does not publish values about "
            f"fewer than {LOWEST_PEOPLE} people. Set {LOWEST_PEOPLE} or more."
        )
    if settings.minimum_effective < LOWEST_EFFECTIVE:
        raise SettingsError(
            f"minimum_effective is {settings.minimum_effective}; the lowest is {LOWEST_EFFECTIVE}."
        )
    lowest, highest = DIFFERENCES
    if not lowest <= settings.smallest_difference <= highest:
        raise SettingsError(
            f"smallest_difference is {settings.smallest_difference}; expected a part of 1, from "
            f"{lowest} to {highest}, such as 0.05 for 5 %"
        )
    if settings.special_attributes and not settings.special_purpose:
        raise SettingsError("special_attributes needs special_purpose: say why, in one sentence")
