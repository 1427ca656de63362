"""What a chart is given: published fields only, no number where there is none, in a fixed order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.rows import (
    HIGHEST,
    INVISIBLE,
    LINE,
    LOWEST,
    MOST_TICKS,
    as_table,
    axis_name,
    gaps_in,
    group_rows,
    matrix_rows,
    names_in_order,
    ratio_ticks,
    series_rows,
    share_domain,
)
from release import Cell
from tests.small_release import cell, groups, hidden, periods, too_few, undefined

# what a chart may send to a browser; each is a field of a published cell, or says where it stands
ALLOWED = {
    "estimate", "low", "high", "expected", "chance_low", "chance_high", "verdict", "printed",
    "sentence", "period", "order", "first", "last", "alone", "group", "row", "column", "tone",
    "words", "few_words", "sign",
}  # fmt: skip
NUMBERS = ("estimate", "low", "high", "expected", "chance_low", "chance_high")
GROUPS = {group.key: group for group in groups(("Design", "Sales", "Support"))}
NAMES = {key: group.label for key, group in GROUPS.items()}


def series(*cells: Cell) -> list[dict]:
    quarters = [f"202{number}-Q1" for number in range(len(cells))]
    named = {period.key: period for period in periods(quarters)}
    placed = [_at(one, quarter) for one, quarter in zip(cells, quarters, strict=True)]
    return series_rows(placed, named)


def _at(one: Cell, period: str) -> Cell:
    return Cell(**{name: getattr(one, name) for name in Cell.__slots__} | {"period": period})


def every_row() -> list[dict]:
    states = (cell(), hidden(), hidden("protects"), undefined(), too_few())
    pairs = [cell(group="g0|g1"), hidden(group="g1|g1"), undefined(group="g0|g2")]
    ranked = [cell(group="g0"), hidden(group="g1"), undefined(group="g2")]
    return [*series(*states), *group_rows(ranked, NAMES), *matrix_rows(pairs, GROUPS)]


def test_a_row_carries_published_fields_only() -> None:
    assert {name for row in every_row() for name in row} <= ALLOWED


def test_what_is_sent_to_the_browser_has_these_columns_and_no_others() -> None:
    for rows in (series(cell(), hidden()), matrix_rows([cell(group="g0|g1")], GROUPS)):
        assert set(as_table(rows).column_names) == set(rows[0])
        assert set(as_table(rows).column_names) <= ALLOWED


def test_a_hidden_or_undefined_row_has_no_number_at_all() -> None:
    silent = [row for row in every_row() if row["verdict"] in ("hidden", "undefined")]
    assert len(silent) == 7  # by hand: 3 of the series, 2 groups, 2 pairs
    assert all(row[name] is None for row in silent for name in NUMBERS)
    assert {row["printed"] for row in silent} == {"hidden", "not defined"}


def test_hidden_and_undefined_are_told_apart_everywhere() -> None:
    assert [row["verdict"] for row in series(hidden(), undefined())] == ["hidden", "undefined"]
    pairs = matrix_rows([hidden(group="g0|g1"), undefined(group="g1|g2")], GROUPS)
    assert [row["verdict"] for row in pairs] == ["hidden", "undefined"]
    assert gaps_in(series(hidden(), undefined())) == {"hidden", "undefined"}
    assert gaps_in(series(cell())) == frozenset()


@pytest.mark.parametrize(
    ("one", "drawn"),
    [
        (cell(1.2, "above"), "more"),
        (cell(0.8, "below"), "less"),
        (cell(1.2, "noise"), "noise"),
        (cell(1.2, ""), "noise"),
        (too_few(), "few"),
        (hidden(), "hidden"),
        (hidden("protects"), "hidden"),
        (undefined(), "undefined"),
    ],
)
def test_a_cell_is_drawn_by_its_verdict_never_by_its_size(one: Cell, drawn: str) -> None:
    assert series(one)[0]["verdict"] == drawn


def test_only_what_is_beyond_noise_has_a_tint() -> None:
    tones = {
        verdict: matrix_rows([cell(estimate, verdict, group="g0|g1")], GROUPS)[0]["tone"]
        for estimate, verdict in ((1.9, "noise"), (1.3, "above"), (0.8, "below"))
    }
    assert tones == {"noise": "none", "above": "more_2", "below": "less_1"}


def test_groups_stand_by_value_and_the_hidden_last() -> None:
    ranked = group_rows([hidden(group="g0"), cell(0.9, group="g1"), cell(1.3, group="g2")], NAMES)
    assert [row["group"] for row in ranked] == ["Support", "Sales", "Design"]
    assert [row["first"] for row in ranked] == [True, False, False]


def test_the_last_drawn_period_is_named_and_the_last_period_may_be_hidden() -> None:
    assert [row["last"] for row in series(cell(), cell(), hidden())] == [False, True, False]


def test_a_period_between_hidden_ones_stands_alone() -> None:
    rows = series(cell(), cell(), hidden(), cell(), undefined())
    assert [row["alone"] for row in rows] == [False, False, False, True, False]
    assert series(cell())[0]["alone"]


def test_a_pair_stands_in_the_lower_triangle_whichever_way_it_is_named() -> None:
    rows = matrix_rows([cell(group="g2|g0"), cell(group="g0|g2")], GROUPS)
    assert {(row["row"], row["column"]) for row in rows} == {("Support", "Design")}


def test_periods_keep_the_order_of_time() -> None:
    assert names_in_order(series(cell(), hidden(), cell())) == ("Q1 2020", "Q1 2021", "Q1 2022")


def test_a_long_name_stands_in_two_short_lines() -> None:
    assert axis_name("Product and design") == "Product and\ndesign"
    lines = axis_name("Research, development and everything else that is new").split("\n")
    assert len(lines) == 2
    assert max(map(len, lines)) <= LINE
    assert lines[-1] == "… that is new"


def test_the_number_of_a_cohort_does_not_stand_in_a_line_of_its_own() -> None:
    assert axis_name("Sounding Board 1") == "Sounding\nBoard 1"


def test_names_that_begin_alike_differ_at_their_end() -> None:
    taught = ["Led by an instructor in person", "Led by an instructor online"]
    assert [axis_name(name) for name in taught] == ["Led by an\n… in person", "Led by an\n… online"]


def test_two_groups_whose_short_names_are_alike_stay_two_rows() -> None:
    names = {
        "g0": "Design of things that are old and new",
        "g1": "Design of things here old and new",
    }
    rows = group_rows([cell(group="g0"), cell(group="g1")], names)
    assert len({row["group"] for row in rows}) == 2
    assert {row["group"].rstrip(INVISIBLE) for row in rows} == {"Design of\n… old and new"}


def test_a_name_in_one_word_is_not_lost() -> None:
    assert axis_name("Donaudampfschifffahrtsgesellschaft").strip(" …\n")


ratio = st.floats(0.01, 20)


@given(st.lists(st.tuples(ratio, ratio, ratio), min_size=1, max_size=6))
def test_ticks_hold_every_interval_and_the_lottery(drawn: list[tuple[float, float, float]]) -> None:
    rows = [{**dict.fromkeys(NUMBERS), "low": min(three), "high": max(three)} for three in drawn]
    ticks = ratio_ticks(rows)
    assert 1.0 in ticks
    assert list(ticks) == sorted(set(ticks))
    assert ticks[0] > 0
    assert len(ticks) <= MOST_TICKS
    lowest, highest = min(row["low"] for row in rows), max(row["high"] for row in rows)
    # intervals beyond a quarter or four times a lottery are cut at the edge of the picture
    assert ticks[0] <= max(lowest, LOWEST) + 1e-9
    assert ticks[-1] >= min(highest, HIGHEST) - 1e-9


def test_ticks_have_a_default_where_nothing_is_drawn() -> None:
    assert 1.0 in ratio_ticks(series(hidden(), undefined()))


def test_a_spark_has_room_above_and_below() -> None:
    low, high = share_domain(series(cell(0.5, lottery_low=0.4, lottery_high=0.45)))
    assert low < 0.4 and high > 0.56  # by hand: estimate 0.5 with 0.06 on each side
    assert share_domain(series(hidden())) == (-0.01, 1.01)
