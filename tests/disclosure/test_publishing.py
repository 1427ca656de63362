"""Published cells: what is rounded, what is hidden, and that nothing exact is left."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.audit_printing import audit_published
from disclosure.gate import Verdict
from disclosure.publishing import CellStatus, PublishedCell, publish
from disclosure.rounding import (
    round_effective_size,
    round_log_error,
    round_share,
    share_step,
    significant,
    significant_up,
    to_five,
)
from disclosure.sentences import Labels
from disclosure.thresholds import Thresholds
from metrics.definition import (
    Measure,
    Result,
    Sensitivity,
    StageShare,
    Status,
    Unit,
    undefined,
)

DEFAULT = Thresholds()
# results of these units carry further shares; test_changes and test_leftout_figures build them
AS_GIVEN = {
    Unit.SHARE, Unit.COUNTED, Unit.SHARE_BOUNDS, Unit.SHARE_DERIVED, Unit.SHARE_GAP, Unit.TREND,
    Unit.POINTS,
}  # fmt: skip
NEED_MORE = {Unit.SHARE_CHANGE, Unit.RATIO_CHANGE, Unit.INDEX}
LABELS = Labels(place="the whole organisation", breakdown="function")


def measure(unit=Unit.SHARE, sensitivity=Sensitivity.ATTITUDE, key="ally_share"):
    return Measure(
        key=key,
        title="Share of allies",
        question="?",
        reads="-",
        compute=lambda aggregate, part: undefined("-"),
        unit=unit,
        sensitivity=sensitivity,
        better="higher",
        definition="-",
        caveat="-",
        source="-",
    )


def cell(result, verdict=Verdict.SHOWN, unit=Unit.SHARE, thresholds=DEFAULT, **facts):
    return publish(measure(unit, **facts), result, verdict, thresholds, LABELS)


def share(estimate, people, **facts):
    return Result(estimate=estimate, people=people, effective_size=float(people), **facts)


def count_ratio(count, base, people=60, excess=1.0):
    return Result(
        estimate=count / base,
        people=people,
        pairs=round(count),
        base=base,
        expected=1.0,
        expected_error=base**-0.5,
        log_error=excess * max(count, 1) ** -0.5,
    )


@pytest.mark.parametrize(
    ("number", "rounded"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (148, 150), (1204, 1205)]
)
def test_numbers_of_people_are_published_in_fives(number, rounded):
    assert to_five(number) == rounded


@pytest.mark.parametrize(
    ("people", "step"), [(10, 0.5), (12, 0.5), (50, 0.1), (148, 1 / 30), (500, 0.01), (9000, 0.01)]
)
def test_a_step_is_five_published_people_and_at_least_one_per_cent(people, step):
    assert share_step(people) == pytest.approx(step)


def test_rounding_to_significant_digits():
    assert significant(148.2, 2) == 150
    assert significant(0, 2) == 0
    assert significant_up(0.1201, 2) == pytest.approx(0.13)
    assert significant_up(0.12, 2) == pytest.approx(0.12)
    assert significant_up(0, 2) == 0
    assert [round_effective_size(n) for n in (0.4, 2.3, 12, 37, 148)] == [1, 2, 10, 35, 150]


@pytest.mark.parametrize(
    ("exact", "people", "printed", "value"),
    [
        (0.0, 10, "under 25 %", 0.125),
        (1.0, 10, "over 75 %", 0.875),
        (0.0, 1000, "under 5 %", 0.025),
        (1.0, 1000, "over 95 %", 0.975),
        (0.03, 1000, "under 5 %", 0.025),
        (0.62, 1000, "62 %", 0.62),
        (0.5, 10, "50 %", 0.5),
    ],
)
def test_shares_are_printed_in_steps_and_as_bounds_near_the_ends(exact, people, printed, value):
    published = cell(share(exact, people))
    assert published.printed.replace("\u202f", " ") == printed
    assert published.estimate == pytest.approx(value)


@settings(deadline=None)
@given(st.integers(10, 3000), st.booleans())
def test_a_unanimous_group_is_never_printed_as_none_or_all(people, everybody):
    published = cell(share(float(everybody), people))
    assert published.printed.split()[0] in {"under", "over"}
    # one person of the other mind is printed alike: unanimity itself is not told
    other = cell(share(abs(float(everybody) - 1 / people), people))
    # the effective size jumps where nothing varies; the interval must not tell
    other_size = replace(share(float(everybody), people), effective_size=2.0)
    assert published == cell(other_size)
    if people >= 13:
        assert published == other
    assert 0 < published.estimate < 1


@given(st.floats(0, 1), st.integers(5, 5000))
def test_the_published_range_holds_the_exact_share(exact, people):
    rounded = round_share(exact, people)
    assert abs(rounded.value - exact) <= rounded.step / 2 + 1e-9
    assert 0 < rounded.value < 1


@settings(max_examples=200, deadline=None)
@given(st.integers(10, 2000), st.data())
def test_exact_shares_of_one_step_give_the_same_cell(people, data):
    step = share_step(people)
    middle = data.draw(st.integers(0, round(1 / step))) * step
    inside = st.floats(max(0.0, middle - 0.49 * step), min(1.0, middle + 0.49 * step))
    # people that are printed alike, whether 148 or 152, are no difference either
    crowd = st.integers(to_five(people) - 2, to_five(people) + 2).filter(lambda n: n >= 10)
    cells = [
        cell(Result(estimate=data.draw(inside), people=data.draw(crowd), effective_size=401.0))
        for _ in range(2)
    ]
    assert cells[0] == cells[1]
    assert repr(cells[0]) == repr(cells[1])


@given(st.integers(0, 2), st.integers(0, 2), st.integers(2, 60))
def test_exact_counts_of_one_step_give_the_same_cell(first, second, fives):
    cells = [
        cell(count_ratio(5 * fives + extra, 37.4), unit=Unit.COUNT_RATIO)
        for extra in (first, second)
    ]
    assert replace(cells[0], pairs=0) == replace(cells[1], pairs=0)
    assert cells[0].pairs == cells[1].pairs == 5 * fives


def test_the_error_of_a_count_does_not_give_the_count_away():
    # a Poisson error is one over the root: exact counts 18 and 22 must not differ
    assert round_log_error(18**-0.5, 18) == round_log_error(22**-0.5, 22) == 20**-0.5
    # an error half as large again stays half as large again
    assert round_log_error(1.5 * 18**-0.5, 18) == pytest.approx(1.5 * 20**-0.5)


def test_a_share_ratio_is_the_rounded_share_over_the_rounded_base():
    # 0.527 of 1 000 people -> 0.53; base 0.4412 -> 0.441 on a tenth of a step
    exact = Result(
        estimate=0.527 / 0.4412,
        people=1000,
        base=0.4412,
        expected=1.0,
        expected_error=0.0213,
        effective_size=812.0,
    )
    published = cell(exact, unit=Unit.SHARE_RATIO)
    assert published.estimate == pytest.approx(0.53 / 0.441, abs=1e-4)
    assert published.printed == "+20\u202f%"
    # the lottery's error is rounded up to two digits: 0.022
    assert published.lottery_high == pytest.approx(1 + 1.959964 * 0.022)
    # Wilson for 0.53 of 810 by hand: 0.4956 and 0.5641; widened by half a per cent
    assert published.low == pytest.approx((0.4956 - 0.005) / 0.441, abs=2e-3)
    assert published.high == pytest.approx((0.5641 + 0.005) / 0.441, abs=2e-3)


def test_a_ratio_of_a_unanimous_group_is_a_bound():
    exact = Result(estimate=1 / 0.6, people=400, base=0.6, effective_size=400.0, expected=1.0)
    published = cell(exact, unit=Unit.SHARE_RATIO)
    assert published.printed == "over +58\u202f%"  # 0.95 / 0.6 = 1.583
    assert published.lottery_low is None


def test_a_count_ratio_is_the_count_in_fives_over_the_expected_count():
    # 48 pairings -> 50; expected 37.4 -> 37
    published = cell(count_ratio(48, 37.4), unit=Unit.COUNT_RATIO)
    assert published.estimate == pytest.approx(50 / 37, abs=1e-4)
    # 5 / 37 for the count and 1 / 37 for the expected count, times the ratio
    assert published.step == pytest.approx((5 + 50 / 37) / 37, abs=1e-4)
    assert published.low < published.estimate < published.high


def test_a_trend_is_published_to_one_hundredth():
    exact = Result(estimate=0.0312, low=0.0051, high=0.0573, people=300, expected=0.0,
                   expected_error=0.0133)  # fmt: skip
    published = cell(exact, unit=Unit.TREND)
    assert (published.low, published.estimate, published.high) == (0.0, 0.03, 0.06)
    assert published.printed == "+3\u202f% per quarter"


@pytest.mark.parametrize("unit", list(Unit))
def test_everybody_below_the_threshold_looks_alike(unit):
    def small(people):
        exact = Result(estimate=people / 10, people=people, pairs=people, base=1.0)
        return repr(cell(exact, Verdict.SMALL, unit))

    assert len({small(people) for people in range(10)}) == 1
    # nor does it matter that nothing was defined
    assert repr(cell(undefined("nobody"), Verdict.SMALL, unit)) == small(9)


def test_a_result_of_too_few_people_is_hidden_whatever_the_verdict():
    for verdict in Verdict:
        assert cell(share(0.5, 9), verdict).status == CellStatus.SMALL


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.SMALL, "fewer than 10 people, so it stays hidden"),
        (Verdict.PROTECTS, "hidden, since it would reveal a smaller group"),
    ],
)
def test_hidden_cells_carry_words_and_no_number(verdict, words):
    hidden = cell(share(0.5, 50), verdict)
    assert words in hidden.sentence
    assert hidden.printed == "hidden"
    numbers = [getattr(hidden, field.name) for field in fields(PublishedCell)]
    assert not any(isinstance(number, (int, float)) for number in numbers)


def test_hidden_cells_between_groups_name_their_own_rule():
    hidden = cell(share(0.5, 50), Verdict.SMALL, Unit.COUNT_RATIO)
    assert hidden.reason == "fewer than 5 people on a side or fewer than 10 pairs"


def test_an_operational_share_is_shown_from_five_people_unless_broken_down():
    rate = measure(sensitivity=Sensitivity.OPERATIONAL, key="participation_rate")
    plain = publish(rate, share(0.5, 6), Verdict.SHOWN, DEFAULT, LABELS)
    assert (plain.status, plain.people) == (CellStatus.SHOWN, 5)
    by_gender = publish(
        rate, share(0.5, 6), Verdict.SHOWN, DEFAULT, LABELS, sensitivity=Sensitivity.ATTITUDE
    )
    assert by_gender.status == CellStatus.SMALL


def test_undefined_and_too_few_keep_their_reasons():
    nothing = cell(undefined("nobody could cross", people=33, pairs=48))
    assert (nothing.status, nothing.printed) == (CellStatus.UNDEFINED, "not defined")
    assert (nothing.people, nothing.pairs, nothing.estimate) == (35, 50, None)
    assert "nobody could cross" in nothing.sentence
    weak = cell(share(0.5, 40, status=Status.TOO_FEW, reason="few pairings expected"))
    assert (weak.status, weak.reason) == (CellStatus.TOO_FEW, "few pairings expected")
    assert weak.low < weak.estimate < weak.high


def test_a_ratio_without_base_is_refused():
    with pytest.raises(ValueError, match="base"):
        cell(share(0.5, 40), unit=Unit.SHARE_RATIO)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([unit for unit in Unit if unit not in NEED_MORE]),
    st.floats(0, 1),
    st.floats(0.02, 0.98),
    st.integers(0, 3000),
    st.floats(0.2, 5000),
    st.sampled_from(list(Verdict)),
)
def test_the_audit_of_published_cells_finds_nothing(unit, value, base, people, size, verdict):
    scale = 100.0 if unit is Unit.COUNT_RATIO else 1.0
    estimate = value if unit in AS_GIVEN else value / base
    exact = Result(
        estimate=estimate,
        low=estimate - 0.1,
        high=estimate + 0.1,
        people=people,
        pairs=people // 2,
        base=base * scale,
        share=value,
        expected=1.0 if "ratio" in unit else base,
        expected_error=0.03,
        effective_size=size,
        log_error=0.3,
        stages=tuple(StageShare(share=share, people=people) for share in (value, base)),
        scale=(0.0, 1.0),
        spread=0.3,
    )
    assert audit_published({"key": cell(exact, verdict, unit)}, least=10) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"printed": "100\u202f%"}, "unanimous"),
        ({"printed": "0\u202f%"}, "unanimous"),
        ({"people": 51}, "people in fives"),
        ({"people": 5}, "minimum size"),
        ({"low": 0.9}, "interval"),
        ({"status": CellStatus.SMALL}, "hidden number"),
        ({"status": CellStatus.UNDEFINED}, "undefined"),
    ],
)
def test_the_audit_of_published_cells_can_fail(changes, rule):
    broken = replace(cell(share(0.5, 50)), **changes)
    assert rule in {finding.rule for finding in audit_published({"key": broken}, least=10)}


def test_zero_in_place_of_hidden_fails_the_audit():
    hidden = cell(share(0.5, 50), Verdict.SMALL)
    for changes in ({"estimate": 0.0}, {"people": 0}, {"printed": "0"}):
        assert audit_published({"key": replace(hidden, **changes)}, least=10)
