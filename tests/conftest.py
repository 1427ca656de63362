"""What tests of several rooms share: the sample organisation, imported and released once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from weft import ROOT, locked

# a busy machine is no failure, and the same examples run everywhere
settings.register_profile(
    "weft",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("weft")

SAMPLE_STEPS = (
    ("connectors", "import", str(ROOT / "sample_data" / "ready")),
    ("builder", "build"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file on one worker, so that what they share is made once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            file = item.path.relative_to(ROOT) if item.path.is_relative_to(ROOT) else item.path
            item.add_marker(pytest.mark.xdist_group(file.as_posix().replace("/", ".")))


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Put back the main module, which Streamlit replaces with the script that it runs.

    A process started later by another test would look for that script, which is gone by then.
    """
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home that holds the sample organisation and one release of it.

    It is made once for all workers of a test run, and is for reading only.
    """
    base = tmp_path_factory.getbasetemp()
    # each worker has a folder of its own below the one of the run
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home = shared / "sample_home"
    with locked(shared / "sample_home.lock", "Another worker makes the sample release ..."):
        if not (home / "complete").exists():
            for step in SAMPLE_STEPS:
                run_room(step, home)
            (home / "complete").touch()
    return home


def run_room(words: tuple[str, ...], home: Path) -> None:
    """Run a room's public command on a home, as a user does."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "WEFT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
