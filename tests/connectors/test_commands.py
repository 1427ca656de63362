"""The commands: their exit codes, what they print, and what they leave alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.__main__ import main
from connectors.contract import Rejected
from connectors.dictionary import dictionary
from connectors.report import reject_lines
from schema import CANONICAL
from settings import ROOT
from tests.connectors.small_files import FILES, write_csv, write_one


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    return tmp_path / "home"


def test_an_import_prints_its_counts_and_ends_with_0(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    folder = write_csv(tmp_path / "files")
    assert main(["import", str(folder)]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["table", "read", "new", "changed", "same", "rejected"]
    assert ["person", "4", "4", "0", "0", "0"] in lines
    assert main(["import", str(folder)]) == 0
    assert "Every row was known already: nothing changed." in capsys.readouterr().out


def test_a_refused_import_ends_with_1_and_says_where(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    outcome = FILES["outcome"] + "p1,engagement_score,2026-13-01,1\n"
    assert main(["import", str(write_csv(tmp_path / "files", outcome=outcome))]) == 1
    printed = capsys.readouterr().out
    assert "outcome, as_of_on, row 3: a value is not a date in ISO form" in printed
    assert "Refused, 1 reason. Nothing was imported." in printed


def test_a_check_reports_like_an_import_and_leaves_no_store_behind(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    folder = write_csv(tmp_path / "files")
    assert main(["check", str(folder)]) == 0
    assert "nothing was imported" in capsys.readouterr().out
    assert not home.exists()


def test_a_check_sees_what_the_store_holds(home: Path, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    alone = write_one(tmp_path / "alone", outcome=FILES["outcome"])
    assert main(["check", str(alone)]) == 1
    assert main(["import", str(write_csv(tmp_path / "files"))]) == 0
    assert main(["check", str(alone)]) == 0


def test_a_folder_that_is_not_there_ends_with_2(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["import", str(tmp_path / "nowhere")]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_a_folder_without_canonical_files_ends_with_1(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["import", str(tmp_path)]) == 1
    assert "such as person.csv" in capsys.readouterr().err


def test_an_unknown_command_ends_with_2() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["inspect"])
    assert ended.value.code == 2


def test_reasons_are_grouped_and_cut_after_twenty() -> None:
    same = [Rejected("person", row, "kind", "empty", "the cell is empty") for row in range(2, 9)]
    other = [Rejected("match", 2, "", str(n), f"reason {n}") for n in range(25)]
    lines = reject_lines([*same, *other])
    assert lines[0] == "person, kind, row 2, 3, 4, 5, 6 ... (7 rows): the cell is empty"
    # 26 reasons in all, of which 20 are shown
    assert len(lines) == 21
    assert lines[-1] == "... and 6 more reasons"


def test_the_dictionary_names_every_table_and_column() -> None:
    words = dictionary()
    for table in CANONICAL.values():
        assert f"\n## {table.name}\n" in words
        for column in table.columns:
            assert (f"| `{column.name}` |" in words) == ("lineage" not in column.info)


def test_the_written_dictionary_is_the_present_one() -> None:
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary(), "run: python -m connectors dictionary > docs/data-dictionary.md"
