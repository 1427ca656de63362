"""The person in front of the screen, as a role; on one's own computer there is one role."""

from __future__ import annotations

from dataclasses import dataclass

from settings import load

EVERY_PAGE = ("headlines", "connection", "growth", "cohorts", "engagement", "profiles", "methods")


@dataclass(frozen=True)
class Viewer:
    """Who is looking."""

    role: str
    pages: tuple[str, ...]

    def may_open(self, page: str) -> bool:
        """Tell whether this role sees a page; pages ask this again themselves."""
        return page in self.pages


OWN_COMPUTER = ("data",)
"""Pages that bring data in: for the owner of this computer, and never served."""


def current_viewer() -> Viewer:
    """Return the viewer: the owner, as long as Weft serves its own computer only."""
    return Viewer(role="owner", pages=EVERY_PAGE + (() if load().served else OWN_COMPUTER))
