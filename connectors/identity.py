"""Keyed pseudonyms: what identifies a person is replaced before anything else sees it."""

from __future__ import annotations

import hmac
import os
import secrets
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from pandas import Series

from connectors.contract import SourceError
from connectors.once import each_once

KEY_FILE = "identity.key"
SHORTEST_KEY = 32
HEX_DIGITS = 32
"""128 bits: enough that two people never meet by chance."""
HOW_TO_MAKE = (
    "Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'  and keep it outside "
    "the data, in the variable WEFT_IDENTITY_KEY of the account that imports. Nothing was imported."
)


class KeySettings(Protocol):
    """The settings that a key depends on."""

    home: Path
    identity_key: str
    served: bool


class IdentityError(SourceError):
    """There is no key to make pseudonyms with, or none that protects anybody."""


class Pseudonyms:
    """Turns identifiers into pseudonyms with a secret key.

    Parameters
    ----------
    key : bytes
        At least 32 bytes; another key gives other pseudonyms for the same people.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < SHORTEST_KEY:
            raise IdentityError(f"The identity key is too short. {HOW_TO_MAKE}")
        self._keyed = hmac.new(key, digestmod=sha256)

    def __repr__(self) -> str:
        return "Pseudonyms(key hidden)"

    def of(self, values: Series) -> Series:
        """Return the pseudonym of each identifier.

        Parameters
        ----------
        values : Series of str
            Work mails, employee numbers or other identifiers; what is missing or blank stays
            missing. Upper and lower case, and blanks around, make no difference.

        Returns
        -------
        Series of str
            First 128 bits of HMAC-SHA-256 (RFC 2104) as 32 hexadecimal digits, same index.
        """
        return each_once(values.astype("str"), self._one)

    def _one(self, value: str) -> str | None:
        text = normalised(value)
        if not text:
            return None
        keyed = self._keyed.copy()
        keyed.update(text.encode())
        return keyed.hexdigest()[:HEX_DIGITS]


def normalised(identifier: str) -> str:
    """Return an identifier as it is compared: one Unicode form, no blanks around, no capitals."""
    return unicodedata.normalize("NFKC", identifier).strip().casefold()


def load_pseudonyms(settings: KeySettings) -> Pseudonyms:
    """Return the pseudonyms of this deployment.

    The key is ``WEFT_IDENTITY_KEY``. On one's own computer a random one is made once where none is
    set, in a file that its owner alone can read; elsewhere a missing key raises IdentityError.
    """
    if settings.identity_key:
        return Pseudonyms(settings.identity_key.encode())
    if settings.served:
        raise IdentityError(f"There is no identity key. {HOW_TO_MAKE}")
    return Pseudonyms(_own_key(settings.home / KEY_FILE))


def _own_key(file: Path) -> bytes:
    try:
        if not file.exists():
            _make_key(file)
        return file.read_text(encoding="utf-8").strip().encode()
    except OSError as error:
        raise IdentityError(
            f"The identity key {file} cannot be used: {error.strerror}. Check its permissions. "
            "Nothing was imported."
        ) from None


def _make_key(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    own = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(secrets.token_hex(32))
    try:
        # a link never replaces what another process has made meanwhile
        os.link(own, file)
    except FileExistsError:
        pass
    finally:
        own.unlink()
