"""Cells of answers: what was planted in the sample, edge cases, and an audit that notices."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from builder.answered import answer_cells, answer_names
from builder.answered_audit import audit_answers
from builder.places import read_places
from builder.preparing import thresholds_of
from builder.whole import WholeRun
from disclosure.thresholds import Thresholds
from release import Release
from release.contents import Contents
from sample_data import planted
from settings import Settings
from store.stamping import read_facts
from tests.builder.organisation import filled_engine, organisation_rows

ORGANISATION = "organisation"
REVERSED = (True, False, False)


# --- the sample ---


def test_more_people_learn_from_peers_than_at_first(sample_release):
    first, last = (
        sample_release.cell("learning_source_share", ORGANISATION, "learning_source", "peers", wave)
        for wave in ("wave-1", "wave-4")
    )
    assert first.low <= planted.LEARNING_SOURCE_START["peers"] <= first.high
    assert last.low <= planted.LEARNING_SOURCE_END["peers"] <= last.high
    assert (first.verdict, last.verdict) == ("", "above")
    assert last.expected == pytest.approx(first.estimate)


def test_psychological_safety_rises_and_inclusion_does_not_move(sample_release):
    safety, *inclusion = (
        sample_release.cell("scale_change", ORGANISATION, "scale", scale)
        for scale in ("psychological_safety", "inclusion_belongingness", "inclusion_uniqueness")
    )
    assert safety.low <= planted.SAFETY_GAIN <= safety.high
    assert safety.verdict == "above"
    assert [cell.verdict for cell in inclusion] == ["noise", "noise"]


def test_people_who_take_part_in_nothing_do_not_change(sample_release):
    cell = sample_release.cell(
        "scale_change", ORGANISATION, "scale.outside", "psychological_safety.outside"
    )
    assert cell.verdict == "noise"


def test_crossing_functions_is_where_people_understand_someone_different(sample_release):
    cells = sample_release.by_group("feedback_difference", ORGANISATION, "feedback.function")
    verdicts = {cell.group: cell.verdict for cell in cells}
    assert verdicts == {
        "felt_heard": "noise", "understood_different": "above", "meet_again": "noise"
    }  # fmt: skip


def test_references_stand_in_the_release_with_their_origin(sample_release):
    beside = sample_release.groups("learning_source_reference")
    assert beside["peers"].short == "0.53"
    assert "not published" in beside["about"].label


# --- edge cases, on the small organisation ---


def survey_rows(waves=2, questions=3, answer=None, highest=5.0, turned=REVERSED, people=True):
    """Return the small organisation with a survey that nearly everybody answers."""
    rows, draw = organisation_rows(), random.Random(2)
    answer = answer or (lambda mood: mood + draw.choice((-1, 0, 0, 1)))
    rows["wave"] = [
        {"wave_id": f"w{n}", "wave_no": n, "label": f"Wave {n}", "opens_on": date(2026, n, 1)}
        for n in range(1, waves + 1)
    ]
    rows["instrument"].append(
        {"instrument_id": "pulse", "label": "Pulse", "version": "1", "kind": "pulse",
         "identity": "pseudonymous" if people else "anonymous"}
    )  # fmt: skip
    rows["item"] = [
        {"item_id": f"q{n}", "instrument_id": "pulse", "construct": "psychological_safety",
         "kind": "scale", "scale_min": 1.0, "scale_max": highest, "reversed": turned[n]}
        for n in range(questions)
    ] + [
        {"item_id": "s", "instrument_id": "pulse", "construct": "learning_source",
         "kind": "single", "reversed": False}
    ]  # fmt: skip
    rows["answer"] = []
    for n in range(1, waves + 1):
        for number, person in enumerate(rows["person"]):
            key = f"p{n}-{number}"
            who = {"person_id": person["person_id"]} if people else {"cohort_id": "a1"}
            rows["response"].append(
                {"response_id": key, "instrument_id": "pulse", "wave_id": f"w{n}", **who,
                 "submitted_at": datetime(2026, n, 2, tzinfo=UTC) + timedelta(minutes=number)}
            )  # fmt: skip
            mood = draw.choice((2, 3, 4))
            for question in range(questions):
                value = min(max(float(answer(mood)), 1.0), highest)
                value = 1.0 + highest - value if REVERSED[question] else value
                rows["answer"].append(given(key, f"q{question}", value_num=value))
            option = draw.choice(("peers", "managers", "both"))
            rows["answer"].append(given(key, "s", option_code=option))
    return rows


def given(response, item, **value):
    row = {"response_id": response, "item_id": item, "option_code": "", "state": "given"}
    return row | value


def run_of(connection):
    facts, settings = read_facts(connection), Settings()
    places = read_places(connection, facts)
    return WholeRun(connection, facts, places, thresholds_of(settings), settings, ())


def made(rows):
    engine = filled_engine(rows)
    with engine.connect() as connection:
        run = run_of(connection)
        contents = Contents(cells=tuple(answer_cells(run)), groups=tuple(answer_names(run)))
    return Release(contents), engine


def safety(release, measure, period="all", slice_=ORGANISATION):
    return release.cell(measure, slice_, "scale", "psychological_safety", period)


def test_a_plain_survey_has_levels_a_change_and_a_reliability():
    release, _ = made(survey_rows())
    assert safety(release, "psychological_safety", "wave-2").status == "shown"
    assert safety(release, "scale_change").verdict == "noise"
    assert safety(release, "scale_alpha").estimate > 0.5
    assert safety(release, "scale_omega").estimate > 0.5


def test_one_wave_has_levels_and_says_why_there_is_no_change():
    release, _ = made(survey_rows(waves=1))
    assert safety(release, "psychological_safety", "wave-1").status == "shown"
    assert safety(release, "scale_change").status == "undefined"
    assert "last wave" in safety(release, "scale_change").reason


def test_everybody_with_the_same_answer_names_nobody():
    release, _ = made(survey_rows(answer=lambda _: 5))
    level = safety(release, "psychological_safety", "wave-2")
    assert level.printed.startswith("over ")
    assert level.low < 5
    assert safety(release, "scale_change").estimate == 0
    assert "alike" in safety(release, "scale_alpha").reason


def test_a_scale_of_one_question_has_a_score_and_no_reliability():
    release, _ = made(survey_rows(questions=1))
    assert safety(release, "psychological_safety", "wave-2").status == "shown"
    assert safety(release, "scale_alpha").status == "undefined"


def test_a_reversed_question_that_is_not_marked_is_a_data_error():
    release, _ = made(survey_rows(questions=2, turned=(False, False)))
    assert "data error" in safety(release, "scale_alpha").reason


def test_a_scale_from_1_to_4_is_told_on_its_own_scale():
    release, _ = made(survey_rows(highest=4.0))
    cell = safety(release, "psychological_safety", "wave-2")
    assert "1 to 4" in cell.sentence
    assert cell.high <= 4


def test_anonymous_answers_count_in_their_cohort_and_have_no_change():
    release, _ = made(survey_rows(people=False))
    assert safety(release, "psychological_safety", "wave-2", "cohort=a1").status == "shown"
    assert safety(release, "psychological_safety", "wave-2").people == 300
    assert safety(release, "scale_change").status == "undefined"


def test_a_survey_that_nobody_answered_has_no_cells_and_no_exception():
    rows = survey_rows()
    rows["answer"] = []
    rows["response"] = [row for row in rows["response"] if row["instrument_id"] != "pulse"]
    release, _ = made(rows)
    assert not release.contents.cells


def test_bands_are_the_shares_of_scores_counted_by_hand():
    rows = survey_rows()
    release, _ = made(rows)
    answered = {row["response_id"] for row in rows["response"] if row.get("wave_id") == "w2"}
    scores = {}
    for row in rows["answer"]:
        if row["response_id"] in answered and row["item_id"] != "s":
            turned = REVERSED[int(row["item_id"][1])]
            value = 6.0 - row["value_num"] if turned else row["value_num"]
            scores.setdefault(row["response_id"], []).append(value)
    inside = {row["person_id"] for row in rows["enrolment"]}
    people = {
        row["response_id"]: row["person_id"] for row in rows["response"] if "person_id" in row
    }
    means = [sum(each) / len(each) for key, each in scores.items() if people[key] in inside]
    cells = [
        release.cell("scale_band_share", ORGANISATION, "scale_band",
                     f"psychological_safety.{band}", "wave-2")
        for band in ("low", "middle", "high")
    ]  # fmt: skip
    counts = (sum(x < 2.5 for x in means), sum(2.5 <= x < 3.5 for x in means),
              sum(x >= 3.5 for x in means))  # fmt: skip
    for cell, count in zip(cells, counts, strict=True):
        assert cell.estimate == pytest.approx(count / len(means), abs=0.02)
    assert "score high on Psychological safety" in cells[2].sentence
    labels = release.groups("scale_band")
    assert labels["psychological_safety.low"].label == "below 2.5"


def test_bands_and_means_together_leave_everybody_an_effective_group_of_five(sample_release):
    shown = [c for c in sample_release.contents.cells if c.measure == "scale_band_share"]
    assert shown and {cell.slice for cell in shown} == {ORGANISATION}
    # every wave of three scales in three bands
    assert sum(cell.is_drawn for cell in shown) == 3 * 4 * 3


def test_few_people_have_a_share_and_no_mean():
    rows = survey_rows()
    kept = {row["person_id"] for row in rows["person"][:40]}
    rows["response"] = [row for row in rows["response"] if row["person_id"] in kept]
    known = {row["response_id"] for row in rows["response"]}
    rows["answer"] = [row for row in rows["answer"] if row["response_id"] in known]
    release, _ = made(rows)
    assert safety(release, "psychological_safety", "wave-2").status == "small"
    bands = [cell for cell in release.contents.cells if cell.measure == "scale_band_share"]
    assert bands and {cell.status for cell in bands} == {"small"}
    source = release.by_group("learning_source_share", ORGANISATION, "learning_source", "wave-2")
    assert source
    assert all(cell.status == "shown" for cell in source)


# --- the audit ---


@pytest.fixture(scope="module")
def surveyed():
    return made(survey_rows())


def findings(engine, cells):
    with engine.connect() as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        release = Release(Contents(cells=tuple(cells)))
        return audit_answers(connection, facts, places, release, {}, Thresholds())


def test_the_audit_passes_on_what_the_gate_let_through(surveyed):
    release, engine = surveyed
    assert findings(engine, release.contents.cells) == []


@pytest.mark.parametrize(
    "measure",
    ["psychological_safety", "scale_change", "learning_source_share", "scale_band_share"],
)
def test_the_audit_notices_a_value_that_is_off(surveyed, measure):
    release, engine = surveyed
    cell = next(c for c in release.contents.cells if c.measure == measure and c.is_drawn)
    wrong = replace(cell, estimate=cell.estimate + 0.2, printed="2.50")
    assert [finding.rule for finding in findings(engine, [wrong])] == ["value"]


def test_the_audit_notices_a_part_that_nobody_knows(surveyed):
    release, engine = surveyed
    cell = next(c for c in release.contents.cells if c.measure == "scale_change")
    stray = replace(cell, group="mood")
    assert [finding.rule for finding in findings(engine, [stray])] == ["not published"]
