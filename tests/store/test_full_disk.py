"""A disk that takes no more, a folder that may not be written to, and processes that are killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from settings import ROOT
from tests.connectors.small_files import FILES, write_csv

if sys.platform == "win32":
    pytest.skip("limits and kills of POSIX", allow_module_level=True)

import resource

ROOM = 65_536
PEOPLE = 60_000
KILLS = 2


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert run(tmp_path / "home", "import", str(write_csv(tmp_path / "files"))).returncode == 0
    return tmp_path / "home"


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a folder whose import needs some megabytes."""
    folder = tmp_path / "many"
    folder.mkdir()
    header = FILES["person"].splitlines()[0]
    places = ("," * header.count(",")) + "\n"
    rows = "".join(f"more{number}{places}" for number in range(PEOPLE))
    (folder / "person.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    return folder


def start(home: Path, *words: str, largest: int | None = None) -> subprocess.Popen[str]:
    def limit() -> None:
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    environ = {**os.environ, "WEFT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environ.pop("WEFT_STORE_URL", None)
    return subprocess.Popen(
        [sys.executable, "-m", "connectors", *words],
        env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=limit,
    )  # fmt: skip


def run(home: Path, *words: str, largest: int | None = None) -> subprocess.CompletedProcess[str]:
    process = start(home, *words, largest=largest)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def people(home: Path) -> str:
    return run(home, "health").stdout.splitlines()[0]


def test_t15_a_full_disk_is_said_in_words_and_leaves_the_store_as_it_was(
    home: Path, many: Path
) -> None:
    before = people(home)
    # no file may grow beyond this: whatever the import has to write does not fit
    ended = run(home, "import", str(many), largest=ROOM)
    assert ended.returncode == 1
    assert "disk is full" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert people(home) == before
    # with room again, the same import goes through
    assert run(home, "import", str(many)).returncode == 0


def test_t13_a_process_killed_at_any_moment_leaves_all_or_nothing(home: Path, many: Path) -> None:
    before = people(home)
    began = time.monotonic()
    assert run(home, "check", str(many)).returncode == 0
    takes = time.monotonic() - began
    moments = random.Random(15)
    for _ in range(KILLS):
        process = start(home, "import", str(many))
        time.sleep(moments.uniform(0.4, 1.1) * takes)
        process.kill()
        process.communicate()
        # 4 people of the small files, and all of the others or none
        assert people(home) in (before, before.replace("4 people", f"{PEOPLE + 4:,} people"))
