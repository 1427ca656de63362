"""Following a command that takes long: how far it is, and what it answers in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors.small_files import write_csv
from ui.processes import follow


def test_a_command_is_followed_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    folder = str(write_csv(tmp_path / "files"))
    told: list[tuple[float, str]] = []
    words = ("check", folder, "--format", "json", "--progress", "lines")
    outcome = follow(lambda share, doing: told.append((share, doing)), "connectors", *words)
    assert (outcome.ok, outcome.said["status"], outcome.words) == (True, "ok", "")
    assert told[-1] == (1.0, "done")
    shares = [share for share, _ in told]
    assert shares == sorted(shares)


def test_a_page_that_goes_away_leaves_the_command_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEFT_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WEFT_STORE_URL", raising=False)
    folder = str(write_csv(tmp_path / "files"))

    def go_away(share: float, doing: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(go_away, "connectors", "import", folder, "--progress", "lines")
    # the import is whole: every row is known to the next one
    outcome = follow(print, "connectors", "import", folder, "--format", "json")
    assert {table["new"] for table in outcome.said["tables"]} == {0}
