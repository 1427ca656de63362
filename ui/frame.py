"""The frame round every picture, and the parts of a page that stand on each."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from charts.rows import as_table
from charts.theme import Mode
from release import Cell, Release
from ui.words import badge, counted, safe, verdict_words, written_date

Row = dict[str, object]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart with all that must stand round it."""

    key: str
    finding: str
    how_to_read: str
    spec: dict
    rows: Sequence[Row]
    cells: Sequence[Cell]
    names: dict[str, str]
    """What each cell is called in the table, by group or by period."""
    by: str
    """"group" or "period": which of the two tells the cells apart."""
    against: dict[str, str]
    note: str = ""


def mode() -> Mode:
    """Return the colour scheme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


@contextmanager
def page(question: str, release: Release) -> Iterator[None]:
    """Lay out a page: its question as the only h1, and what is true of every page below it."""
    with st.container(key="page"):
        with st.container(key="question"):
            st.title(f":gray[{question}]")
        yield
        _page_foot(release)


def answer(words: str, badges: Sequence[str]) -> None:
    """Say the answer, large, and under it what it rests on."""
    with st.container(key="answer"):
        st.markdown(words)
    with st.container(key="badges"):
        st.markdown(" ".join(badges))


def standing(release: Release) -> list[str]:
    """Return the badges that every page carries."""
    about = release.about
    badges = [badge(f"as of {written_date(about['as_of'])}")]
    if about["organisation"]:
        badges.append(badge(safe(about["organisation"])))
    if about["lowered"]:
        badges.append(
            badge(f"thresholds lowered to {about['minimum_people']}/{about['minimum_effective']}")
        )
    if release.instead_of:
        badges.append(badge("the newest release is damaged; this is the one before"))
    return badges


def show(picture: Picture, release: Release) -> None:
    """Draw one picture: finding, how to read it, chart, foot, and the table behind it."""
    with st.container(key=f"frame_{picture.key}"):
        st.header(picture.finding)
        st.caption(picture.how_to_read)
        if picture.rows:
            st.vega_lite_chart(
                as_table(picture.rows),
                picture.spec,
                theme=None,
                key=f"chart_{picture.key}",
                alt=_alternative(picture),
            )
        st.caption(_foot(picture))
        _numbers(picture, release)


def _alternative(picture: Picture) -> str:
    """Return what a screen reader says: the finding and the first two values."""
    drawn = [cell for cell in picture.cells if cell.is_drawn]
    values = [f"{_name(picture, cell)} {cell.printed}" for cell in drawn[:1] + drawn[-1:]]
    return f"{picture.finding}. {'; '.join(dict.fromkeys(values))}. Table below."


def _name(picture: Picture, cell: Cell) -> str:
    return picture.names.get(getattr(cell, picture.by), getattr(cell, picture.by))


def _foot(picture: Picture) -> str:
    """Return what the picture rests on and what it hides."""
    parts = [picture.note] if picture.note else []
    hidden = [cell for cell in picture.cells if cell.is_hidden]
    if hidden:
        reasons = " or ".join(dict.fromkeys(cell.reason for cell in hidden))
        parts.append(f"Hatched: {counted(len(hidden), 'value', 'values')} hidden, {reasons}")
    weak = [cell for cell in picture.cells if cell.status == "too_few"]
    if weak:
        parts.append(f"Hollow: {counted(len(weak), 'value', 'values')} too weak to judge")
    return " · ".join(parts) or "Nothing is hidden here"


def _numbers(picture: Picture, release: Release) -> None:
    text = release.measures[picture.cells[0].measure] if picture.cells else None
    panel = st.expander(
        "Numbers, download, and what this does not say",
        key=f"numbers_{picture.key}",
        on_change="rerun",
    )
    if not panel.open or text is None:
        return
    with panel:
        st.table(_table(picture))
        st.download_button(
            "Download these values (CSV)",
            data=_csv(picture, release),
            file_name=f"weft-{picture.key}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"download_{picture.key}",
        )
        with st.container(key=f"prose_{picture.key}"):
            st.markdown(f"**{text.title}.** {text.definition}")
            st.markdown(f"**What it does not say.** {text.caveat}")


def _table(picture: Picture) -> dict[str, list[str]]:
    cells = picture.cells
    return {
        picture.by.capitalize(): [_name(picture, cell) for cell in cells],
        "Value": [cell.printed for cell in cells],
        "95 % interval": [cell.interval for cell in cells],
        "Rests on": [cell.behind for cell in cells],
        "Verdict": [verdict_words(cell, picture.against) or "–" for cell in cells],
    }


def _csv(picture: Picture, release: Release) -> Callable[[], str]:
    """Return what makes the file when it is asked for: the published strings, nothing more."""

    def write() -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        about = release.about
        writer.writerow([f"# Weft, release {release.contents.identity()}, as of {about['as_of']}"])
        writer.writerow(
            [f"# at least {about['minimum_people']} people, effective {about['minimum_effective']}"]
        )
        table = _table(picture)
        writer.writerow(table)
        for row in zip(*table.values(), strict=True):
            writer.writerow([_inert(value) for value in row])
        return text.getvalue()

    return write


def _inert(value: str) -> str:
    """Keep a spreadsheet from running a text as a formula; a signed number is not one."""
    looks_signed = value[:1] in "+-" and value[1:2].isdigit()
    return f"'{value}" if value.startswith(FORMULA_STARTS) and not looks_signed else value


def _page_foot(release: Release) -> None:
    about = release.about
    with st.container(key="foot"):
        st.caption(
            f"Values rest on at least {about['minimum_people']} people and are rounded in steps of "
            "five people. Groups and cohorts only, never persons: see Methods."
        )
