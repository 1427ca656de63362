"""Ask a web service patiently and carefully: retries, limits, sign-in, pages, and plain words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

from connectors.contract import SourceError
from connectors.sources.addresses import refuse_unsafe, same_host
from connectors.sources.answers import (
    NOTHING_LOST,
    Answer,
    Page,
    comes_and_goes,
    error_code,
    parse,
)
from connectors.sources.signing import Signature, SignInError, Unsigned
from connectors.sources.waiting import Patience, announced_wait

REDIRECTS = (301, 302, 303, 307, 308)
REDIRECTS_FOLLOWED = 3
CUT_SHORT = (httpx.TransportError, httpx.DecodingError)


class ServiceFault(SourceError):
    """The service failed again and again on one question; ``answered`` = it did say so itself."""

    def __init__(self, words: str, *, answered: bool) -> None:
        super().__init__(words)
        self.answered = answered


class NotAllowedError(SourceError):
    """The service knows who asks, and refuses."""


class ExpiredPageError(SourceError):
    """The service does not accept the mark of the next page any more."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much one run may take of a service."""

    seconds: float = 900
    attempts: int = 5
    longest_wait: float = 120
    pages: int = 10_000
    bytes: int = 50_000_000
    silence: float = 30


@dataclass
class WebService:
    """One service at one address.

    Attributes
    ----------
    name : str
        How the messages call the service.
    address : str
        Where it is; https, or http on this computer. Never in a message: it may hold a secret.
    signature : Signature
        How requests are signed; renewed once when a token has expired.
    pause : callable
        Waits the seconds given; tests pass their own.
    """

    name: str
    address: str
    signature: Signature = field(default_factory=Unsigned)
    limits: Limits = field(default_factory=Limits)
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        refuse_unsafe(self.name, self.address)
        self.client = httpx.Client(timeout=self.limits.silence, trust_env=False)
        self.patience = Patience(
            self.name, self.limits.seconds, self.limits.longest_wait, self.pause, self.clock
        )

    def __enter__(self) -> WebService:
        return self

    def __exit__(self, *error: object) -> None:
        self.client.close()

    def get(self, where: str = "", **params: str) -> Page:
        """Return the JSON found at a path below the service's address."""
        answer = self.fetch(where, params=params)
        return Page(parse(answer, self.name), answer.headers, self._full(where))

    def pages(
        self, where: str, follow: Callable[[Page], str | dict[str, str] | None], **params: str
    ) -> Iterator[Page]:
        """Yield page after page.

        ``follow`` reads from a page the address of the next one, or the parameters to change, or
        None at the end. Raises SourceError when a page leads back to one already seen.
        """
        seen: set[str] = set()
        asked = dict(params)
        while True:
            mark = json.dumps([where, asked], sort_keys=True)
            if mark in seen or len(seen) >= self.limits.pages:
                raise SourceError(self._endless(len(seen)))
            seen.add(mark)
            page = self.get(where, **asked)
            yield page
            step = follow(page)
            if not step:
                return
            where, asked = (where, asked | step) if isinstance(step, dict) else (step, {})

    def fetch(
        self,
        where: str = "",
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = "application/json",
    ) -> Answer:
        """Return a complete answer with a good status (or 304), however often it takes to ask."""
        asked = {"Accept": accept, **(headers or {})}
        for attempt in range(1, self.limits.attempts + 1):
            answer = self._signed_in(self._full(where), params or {}, asked)
            if answer is not None and not comes_and_goes(answer):
                return self._accepted(answer)
            announced = announced_wait(answer.headers) if answer else None
            if attempt == self.limits.attempts or not self.patience.wait(attempt, announced):
                break
        answered = answer is not None and error_code(answer) != 429
        raise ServiceFault(self._gave_up(answer), answered=answered)

    def _signed_in(
        self, address: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer | None:
        """Ask, and ask once more with a fresh token where the old one has expired."""
        answer = self._try(address, params, headers)
        if answer is None or answer.status != 401:
            return answer
        if not self.signature.renew():
            raise SignInError(
                f"{self.name}: the sign-in was refused (401). Check the key or password in the "
                f"environment variable that the settings name. {NOTHING_LOST}"
            )
        return self._try(address, params, headers)

    def _try(
        self, address: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer | None:
        """Ask once; None where the line broke."""
        for _ in range(REDIRECTS_FOLLOWED + 1):
            self.patience.check()
            try:
                answer = self._stream(address, params, headers)
            except CUT_SHORT:
                return None
            target = answer.headers.get("Location")
            if answer.status not in REDIRECTS or target is None:
                return answer
            address, params = self._followed(address, target), {}
        raise SourceError(f"{self.name}: redirects without end. Check the address in the settings.")

    def _stream(
        self, address: str, params: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        signed = {**self.headers, **headers, **self.signature.headers()}
        # httpx would replace a query that is already in the address by an empty one
        with self.client.stream("GET", address, params=params or None, headers=signed) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                self.patience.check()
                if len(body) > self.limits.bytes:
                    raise SourceError(self._too_large())
            return Answer(response.status_code, response.headers, bytes(body))

    def _full(self, where: str) -> str:
        address = urljoin(self.address, where) if where else self.address
        if not same_host(address, self.address):
            raise SourceError(self._elsewhere("its next page is on"))
        return address

    def _followed(self, address: str, target: str) -> str:
        found = urljoin(address, target)
        if not same_host(found, self.address):
            # credentials would travel along
            raise SourceError(self._elsewhere("redirects to"))
        return found

    def _accepted(self, answer: Answer) -> Answer:
        status = answer.status
        if status < 300 or status == 304:
            return answer
        if status == 401:
            raise SignInError(
                f"{self.name}: a fresh token was refused as well (401). Check the credentials. "
                f"{NOTHING_LOST}"
            )
        if status == 403:
            raise NotAllowedError(
                f"{self.name}: signed in, but not permitted to read this (403). Ask its "
                f"administrator for the permission that docs/sources.md names. {NOTHING_LOST}"
            )
        kind = ExpiredPageError if status in (400, 410) else SourceError
        raise kind(
            f"{self.name}: answered {status} instead of data. Check the address and the settings "
            f"of this source. {NOTHING_LOST}"
        )

    def _gave_up(self, answer: Answer | None) -> str:
        if answer is None or (answer.status == 200 and error_code(answer) is None):
            found = "cannot be reached, or breaks off in the middle of its answers"
        elif error_code(answer) == 429:
            found = "asks to wait longer than Weft waits; its limit is used up"
        else:
            found = f"fails on its side ({error_code(answer) or answer.status})"
        return f"{self.name}: {found}. Try again later. {NOTHING_LOST}"

    def _endless(self, pages: int) -> str:
        return (
            f"{self.name}: keeps sending pages, {pages:,} so far, or sends one twice; expected an "
            "end. Report it to the service. Nothing of this run was imported."
        )

    def _too_large(self) -> str:
        return (
            f"{self.name}: one answer is larger than {self.limits.bytes // 1_000_000} MB. "
            "Ask for a shorter time. Nothing of this run was imported."
        )

    def _elsewhere(self, words: str) -> str:
        return (
            f"{self.name}: {words} another host; expected the one in the settings. If it has "
            "moved, write the new address there. Nothing of this run was imported."
        )
