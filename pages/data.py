"""Data: bring in one's own files, and see what came in, how fresh and how complete it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from access import Viewer
from release import Release
from ui.frame import answer, standing
from ui.likeness import forget_alike, show_alike
from ui.matching import ask_kind, ask_mapping
from ui.pictures.health import doubtful_talks, health_answer, holds_example, show_health, too_early
from ui.pictures.rejected import show_rejected
from ui.processes import Outcome, ask, follow
from ui.saved_mapping import as_saved, ask_saved
from ui.upload import ENDINGS, MEGABYTES, Upload, forget, keep_mapping, take, write_mapping
from ui.words import capital, counted, grouped, safe, table_words

QUESTION = "What came in, how fresh is it, and what is missing?"
FOOT = (
    "Files stay on this computer. Whatever identifies a person is replaced by a pseudonym before "
    "it is stored, and an uploaded file is deleted once it is imported. No page shows a row."
)
ONLY_OFFERS = (
    "There are no conversations yet. A release will say who could take part and who was offered "
    "whom; conversations or attendance add whether they met."
)
ONLY_PEOPLE = (
    "There are only people yet, and a release is about who meets whom: bring in pairs, "
    "conversations or attendance first."
)
COUNTS = ("read", "new", "changed", "same", "rejected")
OF_THE_FILE = (
    "data_recognised", "data_checked", "data_holds", "data_column", "data_value", "data_changing",
    "data_label", "data_as_of", "data_missing", "data_sensitivity",
)  # fmt: skip
JSON = ("--format", "json")

Told = Mapping[str, Any]


def render(release: Release | None, viewer: Viewer) -> None:
    """Show the page; it needs no release, since it is where the first one comes from."""
    if not viewer.may_open("data"):
        return
    with st.container(key="page"):
        st.title(f":gray[{QUESTION}]")
        health = _health()
        answer(health_answer(health.said), standing(release) if release else [])
        if health.words:
            st.markdown(safe(health.words))
        example = holds_example(health.said) and not st.session_state.get("data_mixing")
        _show_last(health.said, may_undo=not example)
        if example:
            _show_example()
        else:
            _show_upload()
        show_alike()
        _show_build(health.said)
        show_health(health.said)
        with st.container(key="foot"):
            st.caption(FOOT)


def _health() -> Outcome:
    """Return the health of the store; asked again only after something has changed it."""
    if "data_health" not in st.session_state:
        st.session_state.data_health = ask("connectors", "health", *JSON)
    return st.session_state.data_health


def _changed() -> None:
    st.session_state.pop("data_health", None)
    forget_alike()


def _show_example() -> None:
    """Ask what shall become of the invented organisation before anything is added to it."""
    with st.container(key="frame_example"):
        st.header("Bring in your own data")
        st.markdown(
            "Weft holds an **invented organisation** at present. Put it away first: otherwise your "
            "people and invented ones are counted together. Pages show it until you build a "
            "release of your own."
        )
        with st.container(horizontal=True):
            st.button("Put the example away", key="data_away", type="primary", on_click=_put_away)
            st.button("Keep it, and add to it", key="data_mix", on_click=_mix)


def _put_away() -> None:
    with st.spinner("Putting the example away ..."):
        outcome = ask("connectors", "undo", *JSON)
    done = bool(outcome.said.get("undone"))
    st.session_state.data_last = (
        "The example is put away. Start with the list of people, then pairs or conversations."
        if done
        else safe(outcome.words) or "Nothing was left to put away."
    )
    _changed()


def _mix() -> None:
    st.session_state.data_mixing = True


def _show_last(health: Told, *, may_undo: bool) -> None:
    """Say what the last action did, and offer to take an import back."""
    words = st.session_state.get("data_last")
    if words:
        with st.container(key="data_last_words"):
            st.markdown(f"**{words}**")
    if health.get("undoable") and may_undo:
        st.button("Undo the last import", key="data_undo", on_click=_undo)


def _undo() -> None:
    outcome = ask("connectors", "undo", *JSON)
    undone = outcome.said.get("undone")
    st.session_state.data_last = (
        f"Undone: {grouped(undone['removed'])} rows removed, "
        f"{grouped(undone['restored'])} restored."
        if undone
        else safe(outcome.words) or "Nothing was left to undo."
    )
    _changed()


def _show_upload() -> None:
    with st.container(key="frame_upload"):
        st.header("Bring in a file")
        st.caption(
            "People, pairs, conversations, attendance, surveys, skills, learning or outcomes: as "
            f"CSV, Excel or Parquet, up to {MEGABYTES} MB. Nothing is stored before you say so."
        )
        given = st.file_uploader(
            "A file from your desk",
            type=list(ENDINGS),
            max_upload_size=MEGABYTES,
            key=f"data_file_{st.session_state.get('data_round', 0)}",
        )
        if given is None:
            return
        upload = _taken(given.file_id, given.name, given.getvalue())
        recognised = _asked("recognised", upload, "recognise", str(upload.path))
        if recognised.said:
            _show_file(upload, recognised.said)
        else:
            st.markdown(safe(recognised.words))


def _taken(file_id: str, name: str, content: bytes) -> Upload:
    known = st.session_state.get("data_upload")
    if known is None or known[0] != file_id:
        if known is not None:
            forget(known[1])
        for key in [key for key in st.session_state if str(key).startswith(OF_THE_FILE)]:
            del st.session_state[key]
        st.session_state.data_upload = known = (file_id, take(name, content))
    return known[1]


def _asked(key: str, upload: Upload, *words: str) -> Outcome:
    known = st.session_state.get(f"data_{key}")
    if known is None or not known.ok:
        with st.spinner(f"Looking at {safe(upload.name)} ..."):
            known = ask("connectors", *words, *JSON)
        st.session_state[f"data_{key}"] = known
    return known


def _show_file(upload: Upload, recognised: Told) -> None:
    saved = recognised.get("saved")
    if saved and not st.session_state.get("data_changing"):
        mapping = ask_saved(saved)
    else:
        mapping = _matched(upload, recognised)
    if mapping is None:
        return
    if st.button("Check the whole file", key="data_check"):
        st.session_state.data_checked = (mapping, _check(upload, mapping))
    checked = st.session_state.get("data_checked")
    if checked is None:
        return
    if checked[0] != mapping:
        st.caption("Something was changed since the last check. Check again.")
        return
    _show_check(upload, checked[1])


def _matched(upload: Upload, recognised: Told) -> dict[str, Any] | None:
    """Ask what the columns mean; the answers are filled in where a mapping was kept."""
    st.markdown(f"**{safe(capital(recognised['words']))}**")
    kinds = _asked("kinds", upload, "kinds").said
    if not kinds:
        return None
    if recognised.get("saved"):
        recognised = as_saved(recognised)
    holds = ask_kind(recognised["mapping"], kinds["kinds"])
    if holds != recognised["mapping"]["holds"]:
        words = ("recognise", str(upload.path), "--holds", holds)
        recognised = _asked(f"recognised_{holds}", upload, *words).said or recognised
    return ask_mapping(recognised, kinds)


def _check(upload: Upload, mapping: dict[str, Any]) -> Outcome:
    file = write_mapping(upload, mapping)
    words = ("check", str(upload.path), "--mapping", str(file), *_KEEP, *JSON)
    return _followed("Checking; nothing is stored", "connectors", *words)


_KEEP = ("--keep-good-rows",)


def _followed(title: str, room: str, *words: str) -> Outcome:
    """Run a command that may take long, with how far it is in numbers."""
    bar = st.progress(0.0, f"{title} ...")

    def told(share: float, doing: str) -> None:
        bar.progress(min(share, 1.0), f"{title}: {share:.0%}, {safe(doing)}")

    outcome = follow(told, room, *words, "--progress", "lines")
    bar.empty()
    return outcome


def _show_check(upload: Upload, outcome: Outcome) -> None:
    report = outcome.said
    if not report:
        st.markdown(safe(outcome.words))
        return
    tables = [count for count in report["tables"] if count["read"]]
    st.markdown("**What would come in**")
    st.table(
        {
            "": [table_words(count["table"]) for count in tables],
            **{capital(name): [grouped(count[name]) for count in tables] for name in COUNTS},
        }
    )
    for note in (note for notes in report.get("notes", {}).values() for note in notes):
        st.caption(safe(capital(note)))
    show_rejected(report["rejected"])
    _show_import(upload, report)


def _show_import(upload: Upload, report: Told) -> None:
    if report["status"] != "ok":
        st.markdown("**Nothing can be imported yet.** Correct the file, or the choices above.")
        return
    absence = report.get("absence") or {}
    if absence.get("asks"):
        st.markdown(
            f"**{grouped(absence['absent'])} of {grouped(absence['known'])} known people are not "
            "in this file.** "
            "Those missing stay as they are."
        )
        if not st.checkbox("It is an extract, not the full list", key="data_partial"):
            return
    words = counted(sum(count["read"] - count["rejected"] for count in report["tables"]),
                    "row", "rows")  # fmt: skip
    st.button(
        f"Import {words}", key="data_import", type="primary", on_click=_import, args=(upload,)
    )


def _import(upload: Upload) -> None:
    words = ("import", str(upload.path), "--mapping", str(upload.mapping))
    # asked again in any case: an import goes on to its end also where the page is run anew
    _changed()
    outcome = _followed("Importing", "connectors", *words, *_KEEP, "--allow-missing", *JSON)
    if not outcome.ok:
        st.session_state.data_last = safe(outcome.words) or "The file was refused."
        return
    keep_mapping(upload)
    forget(upload)
    st.session_state.data_last = (
        "Imported. The mapping is kept for the next file of this kind. Bring in another file, or "
        "build a release to see what came in."
    )
    # another key: the uploader is empty again
    st.session_state.data_round = st.session_state.get("data_round", 0) + 1
    st.session_state.pop("data_upload", None)
    _changed()


def _show_build(health: Told) -> None:
    if not health.get("people"):
        return
    with st.container(key="frame_build"):
        st.header("Build a release")
        st.caption(
            "Pages show a frozen release. A new one takes seconds to some minutes; until it is "
            "done, pages show the one before."
        )
        if not health.get("conversations"):
            st.markdown(ONLY_OFFERS if health.get("offers") else ONLY_PEOPLE)
        for words in (too_early(health), doubtful_talks(health)):
            if words:
                st.markdown(words)
        if st.button("Build", key="data_build"):
            outcome = _followed("Building a release", "builder", "build")
            st.session_state.data_last = (
                "The release is built. Open the first page to see it."
                if outcome.ok
                else safe(outcome.words)
            )
            st.rerun()
