"""Erasing, merging, undoing and looking at the store from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from connectors.__main__ import main
from tests.connectors.small_files import FILES, write_csv


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    monkeypatch.delenv("WEFT_IDENTITY_KEY", raising=False)
    assert main(["import", str(write_csv(tmp_path / "files"))]) == 0
    return tmp_path / "home"


def test_an_erasure_is_asked_about_and_says_what_stays(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["erase", "p1"]) == 1
    assert "Add --yes" in capsys.readouterr().out
    assert main(["erase", "p1", "--yes"]) == 0
    printed = capsys.readouterr().out
    assert "2  rows of answer" in printed
    assert "2  rows of conversation_participant" in printed
    assert "Releases are not computed again" in printed
    assert main(["import", str(tmp_path / "files")]) == 0
    assert "1 row of people whose data were erased" in capsys.readouterr().out
    assert main(["erase", "p1", "--yes"]) == 1


def test_who_is_erased_may_be_given_where_no_history_keeps_it(
    home: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("p2\n"))
    assert main(["erase", "-", "--yes"]) == 0
    assert "p2" not in capsys.readouterr().out


@pytest.mark.parametrize("backend", ["duckdb", "sqlite"])
def test_not_a_byte_of_an_erased_person_is_left_in_the_store(
    backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, canary = tmp_path / "own", "quetzalcoatl01"
    monkeypatch.setenv("WEFT_HOME", str(home))
    monkeypatch.setenv("WEFT_STORE_URL", f"{backend}:///{home / 'store'}")
    files = {name: text.replace("p1", canary) for name, text in FILES.items()}
    assert main(["import", str(write_csv(tmp_path / "files", **files))]) == 0
    assert b"quetzalcoatl" in (home / "store").read_bytes()
    assert main(["erase", canary, "--yes"]) == 0
    left = [f.name for f in home.iterdir() if canary.encode() in f.read_bytes()]
    assert left == []
    # the store works on: the same files again, without that person
    assert main(["import", str(tmp_path / "files")]) == 0


def test_two_keys_are_made_one_person(home: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["merge", "p1", "p2", "--yes"]) == 0
    assert main(["merge", "p1", "p2", "--yes"]) == 1
    assert "one person already" in capsys.readouterr().out
    assert main(["merge", "p1", "nobody", "--yes"]) == 1


def test_an_objection_removes_what_is_held_and_ends_when_it_is_taken_back(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    capsys.readouterr()
    assert main(["optout", "p1", "skills", "groups"]) == 0
    assert "Kept out." in capsys.readouterr().out
    again = ["import", str(tmp_path / "files")]
    assert main(again) == 0
    # p1 has one rating and one value of a group in the small files
    assert capsys.readouterr().out.count("1 row that people object to") == 2
    assert main(["optout", "p1", "skills", "groups", "--back"]) == 0
    assert "Taken back." in capsys.readouterr().out
    assert main(again) == 0
    assert "object to" not in capsys.readouterr().out
    assert main(["optout", "nobody", "skills"]) == 1
    with pytest.raises(SystemExit) as ended:
        main(["optout", "p1", "everything"])
    assert ended.value.code == 2


def test_who_looks_like_one_person_is_listed_by_key_and_merged_by_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "own"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    monkeypatch.delenv("WEFT_IDENTITY_KEY", raising=False)
    assert main(["merge", "--suggest"]) == 0
    assert "No two people share an identifier." in capsys.readouterr().out
    talks, people = tmp_path / "talks.csv", tmp_path / "people.csv"
    talks.write_text("A,B,Start\n701,702,2026-03-02T10:00Z\n")
    people.write_text("Mail,Number\nana@x.org,701\nbo@x.org,703\n")
    told = {"organisation": {"code": "x", "label": "X"}, "programme": {"code": "p", "label": "P"}}
    person = {"to": "person"}
    columns = {"A": person, "B": person, "Start": {"to": "actual_start_at"}}
    for name, more in (
        ("talks", {"holds": "conversations", "columns": columns, "unknown_people": "add"}),
        ("people", {"holds": "people",
                    "columns": {"Mail": person, "Number": {"to": "other_identifier"}}}),
    ):  # fmt: skip
        mapping = tmp_path / f"{name}.mapping.yaml"
        mapping.write_text(json.dumps({"name": name, **told, **more}))
        assert main(["import", str(tmp_path / f"{name}.csv"), "--allow-missing"]) == 0
    capsys.readouterr()
    assert main(["merge", "--suggest", "--format", "json"]) == 0
    printed = capsys.readouterr().out
    (pair,) = json.loads(printed)["alike"]
    assert (pair["kept_source"], pair["other_source"]) == ("talks.csv", "people.csv")
    assert "701" not in printed
    assert "ana" not in printed
    assert main(["merge", pair["kept"], pair["other"], "--yes"]) == 0
    assert main(["merge", "--suggest"]) == 0
    assert "No two people share an identifier." in capsys.readouterr().out
    assert main(["merge", pair["kept"]]) == 2


def test_health_is_told_to_people_and_to_programs(
    home: Path, capsys: pytest.CaptureFixture
) -> None:
    capsys.readouterr()
    assert main(["health"]) == 0
    # counted by hand in the small files
    assert "seats whose person is unknown: 1 of 4" in capsys.readouterr().out
    assert main(["health", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["people"], told["unmatched_seats"]) == (4, 1)
    assert told["last_conversation"] == "2026-01-26T13:30:00+00:00"
    assert told["coverage"][0]["label"] == "gender"
    assert "p1" not in json.dumps(told)
