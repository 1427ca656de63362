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
