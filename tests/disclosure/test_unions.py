"""Small groups join one union, once, and the union says who is in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from disclosure.thresholds import Thresholds
from disclosure.unions import LEFT_OUT, OTHER, is_publishable, merge_small_groups, union_label

DEFAULT = Thresholds()


def test_groups_that_are_large_enough_stay_as_they_are():
    assert merge_small_groups({"a": 10, "b": 30}, DEFAULT) == {"a": "a", "b": "b"}


def test_small_groups_form_one_union_and_larger_ones_stay():
    merged = merge_small_groups({"a": 4, "b": 9, "c": 40, "d": 25}, DEFAULT)
    assert merged == {"a": OTHER, "b": OTHER, "c": "c", "d": "d"}


def test_a_union_that_is_still_too_small_takes_the_next_smallest_group():
    merged = merge_small_groups({"a": 3, "b": 5, "c": 40, "d": 25}, DEFAULT)
    assert merged == {"a": OTHER, "b": OTHER, "c": "c", "d": OTHER}


def test_a_single_small_group_never_stands_alone_as_union():
    merged = merge_small_groups({"a": 9, "b": 20, "c": 30}, DEFAULT)
    assert merged == {"a": OTHER, "b": OTHER, "c": "c"}


def test_where_too_few_remain_nothing_is_publishable():
    assert not is_publishable(merge_small_groups({"a": 9, "b": 30}, DEFAULT))
    assert not is_publishable(merge_small_groups({"a": 2, "b": 3}, DEFAULT))
    assert not is_publishable(merge_small_groups({}, DEFAULT))


def test_nobody_and_nine_people_merge_alike():
    merged = [merge_small_groups({"a": n, "b": 20, "c": 30}, DEFAULT) for n in range(10)]
    assert all(one == merged[0] for one in merged)


def test_a_large_group_never_joins_and_a_union_too_small_is_left_out():
    merged = merge_small_groups({"nonbinary": 6, "woman": 400, "man": 380}, DEFAULT)
    assert merged == {"nonbinary": LEFT_OUT, "woman": "woman", "man": "man"}
    assert is_publishable(merged)


def test_a_higher_limit_for_merging_is_kept():
    merged = merge_small_groups({"a": 12, "b": 15, "c": 40}, Thresholds(merge_below=20))
    assert merged == {"a": OTHER, "b": OTHER, "c": "c"}


def test_a_group_that_is_called_like_the_union_joins_it():
    merged = merge_small_groups({OTHER: 50, "a": 3, "b": 20, "c": 30}, DEFAULT)
    assert merged == {OTHER: OTHER, "a": OTHER, "b": "b", "c": "c"}


def test_the_union_is_named_after_its_members():
    labels = {"a": "Legal", "b": "Audit", "c": "Sales", "d": "Tax"}
    merged = {"a": OTHER, "b": OTHER, "c": "c", "d": OTHER}
    assert union_label(merged, labels) == "Other: Audit, Legal and Tax"
    assert union_label({"c": "c"}, labels) == ""


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 60)))
def test_published_groups_reach_the_limit(people):
    merged = merge_small_groups(people, DEFAULT)
    sizes: dict[str, int] = {}
    for code, group in merged.items():
        sizes[group] = sizes.get(group, 0) + people[code]
    left_out = sizes.pop(LEFT_OUT, 0)
    assert set(merged) == set(people)
    assert left_out < 10
    assert min(sizes.values(), default=10) >= 10
