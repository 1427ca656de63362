"""How a request says who asks: not at all, with a password, or with a token that expires."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from connectors.contract import SourceError
from connectors.sources.addresses import refuse_unsafe

TOKEN_SECONDS = 30


class SignInError(SourceError):
    """The service does not accept the credentials."""


class Signature(Protocol):
    """Signs requests."""

    def headers(self) -> dict[str, str]:
        """Return the headers that sign a request."""
        ...

    def renew(self) -> bool:
        """Get a fresh token; False where there is none to get."""
        ...


class Unsigned:
    """No sign-in."""

    def headers(self) -> dict[str, str]:
        """Return no headers."""
        return {}

    def renew(self) -> bool:
        """Return False: there is nothing to renew."""
        return False


@dataclass(frozen=True)
class Password(Unsigned):
    """A user and a password, or a key and any word (Basic, RFC 7617)."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        """Return the Basic header."""
        both = f"{self.user}:{self.password}".encode()
        return {"Authorization": f"Basic {b64encode(both).decode()}"}


@dataclass
class ClientCredentials:
    """A token that the service hands out for a client's secret (OAuth 2.0, RFC 6749, 4.4).

    Attributes
    ----------
    address : str
        Where tokens are handed out.
    form : mapping of str to str
        What is posted: grant type, scope, and whatever the service wants beside.
    basic : Password or None
        The client and its secret where the service wants them in the header.
    """

    name: str
    address: str
    form: Mapping[str, str] = field(repr=False)
    basic: Password | None = None
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        refuse_unsafe(self.name, self.address)

    def headers(self) -> dict[str, str]:
        """Return the Bearer header, with a first token if there is none yet."""
        if not self.token:
            self.renew()
        return {"Authorization": f"Bearer {self.token}"}

    def renew(self) -> bool:
        """Fetch a token; raise SignInError if none is given."""
        headers = self.basic.headers() if self.basic else {}
        try:
            response = httpx.post(
                self.address,
                data=dict(self.form),
                headers=headers,
                timeout=TOKEN_SECONDS,
                trust_env=False,
            )
            self.token = str(response.json()["access_token"]) if response.is_success else ""
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            # the text of these errors may hold the secret
            self.token = ""
        if not self.token:
            raise SignInError(
                f"{self.name}: no token was given for the client's secret. Check the credentials "
                "in the environment variables that the settings name. Nothing was imported."
            )
        return True
