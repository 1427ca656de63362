"""The frame round every picture, and the parts of a page that stand on each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import pyarrow as pa
import streamlit as st

from charts.export import Kind, as_picture
from charts.rows import as_table
from charts.theme import Mode
from release import Cell, Release
from release.contents import WHOLE
from ui.words import (
    badge,
    capital,
    counted,
    plain,
    safe,
    unbroken,
    verdict_words,
    written_date,
)

Row = dict[str, object]
FORMULA_STARTS = tuple("=+-@\t\r\n|%＝＋－＠")
# what the release prints: "+12 to +24 %", "+3 % per quarter"; nothing else may begin with a sign
PRINTED_NUMBER = re.compile(r"\+[\d\s.]+%?( to [+\u2212]?[\d\s.]+%?)?( per quarter|points?)?")
FULL_STOP = re.compile(r"\\?\.$")
BYTE_ORDER_MARK = "\ufeff"
WITHOUT_CONVERSATIONS = (
    "**What is missing.** No conversation that was held has come in. This release says who could "
    "take part and who was offered whom; a list of conversations, or a participants report of a "
    "video call, brought in on the Data page, adds whether they met."
)


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
    behind: str = ""
    """People and pairings that it rests on."""
    note: str = ""
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Further columns of the table, of published strings, in the order of the cells."""

    @property
    def has_chart(self) -> bool:
        """Tell whether there is anything to draw: gaps alone say no more than the foot does."""
        return bool(self.rows) and (not self.cells or any(cell.is_drawn for cell in self.cells))

    @cached_property
    def table(self) -> pa.Table:
        """Return the rows as they are sent to the browser."""
        return as_table(self.rows)

    @cached_property
    def alternative(self) -> str:
        """Return what a screen reader says."""
        return _alternative(self)

    @cached_property
    def foot(self) -> str:
        """Return what stands under the chart."""
        return _foot(self)


