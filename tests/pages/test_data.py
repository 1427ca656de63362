"""The Data page on canned answers: health, an upload matched, checked, imported, undone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import pages.data
import ui.likeness
from tests.pages.conftest import SECONDS, words_on
from ui.matching_details import still_needed
from ui.pictures.health import health_answer
from ui.processes import Outcome

EMPTY: dict[str, Any] = {
    "people": 0, "conversations": 0, "seats": 0, "unmatched_seats": 0,
    "last_conversation": None, "sources": [], "coverage": [], "undoable": None,
}  # fmt: skip
FILLED: dict[str, Any] = {
    "people": 200, "conversations": 90, "seats": 180, "unmatched_seats": 4,
    "last_conversation": "2026-09-23T09:00:00+00:00",
    "planned_until": "2026-09-30T09:00:00+00:00",
    "sources": [
        {
            "source": "hr", "status": "refused", "started_at": "2026-10-01T08:05:00+00:00",
            "rows": {"read": 200, "new": 0, "changed": 0, "same": 0, "rejected": 2},
            "refused": [
                {"table": "person", "column": "kind", "message": "not a listed word", "rows": 2}
            ],
        }
    ],
    "coverage": [
        {"attribute": "function", "label": "function", "sensitivity": "plain", "given": 200,
         "withheld": 0},
        {"attribute": "gender", "label": "gender", "sensitivity": "personal", "given": 150,
         "withheld": 3},
    ],
    "undoable": "run-1",
}  # fmt: skip
KINDS: dict[str, Any] = {
    "kinds": {
        "people": {
            "words": "a list of people",
            "fields": {"person": "the person", "hired_on": "first day", "attribute": "a property"},
        }
    },
    "repeated": ["attribute"],
}
RECOGNISED: dict[str, Any] = {
    "words": "an unknown layout: 3 columns, 12 rows",
    "mapping": {"name": "staff", "holds": "people", "columns": {"Mail": {"to": "person"}}},
    "columns": [
        {"name": "Mail", "to": "person", "certainty": "known", "reason": "known synonym"},
        {"name": "Dept", "to": "attribute", "certainty": "similar", "reason": "similar name"},
        {"name": "Phone", "to": None, "certainty": "certain", "reason": "personal, not needed"},
    ],
}
SAVED: dict[str, Any] = {
    "name": "staff", "kept_on": "2026-10-01", "new_columns": ["Dept"],
    "mapping": {
        "name": "staff", "holds": "people", "as_of": "2026-09-30",
        "columns": {"Mail": {"to": "person"}}, "drop": ["Phone"],
    },
}  # fmt: skip
CHECKED: dict[str, Any] = {
    "status": "ok", "run_id": "",
    "tables": [
        {"table": "person", "read": 12, "new": 10, "changed": 0, "same": 1, "rejected": 1}
    ],
    "rejected": [
        {"table": "person", "row_number": 7, "column": "Mail", "code": "empty",
         "message": "the cell is empty"}
    ],
    "notes": {},
    "absence": {"known": 200, "absent": 188, "asks": True},
}  # fmt: skip


class Rooms:
    """Stands in for the processes: gives canned answers and remembers what it was asked."""

    def __init__(self) -> None:
        self.health = EMPTY
        self.alike: list[dict[str, str]] = []
        self.asked: list[tuple[str, ...]] = []

    def ask(self, room: str, *words: str) -> Outcome:
        self.asked.append((room, *words))
        answers = {
            "health": self.health, "kinds": KINDS, "recognise": RECOGNISED, "check": CHECKED,
            "import": {**CHECKED, "run_id": "run-2"},
            "merge": {"alike": self.alike},
            "undo": {"undone": {"run_id": "run-1", "removed": 12, "restored": 1}},
        }  # fmt: skip
        return Outcome(ok=True, said=answers.get(words[0], {}))

    def follow(self, told: Callable, room: str, *words: str) -> Outcome:
        told(0.5, "half of it")
        return self.ask(room, *words)

    def verbs(self) -> list[str]:
        return [words[1] for words in self.asked]


def _script() -> None:
    from access import Viewer
    from pages import data

    data.render(None, Viewer(role="owner", pages=("data",)))


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rooms:
    canned = Rooms()
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    monkeypatch.setattr(pages.data, "ask", canned.ask)
    monkeypatch.setattr(pages.data, "follow", canned.follow)
    monkeypatch.setattr(ui.likeness, "ask", canned.ask)
    return canned


def opened() -> AppTest:
    app = AppTest.from_function(_script, default_timeout=SECONDS).run()
    assert list(app.exception) == []
    return app


def uploaded(app: AppTest) -> AppTest:
    app.file_uploader[0].upload("staff.csv", b"Mail,Dept,Phone\nann@example.org,IT,1\n").run()
    assert list(app.exception) == []
    return app


def tables_on(app: AppTest) -> str:
    return " ".join(str(table.value.to_dict()) for table in app.table)


def test_an_empty_store_says_so_and_offers_a_way_in(rooms: Rooms) -> None:
    app = opened()
    assert "Nothing has come in yet." in words_on(app)
    assert len(app.file_uploader) == 1
    assert not app.button


def test_health_tells_what_came_in_what_was_refused_and_what_is_missing(rooms: Rooms) -> None:
    rooms.health = FILLED
    app = opened()
    words = words_on(app)
    assert (
        "90 conversations of 200 people; the last to take place was on 23 September 2026" in words
    )
    # what is planned is not what pages are "as of"
    assert ", and others are planned until 30 September 2026." in words
    assert "Gender is known least often" in words
    # 4 unmatched seats are too few to be counted
    assert "Fewer than 10 of 180 seats" in words
    shown = tables_on(app)
    assert "not a listed word" in shown
    # 150 of 200 people; 3 who prefer not to say are never counted
    assert r"75\u202f%" in shown
    assert "fewer than 10" in shown
    assert "everybody" in shown


@pytest.mark.parametrize(
    ("held", "planned", "said"),
    [
        (None, "2026-09-30", "; none of them is known to have taken place, and they are planned "
         "until 30 September 2026."),
        ("2026-09-23", None, "; the last to take place was on 23 September 2026."),
        (None, None, "; none of them is known to have taken place."),
    ],
)  # fmt: skip
def test_what_took_place_and_what_is_planned_are_told_apart(
    held: str | None, planned: str | None, said: str
) -> None:
    told = {**FILLED, "last_conversation": held, "planned_until": planned}
    assert health_answer(told).endswith(f"90 conversations of 200 people{said}")


def test_a_column_that_is_only_similar_is_left_open(rooms: Rooms) -> None:
    app = uploaded(opened())
    means = {box.label: box.value for box in app.selectbox}
    assert means["Mail"] == "person"
    assert means["Dept"] is None
    assert means["Phone"] == "ignore"
    assert "Choose a meaning for every column" in words_on(app)
    assert "data_check" not in {button.key for button in app.button}


def test_62_numbers_of_ones_own_need_an_organisation() -> None:
    details = {"own_numbers": True}
    needed = ["the name of the organisation"]
    assert still_needed({}, {}, [{"to": "person"}], details) == needed
    assert still_needed({}, {}, [{"to": "organisation"}], details) == []
    assert still_needed({}, {}, [], {**details, "organisation": {"code": "a"}}) == []


def test_no_two_fields_of_the_page_share_a_label(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "repeated", ["attribute", "rating"])
    fields = {**KINDS["kinds"]["people"]["fields"], "rating": "a rating", "status": "how far"}
    words_of = {"status": ["active", "ended"]}
    people = {**KINDS["kinds"]["people"], "fields": fields, "words_of": words_of}
    monkeypatch.setitem(KINDS, "kinds", {"people": people})
    columns = [
        {"name": name, "to": to, "certainty": "known", "reason": "", "values": [["Z", 3]]}
        for to, names in (("attribute", "AB"), ("rating", "CD"), ("status", "EF"))
        for name in names
    ]
    monkeypatch.setitem(RECOGNISED, "columns", columns)
    app = uploaded(opened())
    labels = [box.label for box in (*app.text_input, *app.selectbox, *app.number_input)]
    assert {"Name of “A” on screen", "Name of “B” on screen", "Lowest answer of “D”"} <= {*labels}
    assert {"How sensitive “A” is", "“Z” in “E” stands for", "“Z” in “F” stands for"} <= {*labels}
    assert len(labels) == len(set(labels))


def test_a_file_is_matched_checked_and_imported(rooms: Rooms, tmp_path: Path) -> None:
    app = uploaded(opened())
    app.selectbox(key="data_column_people_Dept").set_value("attribute").run()
    # a property needs the day since which it holds
    assert "Give the day on which the file was true." in words_on(app)
    app.text_input(key="data_as_of").set_value("2026-09-30").run()
    app.button(key="data_check").click().run()
    assert list(app.exception) == []
    assert "12" in tables_on(app)
    assert "the cell is empty" in tables_on(app)
    assert "188 of 200 known people are not in this file" in words_on(app)
    assert "data_import" not in {button.key for button in app.button}
    app.checkbox(key="data_partial").check().run()
    [mapping] = tmp_path.glob("incoming/*/mapping.yaml")
    assert '"drop": [\n    "Phone"\n  ]' in mapping.read_text(encoding="utf-8")
    assert '"code": "dept"' in mapping.read_text(encoding="utf-8")
    app.button(key="data_import").click().run()
    assert list(app.exception) == []
    assert rooms.verbs().count("import") == 1
    assert "Imported." in words_on(app)
    # the file is gone, the mapping stays for the next one
    assert not list(tmp_path.glob("incoming/*"))
    assert len(list(tmp_path.glob("mappings/staff.yaml"))) == 1


def test_a_kept_mapping_is_applied_and_only_the_day_is_asked(
    rooms: Rooms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECOGNISED, "saved", SAVED)
    app = uploaded(opened())
    words = words_on(app)
    assert "Recognised: your mapping “staff” of 1 October 2026." in words
    assert "New in this file, and not read: Dept." in words
    assert [box.label for box in app.selectbox] == []
    # the list of another month is of another day
    assert "data_check" not in {button.key for button in app.button}
    app.text_input(key="data_as_of").set_value("2026-10-31").run()
    app.button(key="data_check").click().run()
    [mapping] = tmp_path.glob("incoming/*/mapping.yaml")
    assert '"as_of": "2026-10-31"' in mapping.read_text(encoding="utf-8")


def test_a_kept_mapping_can_be_changed(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECOGNISED, "saved", SAVED)
    app = uploaded(opened())
    app.button(key="data_change").click().run()
    means = {box.label: box.value for box in app.selectbox}
    # Mail as it was kept; Dept is new, and only similar: it is left open
    assert (means["Mail"], means["Dept"], means["Phone"]) == ("person", None, "ignore")


def test_a_change_after_the_check_asks_for_another(rooms: Rooms) -> None:
    app = uploaded(opened())
    app.selectbox(key="data_column_people_Dept").set_value("attribute").run()
    # a property needs the day since which it holds
    assert "Give the day on which the file was true." in words_on(app)
    app.text_input(key="data_as_of").set_value("2026-09-30").run()
    app.button(key="data_check").click().run()
    app.selectbox(key="data_column_people_Dept").set_value("ignore").run()
    assert "Check again." in words_on(app)


def test_no_cell_of_a_file_is_ever_shown(rooms: Rooms) -> None:
    app = uploaded(opened())
    assert "ann@example.org" not in words_on(app) + tables_on(app)


def test_the_last_import_can_be_undone_from_the_page(rooms: Rooms) -> None:
    rooms.health = FILLED
    app = opened()
    app.button(key="data_undo").click().run()
    assert "undo" in rooms.verbs()
    assert "12 rows removed, 1 restored" in words_on(app)


def test_the_invented_organisation_is_put_away_before_own_data_come_in(rooms: Rooms) -> None:
    sample = {**FILLED["sources"][0], "source": "ready", "status": "ok", "refused": []}
    rooms.health = {**FILLED, "sources": [sample]}
    app = opened()
    assert "invented organisation" in words_on(app)
    assert len(app.file_uploader) == 0
    assert "data_undo" not in {button.key for button in app.button}
    rooms.health = EMPTY
    app.button(key="data_away").click().run()
    assert "undo" in rooms.verbs()
    assert "The example is put away." in words_on(app)
    assert len(app.file_uploader) == 1


def test_own_data_may_be_added_to_the_invented_organisation(rooms: Rooms) -> None:
    sample = {**FILLED["sources"][0], "source": "ready", "status": "ok", "refused": []}
    rooms.health = {**FILLED, "sources": [sample]}
    app = opened()
    app.button(key="data_mix").click().run()
    assert len(app.file_uploader) == 1


def test_a_viewer_who_may_not_open_it_sees_nothing(rooms: Rooms) -> None:
    def script() -> None:
        from access import Viewer
        from pages import data

        data.render(None, Viewer(role="reader", pages=("headlines",)))

    app = AppTest.from_function(script, default_timeout=SECONDS).run()
    assert words_on(app) == ""
    assert rooms.asked == []


def test_pairs_that_look_like_one_person_are_merged_once_confirmed(rooms: Rooms) -> None:
    rooms.health = FILLED
    rooms.alike = [
        {"kept": "k1", "other": "o1", "kept_source": "talks.csv", "other_source": "people.csv"},
        {"kept": "k2", "other": "o2", "kept_source": "talks.csv", "other_source": "people.csv"},
    ]
    app = opened()
    assert "2 pairs look like one person" in words_on(app)
    assert "k1" not in words_on(app) + app.checkbox[0].label
    assert app.button(key="data_merge").disabled
    app.checkbox[1].check().run()
    rooms.alike = []
    app.button(key="data_merge").click().run()
    assert ("connectors", "merge", "k2", "o2", "--yes") in rooms.asked
    assert not any("k1" in words for words in rooms.asked)
    assert "Made one person of each of 1 pair." in words_on(app)
    assert "look like one person" not in words_on(app)


def test_what_is_open_is_taken_as_suggested_at_once(rooms: Rooms) -> None:
    app = uploaded(opened())
    app.button(key="data_suggested").click().run()
    assert list(app.exception) == []
    assert app.selectbox(key="data_column_people_Dept").value == "attribute"
    assert app.selectbox(key="data_column_people_Phone").value == "ignore"


def test_cells_that_look_like_nothing_are_asked_about(rooms: Rooms, tmp_path: Path) -> None:
    app = uploaded(opened())
    assert [box for box in app.multiselect if box.key == "data_missing"] == []
    values = [["IT", 7], ["NA", 4], ["Sales", 3]]
    columns = [{**column, "values": values} for column in RECOGNISED["columns"][1:2]]
    with_values = {**RECOGNISED, "columns": [RECOGNISED["columns"][0], *columns]}
    app = AppTest.from_function(_details, args=(with_values,), default_timeout=SECONDS).run()
    assert app.multiselect[0].options == ["NA"]
    # nothing is chosen in advance: NA may be Namibia
    assert app.multiselect[0].value == []


def _details(recognised: dict) -> None:
    from ui.matching_details import ask_details

    ask_details(recognised["mapping"], recognised, special=False)


@pytest.mark.parametrize(
    ("targets", "details", "recognised", "expected"),
    [
        (["person", "actual_start_at"], {}, {"naive_times": True},
         ["the name of the programme", "the time zone of times without one"]),
        (["person", "actual_start_at", "programme"], {"timezone": "UTC"}, {"naive_times": True},
         []),
        (["person", "scheduled_start_at"], {"programme": {"code": "p"}},
         {"dates": "every day number is 12 or less"}, ["the order of dates"]),
        (["person", "cohort", "programme"], {}, {}, []),
        (["person", "cohort"], {}, {}, ["the name of the programme"]),
    ],
)  # fmt: skip
def test_what_is_still_needed_is_said_before_the_file_is_checked(
    targets: list[str], details: dict, recognised: dict, expected: list[str]
) -> None:
    kind = {"needs": {"programme": ["programme"]}}
    given = [{"to": to} for to in targets] + [None, {}]
    assert still_needed(kind, recognised, given, details) == expected


def test_conversations_older_than_what_is_known_of_people_are_told_before_building(
    rooms: Rooms,
) -> None:
    rooms.health = {**FILLED, "offers": 0, "known_from": "2026-10-01", "earlier": 90}
    words = words_on(opened())
    assert "All 90 conversations are older than 1 October 2026" in words
    rooms.health = {**FILLED, "offers": 0, "known_from": "2026-02-01", "earlier": 30}
    assert "30 of 90 conversations are older than 1 February 2026" in words_on(opened())
    rooms.health = {**FILLED, "offers": 0, "known_from": "2020-01-01", "earlier": 0}
    assert "older than" not in words_on(opened())


def test_63_conversations_that_may_be_none_between_peers_are_told(rooms: Rooms) -> None:
    found = {"before_joining": 0, "after_leaving": 12, "with_manager": 3}
    rooms.health = {**FILLED, "doubtful": found, "peers_only": False}
    words = words_on(opened())
    # a few are never counted, and none is not mentioned
    said = "12 came after somebody in them had left and fewer than 10 were between somebody and"
    assert f"Of the conversations that took place, {said} their own manager." in words
    assert "had joined the cohort" not in words
    assert "They count like all others." in words
    rooms.health = {**rooms.health, "peers_only": True}
    assert "They are kept out of who meets whom" in words_on(opened())
    rooms.health = {**FILLED, "doubtful": dict.fromkeys(found, 0)}
    assert "Of the conversations that took place" not in words_on(opened())


def test_offers_alone_may_be_built_and_people_alone_ask_for_more(rooms: Rooms) -> None:
    rooms.health = {**FILLED, "conversations": 0, "offers": 12, "last_conversation": None}
    words = words_on(opened())
    assert "200 people and 12 offers, and no conversation yet." in words
    assert "who was offered whom" in words
    rooms.health = {**FILLED, "conversations": 0, "offers": 0, "last_conversation": None}
    assert "There are only people yet" in words_on(opened())


def test_what_is_open_is_ignored_at_once(rooms: Rooms) -> None:
    app = uploaded(opened())
    assert "Open: Dept." in words_on(app)
    app.button(key="data_ignore").click().run()
    assert list(app.exception) == []
    assert "Open:" not in words_on(app)
    app.button(key="data_check").click().run()
    assert rooms.verbs()[-1] == "check"
