"""Which addresses Weft sends credentials to."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.contract import SourceError

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def refuse_unsafe(name: str, address: str) -> None:
    """Refuse an address that is not encrypted, this computer's own apart."""
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in LOCAL_HOSTS
    if not (local or parts.scheme == "https") or parts.username or parts.password:
        raise SourceError(
            f"{name}: the address must begin with https:// and hold no user or password; "
            "credentials belong in environment variables. Correct the settings."
        )


def same_host(one: str, other: str) -> bool:
    """Tell whether two addresses have the same scheme, host and port."""
    return urlsplit(one)[:2] == urlsplit(other)[:2]
