"""From a source's settings to what it delivers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.sources import drop_folder
from connectors.sources.bamboohr import BambooSource
from connectors.sources.configuration import (
    AnySource,
    BambooSettings,
    DropFolderSettings,
    GraphSettings,
    IcalendarSettings,
    MeetingSettings,
    SqlSettings,
    XapiSettings,
    ZoomSettings,
)
from connectors.sources.delivery import Delivery, Door, State
from connectors.sources.graph_attendance import GraphSource
from connectors.sources.icalendar import CalendarSource
from connectors.sources.sql import SqlSource
from connectors.sources.xapi import XapiSource
from connectors.sources.zoom_reports import ZoomSource

FETCHED = {
    BambooSettings: BambooSource,
    GraphSettings: GraphSource,
    IcalendarSettings: CalendarSource,
    SqlSettings: SqlSource,
    XapiSettings: XapiSource,
    ZoomSettings: ZoomSource,
}


@dataclass(frozen=True)
class Rules:
    """How the rows of a source are treated at the store's door."""

    add_people: bool
    whole_meetings: bool
    max_rejected_share: float
    settle: bool


def open_source(
    name: str, settings: AnySource, state: State, door: Door, mapped: drop_folder.ReadMapped
) -> Iterator[Delivery]:
    """Yield what a source delivers: one delivery, or one a file of a folder."""
    if isinstance(settings, DropFolderSettings):
        yield from drop_folder.deliveries(name, settings, state, door, mapped)
    else:
        source = FETCHED[type(settings)](name, settings, state, door)
        yield Delivery(name, source, source.memory)


def rules_of(settings: AnySource) -> Rules:
    """Return how the rows of a source are treated.

    Canonical files and SELECTs bring what they point to; whatever else comes in may point to
    people whom nobody has brought yet.
    """
    mapped = isinstance(settings, DropFolderSettings) and settings.mapping is not None
    return Rules(
        add_people=settings.unknown_people == "add",
        whole_meetings=isinstance(settings, MeetingSettings),
        max_rejected_share=settings.max_rejected_share,
        settle=mapped or not isinstance(settings, DropFolderSettings | SqlSettings),
    )
