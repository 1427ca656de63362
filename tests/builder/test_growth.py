"""Skills in the release: what was planted is found, and every odd record gets a readable answer."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from builder.growth import skill_cells, skill_names
from builder.growth_audit import audit_growth
from builder.places import read_places
from builder.preparing import thresholds_of
from builder.whole import WholeRun
from release import Release
from release.contents import Contents
from sample_data import planted
from settings import Settings
from store.stamping import read_facts
from tests.builder.organisation import filled_engine
from tests.store.small_organisation import make_rows

PEOPLE = 300
NOTHING = ("vulnerability", "agility", "systems_design")
HERE = ("organisation", "skill")


def gain(release, skill, slice_="organisation", breakdown="skill", measure="skill_gain"):
    return release.cell(measure, slice_, breakdown, skill)


@pytest.mark.parametrize("skill", sorted(planted.SKILL_GAIN))
def test_peers_see_what_was_planted(sample_release, skill):
    cell = gain(sample_release, skill)
    if skill != planted.TECHNICAL_SKILL:
        # ratings are cut at the ends of the scale, which takes about a tenth off a change
        assert cell.low - 0.03 <= planted.SKILL_GAIN[skill] <= cell.high + 0.03


def test_the_three_large_gains_are_beyond_noise_and_nothing_is_not(sample_release):
    for skill in ("empathy", "awareness", "communication"):
        assert gain(sample_release, skill).verdict == "above"
    for skill in NOTHING:
        assert gain(sample_release, skill).verdict == "noise"


def test_people_see_themselves_fall_in_awareness_while_peers_see_a_rise(sample_release):
    own = gain(sample_release, "awareness.self", breakdown="skill.rater")
    assert own.verdict == "below"
    assert own.low - 0.07 <= planted.RESPONSE_SHIFT["awareness"] <= own.high
    assert "people themselves" in own.sentence


def test_data_analysis_grows_in_operations_alone(sample_release):
    cells = sample_release.by_group("skill_gain", "organisation", "skill.function")
    own = {cell.group: cell.verdict for cell in cells if cell.group.startswith("data_analysis.")}
    assert own.pop("data_analysis.operations") == "above"
    assert "above" not in own.values()


def test_people_who_take_part_in_nothing_do_not_move(sample_release):
    for cell in sample_release.by_group("skill_gain", "organisation", "skill.outside"):
        assert cell.verdict in ("", "noise")


def test_participants_started_like_others_so_nothing_is_expected(sample_release):
    assert gain(sample_release, "empathy").expected == 0


def test_cohorts_are_drawn_towards_each_other(sample_release):
    for slice_ in (key for key in sample_release.slices if key.startswith("cohort=")):
        drawn = gain(sample_release, "empathy", slice_, measure="skill_gain_shrunk")
        raw = gain(sample_release, "empathy", slice_)
        if drawn and raw.is_drawn:
            assert abs(drawn.estimate - drawn.expected) <= abs(raw.estimate - drawn.expected) + 0.01


def test_every_wave_has_a_level_on_the_scale_given(sample_release):
    waves = list(sample_release.groups("wave"))
    cells = [sample_release.cell("skill_mean", *HERE, "empathy", wave) for wave in waves]
    assert len(cells) == 4 and all(cell.is_drawn for cell in cells)
    assert all("scale from 1 to 5" in cell.sentence for cell in cells)
    assert "wave-1" not in sample_release.periods


def test_allowing_for_who_is_missing_stands_beside(sample_release):
    plain, weighted = (
        gain(sample_release, "empathy", measure=key)
        for key in ("skill_gain", "skill_gain_weighted")
    )
    assert weighted.people == plain.people
    assert weighted.low <= plain.estimate <= weighted.high


def test_allowing_for_who_is_missing_is_told_of_programmes_and_groups_with_the_same_people(
    sample_release,
):
    places = (("programme=crossings", "skill", "empathy"),
              ("organisation", "skill.gender", "empathy.woman"))  # fmt: skip
    for slice_, breakdown, group in places:
        plain, weighted = (
            sample_release.cell(key, slice_, breakdown, group)
            for key in ("skill_gain", "skill_gain_weighted")
        )
        assert weighted.people == plain.people
        assert weighted.low <= plain.estimate <= weighted.high
        assert weighted.reason
    for cell in sample_release.contents.cells:
        if cell.measure == "skill_gain_weighted":
            beside = sample_release.cell("skill_gain", cell.slice, cell.breakdown, cell.group)
            assert beside.is_drawn


def rating(person, skill, wave, value, rater="peer", scale=(1.0, 5.0)):
    return {
        "person_id": person, "rater_kind": rater, "skill_code": skill, "wave_id": f"w{wave}",
        "scale_min": scale[0], "scale_max": scale[1], "state": "given", "value_num": value,
        "rated_on": date(2026, 1, 5),
    }  # fmt: skip


def with_ratings(ratings, skills=("empathy",)):
    """Return the small organisation with these ratings; half of it takes part in each cohort."""
    rows = make_rows(seed=2, people=PEOPLE)
    rows["skill"] = [{"skill_code": code, "label": code.title(), "family": "other"}
                     for code in skills]  # fmt: skip
    rows["wave"] = [{"wave_id": f"w{n}", "wave_no": n, "label": f"Wave {n}",
                     "opens_on": date(2026, n + 1, 1)} for n in range(3)]  # fmt: skip
    rows["skill_rating"] = [
        row | {"rating_id": f"s{number}"} for number, row in enumerate(ratings(rows["person"]))
    ]
    return rows


def released(rows):
    """Return the skills of a store alone, as a release."""
    settings = Settings(home=Path("unused"))
    with filled_engine(rows).connect() as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        run = WholeRun(connection, facts, places, thresholds_of(settings), settings, ())
        cells, names = tuple(skill_cells(run)), tuple(skill_names(run))
        release = Release(Contents(cells=cells, groups=names, scopes=tuple(places.scopes())))
        assert audit_growth(connection, facts, places, release, {}, run.thresholds) == []
        return release


def growing(people, shift=1.0, seed=5):
    """Yield ratings of everybody at waves 0 and 1; what is drawn rises by the shift."""
    draw = random.Random(seed)
    for row in people:
        first = draw.choice((1.0, 2.0, 3.0))
        yield rating(row["person_id"], "empathy", 0, first)
        yield rating(row["person_id"], "empathy", 1, first + shift * draw.choice((0.0, 1.0)))


def test_a_plain_gain_is_the_mean_of_the_changes():
    cell = gain(released(with_ratings(growing)), "empathy")
    # half of all rise by a point; the draw is fixed
    assert cell.estimate == pytest.approx(0.5, abs=0.08)
    assert cell.verdict == "above" and cell.printed.startswith("+0.")


def test_ratings_at_one_wave_only_say_so():
    cell = gain(released(with_ratings(lambda people: [*growing(people)][::2])), "empathy")
    assert cell.status == "undefined"
    assert "both at the first and at the last wave" in cell.reason


def test_everybody_with_the_same_rating_does_not_tell_unanimity():
    def alike(people):
        return [rating(row["person_id"], "empathy", wave, 5.0) for row in people for wave in (0, 1)]

    release = released(with_ratings(alike))
    level = release.cell("skill_mean", *HERE, "empathy", "wave-1")
    assert level.printed.startswith("over 4.8") and level.high - level.low > 0.2
    cell = gain(release, "empathy")
    assert cell.estimate == 0 and cell.high > 0
    assert gain(release, "empathy", measure="skill_gain_standardised").status == "undefined"


def test_self_ratings_alone_stand_first_and_say_so():
    def own(people):
        return [row | {"rater_kind": "self"} for row in growing(people)]

    release = released(with_ratings(own))
    assert "people themselves" in gain(release, "empathy").sentence
    assert release.groups("skill_rater")["empathy"].label == "people themselves"


def test_a_scale_from_one_to_four_stays_one():
    def four(people):
        return [row | {"scale_max": 4.0} for row in growing(people)]

    release = released(with_ratings(four))
    assert release.groups("skill_scale")["empathy"].label == "1 to 4"
    assert "1 to 4" in release.cell("skill_mean", *HERE, "empathy", "wave-1").sentence


def test_a_skill_that_nobody_rated_is_named_and_has_no_cell():
    release = released(with_ratings(growing, skills=("empathy", "silence")))
    assert list(release.groups("skill_not_rated")) == ["silence"]
    assert gain(release, "silence") is None


def test_no_rating_at_all_gives_no_cell():
    release = released(with_ratings(lambda people: []))
    assert release.contents.cells == ()


def own_view(people):
    """Yield what everybody says of themselves: first, last, and looking back half a point lower."""
    draw = random.Random(7)
    for row in growing(people):
        yield row | {"rater_kind": "self"}
        if row["wave_id"] == "w1":
            back = max(row["value_num"] - draw.choice((1.0, 2.0)), 1.0)
            yield row | {"rater_kind": "self", "about_wave_id": "w0", "value_num": back}


def own_view_without_looking_back(people):
    return [row for row in own_view(people) if "about_wave_id" not in row]


def test_looking_back_adds_cells_and_changes_none():
    plain = released(with_ratings(own_view_without_looking_back)).contents.cells
    both = released(with_ratings(own_view)).contents.cells
    added = [cell for cell in both if cell.breakdown == "skill.then"]
    assert [cell for cell in both if cell not in added] == list(plain)
    assert {cell.measure for cell in added if cell.is_drawn} == {
        "skill_gain_then", "skill_response_shift",
    }  # fmt: skip


def test_what_looking_back_gives_is_the_mean_of_plain_differences():
    rows = with_ratings(own_view)
    release = released(rows)
    held = {(row["person_id"], row["wave_id"], row.get("about_wave_id")): row["value_num"]
            for row in rows["skill_rating"]}  # fmt: skip
    people = sorted({person for person, *_ in held})
    taking_part = {row["person_id"] for row in rows["enrolment"]}
    x, t, y = (
        [held[person, *when] for person in people if person in taking_part]
        for when in (("w0", None), ("w1", "w0"), ("w1", None))
    )
    for key, later, earlier in (("skill_gain_then", y, t), ("skill_response_shift", t, x)):
        cell = gain(release, "empathy.then", breakdown="skill.then", measure=key)
        assert cell.estimate == pytest.approx((sum(later) - sum(earlier)) / len(x), abs=0.03)
    assert "Empathy at first, as people recall it, is" in cell.sentence


def test_in_the_sample_the_moved_yardstick_is_bracketed(sample_release):
    own = gain(sample_release, "awareness.self", breakdown="skill.rater")
    back = gain(sample_release, "awareness.then", breakdown="skill.then", measure="skill_gain_then")
    assert own.high < planted.SKILL_GAIN["awareness"] < back.high
    assert own.verdict == "below" and back.verdict == "above"
    asked = {cell.group for cell in sample_release.contents.cells if cell.breakdown == "skill.then"}
    assert asked == {"awareness.then", "awareness.outside"}


def test_who_looks_back_is_hidden_where_it_would_single_out_who_did_not():
    def nearly_all(people):
        # three of those who take part skip the question: their changes would follow
        rows, skipped = [*own_view(people)], 0
        for row in reversed(rows):
            if "about_wave_id" in row and skipped < 3:
                rows.remove(row)
                skipped += 1
        return rows

    cell = gain(
        released(with_ratings(nearly_all)), "empathy.then", breakdown="skill.then",
        measure="skill_gain_then",
    )  # fmt: skip
    assert cell.status == "protects"


def test_bounds_replace_a_change_that_too_many_are_missing_from():
    def leaving(people):
        rows = [*growing(people)]
        return [row for n, row in enumerate(rows) if row["wave_id"] == "w0" or n % 4 == 1]

    release = released(with_ratings(leaving))
    assert gain(release, "empathy").status == "undefined"
    bounds = gain(release, "empathy", measure="skill_rise_bounds")
    assert bounds.is_drawn and bounds.high - bounds.low > 0.4


def test_few_people_stay_hidden():
    def few(people):
        return growing(people[:30])

    release = released(with_ratings(few))
    assert {cell.status for cell in release.contents.cells if cell.measure in
            ("skill_gain", "skill_mean")} <= {"small", "protects"}  # fmt: skip


@pytest.mark.parametrize(
    "measure", ["skill_gain", "skill_mean", "skill_gain_then", "skill_response_shift"]
)
def test_the_audit_notices_a_wrong_value(measure):
    rows = with_ratings(own_view)
    release = released(rows)
    cells = [
        replace(cell, estimate=cell.estimate + 0.2)
        if cell.measure == measure and cell.is_drawn
        else cell
        for cell in release.contents.cells
    ]
    assert "value" in {finding.rule for finding in audited(rows, cells)}


def test_the_audit_notices_cells_of_unknown_groups_and_of_too_few_people():
    rows = with_ratings(growing)
    shown = next(cell for cell in released(rows).contents.cells if cell.is_drawn)
    stray = replace(shown, breakdown="skill.belief", group="empathy.b1")
    assert {finding.rule for finding in audited(rows, [stray])} == {"not published"}
    few = with_ratings(lambda people: growing(people[:30]))
    found = {finding.rule for finding in audited(few, [shown])}
    assert "people behind a mean" in found


def audited(rows, cells):
    settings = Settings(home=Path("unused"))
    with filled_engine(rows).connect() as connection:
        facts = read_facts(connection)
        places = read_places(connection, facts)
        release = Release(Contents(cells=tuple(cells)))
        return audit_growth(connection, facts, places, release, {}, thresholds_of(settings))
