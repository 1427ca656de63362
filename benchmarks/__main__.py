"""``python -m benchmarks``: print the figures; ``--large`` adds an organisation of 100,000."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import building, gate, mixing, reruns, scanning

PARTS = ("building", "reruns", "scanning", "mixing", "gate")
USUAL, LARGE = 2_400, 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the chosen parts in one run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--large", action="store_true", help="100,000 people as well")
    chosen = parser.parse_args(arguments)
    parts = chosen.parts or PARTS
    if set(parts) - set(PARTS):
        parser.error(f"choose parts out of {', '.join(PARTS)}")
    sizes = (USUAL, LARGE) if chosen.large else (USUAL,)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    with tempfile.TemporaryDirectory() as folder:
        measure(parts, sizes, Path(folder))
    return 0


def measure(parts: Sequence[str], sizes: tuple[int, ...], folder: Path) -> None:
    """Measure in an order in which a later part uses what an earlier one made."""
    if "building" in parts:
        building.run(folder, sizes)
    if "reruns" in parts:
        if not (folder / f"home_{USUAL}").exists():
            building.build_home(folder / f"home_{USUAL}", USUAL)
        reruns.run(folder, folder / f"home_{USUAL}")
    if "scanning" in parts:
        for people in sizes:
            if not (folder / f"home_{people}").exists():
                building.build_home(folder / f"home_{people}", people)
            scanning.run(folder / f"home_{people}", people)
    if "mixing" in parts:
        mixing.run(sizes)
    if "gate" in parts:
        gate.run(sizes)


if __name__ == "__main__":
    sys.exit(main())
