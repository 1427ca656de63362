"""The groups of an attribute as they are published: small ones have joined a union."""

from __future__ import annotations

from sqlalchemy import Connection

from builder.gathering import GroupNumbers, group_numbers, people_by_group
from disclosure.thresholds import Thresholds
from disclosure.unions import LEFT_OUT, OTHER, is_publishable, merge_small_groups, union_label
from store import reading
from store.aggregates import Grouping, Stage
from store.attribute_view import AttributeViews
from store.facts import UNKNOWN, Facts


def published_groups(
    connection: Connection,
    facts: Facts,
    views: AttributeViews,
    attribute: str,
    thresholds: Thresholds,
    stage: Stage = "completed",
) -> GroupNumbers:
    """Return the groups of an attribute after small ones have joined a union.

    A group counts as many people as have come as far as the stage.
    """
    frame = group_numbers(reading.groups(connection, facts), attribute)
    numbers = [int(number) for number in frame["group_no"]]
    codes = dict(zip(numbers, frame["value_code"], strict=True))
    labels = dict(zip(frame["value_code"], frame["label"], strict=True))
    counted = people_by_group(connection, views, attribute, numbers, stage) if numbers else {}
    # a value that nobody has is not a group of this organisation
    met = {codes[number]: count for number, count in counted.items() if count}
    merged = merge_small_groups(met, thresholds)
    if not is_publishable(merged):
        return GroupNumbers(Grouping(attribute), (), (), (), ())
    union = max(numbers) + 1
    joined = {number: union for number, code in codes.items() if merged.get(code) == OTHER}
    left_out = [number for number, code in codes.items() if merged.get(code) == LEFT_OUT]
    # people of these may still be enrolled or asked; they count as unknown, as the left out do
    unmet = [number for number, code in codes.items() if code not in met]
    kept = [number for number, code in codes.items() if merged.get(code) == code]
    if OTHER in merged.values():
        labels[OTHER] = union_label(merged, labels)
        codes[union] = OTHER
        kept.append(union)
    return GroupNumbers(
        Grouping(attribute, joined | dict.fromkeys([*left_out, *unmet], UNKNOWN)),
        tuple(kept),
        tuple(codes[number] for number in kept),
        tuple(labels[codes[number]] for number in kept),
        tuple(labels[codes[number]] for number in left_out),
    )
