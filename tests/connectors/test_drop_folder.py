"""A drop folder: what is taken, what is left alone, and where files go afterwards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors.contract import SourceError
from connectors.sources.configuration import DropFolderSettings
from connectors.sources.drop_folder import whole_files
from tests.connectors.running import Home, door
from tests.connectors.small_files import FILES, write_csv, write_one


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    made = Home(tmp_path / "home")
    folder = tmp_path / "landing"
    folder.mkdir()
    made.settings(hr={"kind": "drop_folder", "folder": str(folder), "quiet_seconds": 0})
    return made


def settings(folder: Path, **changed) -> DropFolderSettings:
    return DropFolderSettings(kind="drop_folder", folder=folder, **changed)


def test_files_are_imported_and_put_away_with_a_report(home: Home, tmp_path: Path) -> None:
    landing = write_csv(tmp_path / "landing")
    assert home.run() == 0
    assert len(home.rows("person", "person_id")) == 4  # as in small_files
    (done,) = (landing / "done").iterdir()
    assert {file.name for file in done.iterdir()} == {f"{t}.csv" for t in FILES} | {"report.txt"}
    assert "Imported, run" in (done / "report.txt").read_text(encoding="utf-8")
    assert [file.name for file in landing.iterdir()] == ["done"]


def test_refused_files_are_put_aside_and_nothing_is_imported(home: Home, tmp_path: Path) -> None:
    outcome = FILES["outcome"] + "p1,engagement_score,2026-13-01,1\n"
    landing = write_csv(tmp_path / "landing", outcome=outcome)
    assert home.run() == 1
    (failed,) = (landing / "failed").iterdir()
    report = (failed / "report.txt").read_text(encoding="utf-8")
    assert "outcome, as_of_on, row 3: a value is not a date in ISO form" in report
    assert home.rows("person", "person_id") == []


def test_the_same_files_sent_again_are_known(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    landing = write_csv(tmp_path / "landing")
    assert home.run() == 0
    write_csv(landing)
    assert home.run() == 0
    assert "Nothing new." in capsys.readouterr().out
    assert len(list((landing / "done").iterdir())) == 2


def test_files_that_were_refused_may_be_sent_again(home: Home, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    write_one(landing, person=FILES["person"])
    assert home.run() == 1  # the organisation is not there yet
    write_one(landing, organisation=FILES["organisation"])
    assert home.run() == 0
    write_one(landing, person=FILES["person"])
    assert home.run() == 0
    assert len(home.rows("person", "person_id")) == 4


def test_a_file_that_grows_between_two_looks_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "whole.csv").write_text("a\n")
    growing = tmp_path / "growing.csv"
    growing.write_text("a\n")

    def write_on(seconds: float) -> None:
        with growing.open("a") as handle:
            handle.write("b\n")

    mapped = settings(tmp_path, mapping=tmp_path / "mapping.yaml")
    assert [file.name for file in whole_files(mapped, door(pause=write_on))] == ["whole.csv"]
    # canonical files point to each other: none is taken while one is being written
    assert whole_files(settings(tmp_path), door(pause=write_on)) == []


def test_a_file_written_again_with_the_same_length_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("aa\n")
    later = file.stat().st_mtime_ns + 1_000_000

    def write_again(seconds: float) -> None:
        file.write_text("bb\n")
        os.utime(file, ns=(later, later))

    assert whole_files(settings(tmp_path), door(pause=write_again)) == []


def test_unfinished_and_hidden_files_links_and_folders_are_never_taken(tmp_path: Path) -> None:
    for name in (".hidden.csv", "people.csv.part", "people.tmp", "people.filepart"):
        (tmp_path / name).write_text("a\n")
    (tmp_path / "link.csv").symlink_to("/etc/passwd")
    (tmp_path / "done").mkdir()
    assert whole_files(settings(tmp_path), door()) == []


def test_the_oldest_file_comes_first(tmp_path: Path) -> None:
    for name, age in (("b.csv", 1), ("a.csv", 2), ("c.csv", 3)):
        (tmp_path / name).write_text("a\n")
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    mapped = settings(tmp_path, mapping=tmp_path / "mapping.yaml")
    assert [file.name for file in whole_files(mapped, door())] == ["c.csv", "a.csv", "b.csv"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such folder"):
        whole_files(settings(tmp_path / "nowhere"), door())


def test_an_empty_folder_is_nothing_new(home: Home) -> None:
    assert home.run() == 0


MAPPING = """
name: staff
holds: people
columns:
  Work mail: {to: person}
  Hired: {to: hired_on}
"""


def test_files_of_any_layout_are_read_with_a_saved_mapping_one_import_each(
    home: Home, tmp_path: Path
) -> None:
    landing = tmp_path / "landing"
    (home.folder / "staff.yaml").write_text(MAPPING)
    home.settings(hr={
        "kind": "drop_folder", "folder": str(landing), "quiet_seconds": 0, "mapping": "staff.yaml"
    })  # fmt: skip
    (landing / "monday.csv").write_text("Work mail;Hired\nbo@x.org;2020-02-01\n")
    (landing / "tuesday.csv").write_text("Work mail;Hired\nal@x.org;2021-02-30\n")
    (landing / "wednesday.csv").write_text("Work mail;Hired\ncy@x.org;2021-02-01\n")
    for age, name in enumerate(("wednesday", "tuesday", "monday")):
        os.utime(landing / f"{name}.csv", (1_000_000 - age, 1_000_000 - age))
    # the second of three has a day that there is not; the others are imported
    assert home.run() == 1
    assert len(home.rows("person", "person_id")) == 2
    (failed,) = (landing / "failed").iterdir()
    assert {file.name for file in failed.iterdir()} == {"tuesday.csv", "report.txt"}
    assert "al@x.org" not in (failed / "report.txt").read_text(encoding="utf-8")
    # corrected and sent again
    (landing / "tuesday.csv").write_text("Work mail;Hired\nal@x.org;2021-02-28\n")
    assert home.run() == 0
    assert len(home.rows("person", "person_id")) == 3
