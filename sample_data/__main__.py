"""Writes the invented organisation as a folder of canonical files."""

from __future__ import annotations

import argparse
from pathlib import Path

from sample_data.folder import write_folder
from sample_data.generator import generate


def main() -> None:
    """Read the arguments, generate, write, and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m sample_data", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--people", type=int, default=2400, help="size of the organisation")
    parser.add_argument("--seed", type=int, default=2026, help="same seed, same organisation")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    chosen = parser.parse_args()
    tables = generate(chosen.people, chosen.seed)
    write_folder(tables, chosen.out, chosen.format)
    total = sum(map(len, tables.values()))
    print(f"{chosen.out}: {len(tables)} tables, {total:,} rows")


if __name__ == "__main__":
    main()
