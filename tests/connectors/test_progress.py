"""Progress in numbers: one share that never goes back, and lines that a program can read."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.__main__ import main
from connectors.progress import Steps
from tests.connectors.small_files import write_csv


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    return write_csv(tmp_path / "files")


def lines_of(text: str) -> list[tuple[int, str]]:
    parts = (line.split(" ", 2) for line in text.splitlines())
    return [(int(share), words) for word, share, words in parts if word == "progress"]


def test_steps_count_by_their_size() -> None:
    told: list[float] = []
    steps = Steps(lambda share, words: told.append(share), {"a": 30, "b": 10}, 0.0, 0.8)
    steps.within("a", 0.5, "")
    steps.within("b", 0.0, "")
    steps.within("b", 1.0, "")
    # 15, 30 and 40 of 40, within the first 80 %
    assert told == pytest.approx([0.3, 0.6, 0.8])


@pytest.mark.parametrize("words", [(), ("--keep-good-rows",)])
def test_an_import_tells_every_table_with_its_rows_and_never_goes_back(
    folder: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture
) -> None:
    assert main(["import", str(folder), "--progress", "lines", *words]) == 0
    told = lines_of(capsys.readouterr().err)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[-1] == (100, "done")
    assert "writing person: 0 of 4 rows" in [words for _, words in told]
    assert "working out who met whom" in [words for _, words in told]


def test_nothing_is_told_where_nobody_looks(folder: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["import", str(folder)]) == 0
    assert capsys.readouterr().err == ""
