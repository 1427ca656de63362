"""What rows must fulfil together, checked against the file and the store at once."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Select, Table, exists, func, select, tuple_

from schema import CANONICAL, reference
from schema.rejected import Rejected
from store.tombstones import somebody_is_erased
from store.withholding import somebody_objects

CODE_LISTS = {
    ("person_attribute", "value_code"): ("attribute_value_def", ("attribute_code", "value_code")),
    ("answer", "option_code"): ("item_option", ("item_id", "option_code")),
}
"""Columns whose words are listed in another table, together with the column before them."""


def orphans(connection: Connection, table: Table, stage: Table) -> list[Rejected]:
    """Return the staged rows that point to something that neither the file nor the store has."""
    found: list[Rejected] = []
    for column in table.columns:
        target = reference(column)
        if target is not None:
            missing = _without_target(stage, (column.name,), *target)
            words = (
                f"no row of {target[0]} has this {target[1]}; expected one in the folder or in the "
                f"store. Add it to {target[0]}, or correct the reference. Row set aside."
            )
            found += _rejected(connection, table, column.name, "unknown_reference", words, missing)
    return found + _unlisted_codes(connection, table, stage)


def _without_target(stage: Table, names: tuple[str, ...], target: str, *keys: str) -> Select:
    there = CANONICAL[target]
    same = [there.c[key] == stage.c[name] for name, key in zip(names, keys, strict=True)]
    given = [stage.c[name].is_not(None) & (stage.c[name] != "") for name in names]
    return select(stage.c.row_number).where(*given, ~exists().where(*same))


def _unlisted_codes(connection: Connection, table: Table, stage: Table) -> list[Rejected]:
    found: list[Rejected] = []
    for (name, column), (target, keys) in CODE_LISTS.items():
        if name == table.name:
            missing = _without_target(stage, keys, target, *keys)
            words = (
                f"{target} does not list this code; expected a listed one. "
                f"Add it to {target}, or correct it. Row set aside."
            )
            found += _rejected(connection, table, column, "unlisted_code", words, missing)
    return found


def _rejected(
    connection: Connection, table: Table, column: str, code: str, words: str, rows: Select
) -> list[Rejected]:
    numbers = sorted(connection.scalars(rows.distinct()))
    return [Rejected(table.name, int(n), column, code, words) for n in numbers]


def _repeated_people(stage: Table) -> Select:
    seats = CANONICAL["conversation_participant"]
    seated = seats.alias()
    other = seats.alias("other")
    twice = (
        select(seated.c.conversation_id, seated.c.slot)
        .join(other, seated.c.conversation_id == other.c.conversation_id)
        .where(seated.c.person_id == other.c.person_id, seated.c.slot != other.c.slot)
    )
    return select(stage.c.row_number).where(
        tuple_(stage.c.conversation_id, stage.c.slot).in_(twice)
    )


def _lonely_matches(stage: Table) -> Select:
    members = CANONICAL["match_member"]
    complete = select(members.c.match_id).group_by(members.c.match_id).having(func.count() >= 2)
    return select(stage.c.row_number).where(stage.c.match_id.not_in(complete))


def _off_scale(stage: Table) -> Select:
    item = CANONICAL["item"]
    outside = (stage.c.value_num < item.c.scale_min) | (stage.c.value_num > item.c.scale_max)
    return select(stage.c.row_number).join(item, item.c.item_id == stage.c.item_id).where(outside)


def _rescaled(stage: Table) -> Select:
    answer = CANONICAL["answer"]
    outside = (answer.c.value_num < stage.c.scale_min) | (answer.c.value_num > stage.c.scale_max)
    # an answer of the same import is off the scale by itself, and said to be
    earlier = answer.c.run_id != stage.c.run_id
    return select(stage.c.row_number).where(
        exists().where(answer.c.item_id == stage.c.item_id, earlier, outside)
    )


RULES: tuple[tuple[str, str, str, str, Callable[[Table], Select]], ...] = (
    (
        "conversation_participant",
        "person_id",
        "same_person_twice",
        "one person takes two seats of the conversation; expected different people. "
        "Correct the person, or remove the seat. Row set aside.",
        _repeated_people,
    ),
    (
        "match",
        "match_id",
        "too_few_members",
        "the offer has fewer than two members; expected two or more rows in match_member. "
        "Add the others, or remove the offer. Row set aside.",
        _lonely_matches,
    ),
    (
        "answer",
        "value_num",
        "out_of_scale",
        "a value is outside the scale of its question; expected scale_min to scale_max of item. "
        "Correct the value, or the scale if all answers are given on another. Row set aside.",
        _off_scale,
    ),
    (
        "item",
        "scale_max",
        "scale_changed",
        "the question has answers outside this scale; expected the scale on which they were given. "
        "Use another code for a question that is asked on another scale. Row set aside.",
        _rescaled,
    ),
)
"""Table, column, code, words, and the select of the staged rows that break the rule."""


RULED = frozenset(name for name, *_ in RULES)
"""Tables whose staged rows are looked at once more when every table has been merged."""


def _members_may_lack(connection: Connection) -> bool:
    return somebody_is_erased(connection) or somebody_objects(connection)


def broken_rules(connection: Connection, stages: dict[str, Table]) -> list[Rejected]:
    """Return the staged rows that break a rule, once every table has been merged."""
    found: list[Rejected] = []
    # an offer may have lost its members; who they were is not known any more
    excused = {"too_few_members"} if _members_may_lack(connection) else set()
    for name, column, code, words, rows in RULES:
        if name in stages and code not in excused:
            found += _rejected(connection, CANONICAL[name], column, code, words, rows(stages[name]))
    return found