def mode() -> Mode:
    """Return the colour scheme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def made(make: Callable[..., Sequence[Picture]], *asked: Hashable) -> Sequence[Picture]:
    """Return what a maker makes of a release and a choice; made once per choice and mode."""
    return _made(make, mode(), *asked)


@lru_cache(maxsize=512)
def _made(
    make: Callable[..., Sequence[Picture]], _mode: Mode, *asked: Hashable
) -> Sequence[Picture]:
    return tuple(make(*asked))


@contextmanager
def page(question: str, release: Release) -> Iterator[None]:
    """Lay out a page: its question as the only h1, and what is true of every page below it."""
    with st.container(key="page"):
        st.title(f":gray[{question}]")
        yield
        if release.about.get("without_conversations"):
            st.caption(WITHOUT_CONVERSATIONS)
        _page_foot(release)


def answer(words: str, badges: Sequence[str]) -> None:
    """Say the answer, large, and under it what it rests on."""
    with st.container(key="answer"):
        st.markdown(words)
        st.markdown(" ".join(badges))


def standing(release: Release) -> list[str]:
    """Return the badges that every page carries."""
    about = release.about
    badges = [badge(f"as of {written_date(about['as_of'])}")]
    if about["organisation"]:
        badges.append(badge(safe(about["organisation"])))
    if about["lowered"]:
        badges.append(
            badge(
                f"protection lowered: {about['minimum_people']} people, "
                f"hidden among {about['minimum_effective']}"
            )
        )
    if about.get("peers_only"):
        badges.append(badge("between peers only"))
    if release.instead_of:
        badges.append(badge("the newest release is damaged; this is the one before"))
    return badges


def span(release: Release) -> str:
    """Return the quarters that "all" stands for."""
    single = [period.label for key, period in release.periods.items() if key != WHOLE]
    return safe(" to ".join(dict.fromkeys(single[:1] + single[-1:])))


def show(picture: Picture, release: Release) -> None:
    """Draw one picture: finding, how to read it, chart, foot, and the table behind it."""
    with st.container(key=f"frame_{picture.key}"):
        st.header(picture.finding)
        if picture.has_chart or not picture.rows:
            st.caption(unbroken(picture.how_to_read))
        if picture.has_chart:
            st.vega_lite_chart(
                picture.table,
                picture.spec,
                theme=None,
                key=f"chart_{picture.key}",
                alt=picture.alternative,
            )
        st.caption(unbroken(picture.foot))
        _numbers(picture, release)


def _alternative(picture: Picture) -> str:
    """Return what a screen reader says: the finding and the first two values."""
    drawn = [cell for cell in picture.cells if cell.is_drawn]
    values = [f"{_name(picture, cell)} {cell.printed}" for cell in drawn[:1] + drawn[-1:]]
    said = "; ".join(dict.fromkeys(values)) or "No value is shown"
    return f"{plain(picture.finding)}. {said}. All values are in the table below."


def _name(picture: Picture, cell: Cell) -> str:
    return picture.names.get(getattr(cell, picture.by), getattr(cell, picture.by))


def _foot(picture: Picture) -> str:
    """Return what the picture rests on and what it hides."""
    # remarks stand between dots, so that none ends with a full stop of its own
    parts = [FULL_STOP.sub("", part) for part in (picture.behind, picture.note) if part]
    hidden = [cell for cell in picture.cells if cell.is_hidden]
    if hidden:
        number = counted(len(hidden), "value", "values")
        hatched = "Hatched: " if picture.has_chart else ""
        parts.append(f"{hatched}{number} hidden ({_reasons(hidden)})")
    undefined = [cell for cell in picture.cells if cell.status == "undefined"]
    if undefined:
        number = counted(len(undefined), "value", "values")
        empty = "Empty: " if picture.has_chart else ""
        parts.append(f"{empty}{number} not defined ({_reasons(undefined)})")
    weak = [cell for cell in picture.cells if cell.status == "too_few"]
    if weak:
        parts.append(f"Hollow: {counted(len(weak), 'value', 'values')} too weak to judge")
    return " · ".join(parts if hidden else [*parts, "Nothing is hidden here"])


def _reasons(cells: Sequence[Cell]) -> str:
    return safe(" or ".join(dict.fromkeys(cell.reason for cell in cells if cell.reason)))


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
        table = _table(picture).items()
        # a cell of this table is Markdown
        st.table({heading: [safe(value) for value in values] for heading, values in table})
        _downloads(picture, release)
        with st.container(key=f"prose_{picture.key}"):
            st.markdown(f"**{text.title}.** {text.definition}")
            st.markdown(f"**What it does not say.** {text.caveat}")


def _downloads(picture: Picture, release: Release) -> None:
    """Offer the values as CSV and the picture for a slide; each is made when asked for."""
    kinds: dict[str, tuple[str, Callable[[], str | bytes]]] = {
        "CSV": ("text/csv", _csv(picture, release)),
        "PNG": ("image/png", _drawing(picture, release, "png")),
        "SVG": ("image/svg+xml", _drawing(picture, release, "svg")),
    }
    with st.container(horizontal=True, key=f"downloads_{picture.key}"):
        for kind, (mime, make) in kinds.items():
            if kind == "CSV" or picture.has_chart:
                st.download_button(
                    f"Download {kind}",
                    data=make,
                    file_name=f"weft-{picture.key}.{kind.lower()}",
                    mime=mime,
                    on_click="ignore",
                    key=f"download_{kind}_{picture.key}",
                )


def _drawing(picture: Picture, release: Release, kind: Kind) -> Callable[[], bytes]:
    """Return what draws the picture as a file: finding and foot in it, always on paper."""

    def draw() -> bytes:
        about = release.about
        foot = f"{plain(picture.foot)} · Weft, {about['organisation']}, as of {about['as_of']}"
        return as_picture(picture.spec, picture.rows, plain(picture.finding), foot, kind)

    return draw


def _table(picture: Picture) -> dict[str, list[str]]:
    cells = picture.cells
    return {
        capital(picture.by): [_name(picture, cell) for cell in cells],
        **{heading: list(values) for heading, values in picture.columns.items()},
        "Value": [cell.printed for cell in cells],
        "95 % interval": [cell.interval for cell in cells],
        "Rests on": [cell.behind for cell in cells],
        "Verdict": [verdict_words(cell, picture.against) or "not compared" for cell in cells],
    }


def _csv(picture: Picture, release: Release) -> Callable[[], str]:
    """Return what makes the file when it is asked for: the published strings, nothing more."""

    def write() -> str:
        text = io.StringIO(newline="")
        text.write(BYTE_ORDER_MARK)  # without it a spreadsheet garbles every minus
        writer = csv.writer(
            text
        )  # ends lines as RFC 4180 says, and so quotes every break in a name
        about = release.about
        writer.writerow([f"# Weft, release {release.contents.identity()}, as of {about['as_of']}"])
        people, effective = about["minimum_people"], about["minimum_effective"]
        writer.writerow(
            [f"# values rest on at least {people} people, each hidden among at least {effective}"]
        )
        table = _table(picture)
        writer.writerow(table)
        for row in zip(*table.values(), strict=True):
            writer.writerow([inert(value) for value in row])
        return text.getvalue()

    return write


def inert(value: str) -> str:
    """Keep a spreadsheet from running a text as a formula; a printed number is not one."""
    begins_one = value.lstrip(" ").startswith(FORMULA_STARTS)
    return f"'{value}" if begins_one and not PRINTED_NUMBER.fullmatch(value) else value


def _page_foot(release: Release) -> None:
    st.caption(
        f"Values rest on at least {release.about['minimum_people']} people and are rounded in "
        "steps of five people. Groups and cohorts only, never persons: see Methods."
    )
