"""Check the cells of help given and received: nobody singled out, and no value far off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.gathering import GroupNumbers
from disclosure.audit import Finding, audit_item
from disclosure.rounding import share_step
from disclosure.thresholds import Thresholds
from release import Cell, Release
from store import helping, reading
from store.facts import FIRST_GROUP, Facts

GIVEN, RECEIVED, BALANCE = "help_given", "help_received", "help_balance"
ACROSS = "_across"
SHARES = (GIVEN, f"{GIVEN}{ACROSS}", RECEIVED, f"{RECEIVED}{ACROSS}")
BALANCES = (BALANCE, f"{BALANCE}{ACROSS}")
ENDS = ("answered_by", "helped_by")
FLOATING_POINT = 1e-4
"""Shares are published with four decimals."""


@dataclass(frozen=True)
class Told:
    """A drawn cell with the answers of its attribute, and which of them it is about."""

    cell: Cell
    attribute: int
    answers: pd.DataFrame
    inside: np.ndarray


def audit_help(
    connection: Connection,
    facts: Facts,
    release: Release,
    published: Mapping[str, GroupNumbers],
    thresholds: Thresholds,
) -> Iterator[Finding]:
    """Yield every promise that the cells of help break.

    Not noticed: a wrong interval, a wrong value if help depended on the cohort alone, and wrong
    wording.
    """
    cells = [
        cell
        for cell in release.contents.cells
        if cell.measure in (*SHARES, *BALANCES)
        and cell.is_drawn
        # what is not published at all is found elsewhere
        and cell.breakdown in published
        and cell.group in published[cell.breakdown].codes
    ]
    if not cells:
        return
    groupings = [groups.grouping for groups in published.values()]
    helped = helping.gather_helped(connection, facts, groupings)
    rows = reading.read_numbers(connection, helped.select())
    told = [_told(cell, published, rows) for cell in cells if cell.measure in SHARES]
    for each in told:
        yield from _value(each, thresholds)
    for cell in cells:
        if cell.measure in BALANCES:
            yield from _balance(cell, release)
    yield from _isolated(told, rows, thresholds)


def _told(cell: Cell, published: Mapping[str, GroupNumbers], rows: pd.DataFrame) -> Told:
    position = list(published).index(cell.breakdown)
    groups = published[cell.breakdown]
    number = groups.numbers[groups.codes.index(cell.group)]
    own, partner = rows[f"o{position}"], rows[f"p{position}"]
    inside = (own >= FIRST_GROUP) & (partner >= FIRST_GROUP)
    inside &= (partner if cell.measure.startswith(GIVEN) else own) == number
    if cell.measure.endswith(ACROSS):
        inside &= own != partner
    answers = rows.assign(own=own, partner=partner)
    return Told(cell, position, answers, inside.to_numpy())


def _value(told: Told, thresholds: Thresholds) -> Iterator[Finding]:
    """Yield what is wrong with a share: too few people, one of them too many, or far off."""
    here, name = told.answers[told.inside], _name(told.cell)
    people = min(here[end].nunique() for end in ENDS)
    if people < thresholds.people:
        words = f"shown although it rests on fewer than {thresholds.people} people"
        yield Finding(rule="people behind an answer", key=name, words=words)
        return
    if _largest(here) > thresholds.largest_share:
        words = "one person has more than the limit of what is shown"
        yield Finding(rule="largest person", key=name, words=words)
    exact = (here["weight"] * here["helped"]).sum() / here["weight"].sum()
    bound = told.cell.printed.startswith(("under", "over"))
    if not bound and abs(told.cell.estimate - exact) > share_step(people) / 2 + FLOATING_POINT:
        words = "further from the exact value than its rounding allows"
        yield Finding(rule="value", key=name, words=words)


def _largest(here: pd.DataFrame) -> float:
    """Return the largest part of the answers that touches one person."""
    ends = pd.concat([here[[end, "weight"]].rename(columns={end: "person"}) for end in ENDS])
    return float(ends.groupby("person")["weight"].sum().max() / here["weight"].sum())


def _balance(cell: Cell, release: Release) -> Iterator[Finding]:
    """Yield a balance that says more, or other things, than the two shares that it stands for."""
    suffix = cell.measure.removeprefix(BALANCE)
    given, received = (
        release.cell(f"{key}{suffix}", cell.slice, cell.breakdown, cell.group)
        for key in (GIVEN, RECEIVED)
    )
    if not all(share is not None and share.is_drawn for share in (given, received)):
        words = "a balance is shown where one of its shares is not"
        yield Finding(rule="balance and shares", key=_name(cell), words=words)
    elif abs(cell.estimate - given.estimate / received.estimate) > _tolerance(given, received):
        words = "a balance does not follow from the published shares"
        yield Finding(rule="balance and shares", key=_name(cell), words=words)


def _tolerance(given: Cell, received: Cell) -> float:
    return FLOATING_POINT * (1 + given.estimate / received.estimate) / received.estimate


def _isolated(told: list[Told], rows: pd.DataFrame, thresholds: Thresholds) -> Iterator[Finding]:
    """Check both ends over all shown cells, and the blocks of each attribute."""
    names = [_name(each.cell) for each in told]
    for end in ENDS:
        people, place = np.unique(rows[end], return_inverse=True)
        masks = [np.bincount(place[each.inside], minlength=people.size) > 0 for each in told]
        ones = np.ones(people.size, dtype=int)
        yield from audit_item(ones, np.array(masks), thresholds, keys=names)
        for position in {each.attribute for each in told}:
            of_one = [each for each in told if each.attribute == position]
            yield from _blocks(of_one, end, thresholds)


def _blocks(told: list[Told], end: str, thresholds: Thresholds) -> Iterator[Finding]:
    """Check that all conversations and those across leave no block of few people."""
    answers = told[0].answers
    known = (answers["own"] >= FIRST_GROUP) & (answers["partner"] >= FIRST_GROUP)
    blocks = answers[known].groupby(["own", "partner"])[end].nunique()
    of_row = blocks.index.get_indexer(pd.MultiIndex.from_frame(answers[["own", "partner"]]))
    masks = [np.bincount(of_row[each.inside], minlength=len(blocks)) > 0 for each in told]
    names = [_name(each.cell) for each in told]
    yield from audit_item(blocks.to_numpy(), np.array(masks), thresholds, keys=names)


def _name(cell: Cell) -> str:
    return " / ".join((cell.measure, cell.slice, cell.breakdown, cell.group))
