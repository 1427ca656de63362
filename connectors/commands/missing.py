"""Ask what a file of people is that leaves many of them out: the full list, or an extract."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from pandas import DataFrame
from sqlalchemy import Engine

from store.absence import Absence, absent_people


def add_argument(parser: argparse.ArgumentParser) -> None:
    """Declare the answer that can be given beforehand."""
    parser.add_argument(
        "--allow-missing",
        action="store_true",
        help="the list of people is an extract; those missing stay as they are",
    )


def absence_in(engine: Engine, tables: Mapping[str, DataFrame]) -> Absence:
    """Return how many known people the rows leave out."""
    return absent_people(engine, tables.get("person"))


def question(absence: Absence) -> str:
    """Return what to ask, in words."""
    return (
        f"{absence.absent:,} of {absence.known:,} known people are not in this list of people. If "
        "it is an extract, or they have left and are listed as leavers elsewhere, add "
        "--allow-missing: those missing stay as they are. Nothing was imported."
    )
