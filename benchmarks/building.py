"""How long it takes from files to a release, and how much memory, at several sizes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.table import Row, show
from weft import ROOT

MEGABYTE = 1024 if sys.platform == "linux" else 1024**2  # ru_maxrss: kB on Linux, bytes on macOS


def measured(words: tuple[str, ...], home: Path) -> tuple[float, float, float]:
    """Run a room's command; return wall seconds, CPU seconds and the peak of memory in MB."""
    environ = {**os.environ, "WEFT_HOME": str(home)}
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MEGABYTE


def build_home(home: Path, people: int) -> list[tuple[str, tuple[float, float, float]]]:
    """Generate an organisation, import it and make its release; return the figures of each step."""
    files = home.parent / f"files_{people}"
    steps = {
        "generate": ("sample_data", str(files), "--people", str(people)),
        "import": ("connectors", "import", str(files)),
        "release": ("builder", "build"),
    }
    return [(name, measured(words, home)) for name, words in steps.items()]


def run(folder: Path, sizes: tuple[int, ...]) -> None:
    """Print the figures of every step at all sizes."""
    found = {people: build_home(folder / f"home_{people}", people) for people in sizes}
    for position, step in enumerate(("generate", "import", "release")):
        rows = [
            Row(f"{people:,} people", figures[position][1], _size(folder, people, step))
            for people, figures in found.items()
        ]
        show(f"from files to a release: {step}", ("seconds", "CPU s", "peak MB"), rows)


def _size(folder: Path, people: int, step: str) -> str:
    home = folder / f"home_{people}"
    places = {
        "generate": folder / f"files_{people}",
        "import": home / "store.duckdb",
        "release": home / "releases",
    }
    place = places[step]
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    return f"{sum(file.stat().st_size for file in files) / 1e6:,.1f} MB on disk"
