"""The plainest possible second computation of what is planted: merges and counts in pandas."""

from __future__ import annotations

import pandas as pd

Tables = dict[str, pd.DataFrame]
POOL = ["cohort_id", "round_no", "pool_code"]


def value_on(tables: Tables, people: pd.Series, day: pd.Series, attribute: str) -> pd.Series:
    """Return the recorded value of each person on the day; missing where nobody knows."""
    known = tables["person_attribute"].query("attribute_code == @attribute and state == 'given'")
    asked = pd.DataFrame({"person_id": people, "day": day}).reset_index()
    held = asked.merge(known, on="person_id")
    held = held[(held.valid_from <= held.day) & ~(held.valid_to <= held.day)]
    return held.drop_duplicates("index").set_index("index").value_code.reindex(people.index)


def offers(tables: Tables) -> pd.DataFrame:
    """Return offers with programme, day, quarter, and how many conversations were due and held."""
    match = tables["match"].merge(tables["cohort"][["cohort_id", "programme_id"]], on="cohort_id")
    match["day"] = match.offered_at.dt.tz_localize(None).dt.normalize()
    match["quarter"] = match.day.dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    due = tables["conversation"].query("status != 'scheduled'")
    held = due.query("status == 'completed'").groupby("match_id").size()
    match["due"] = match.match_id.map(due.groupby("match_id").size()).fillna(0)
    match["held"] = match.match_id.map(held).fillna(0)
    return match


def pairs(tables: Tables, attribute: str) -> pd.DataFrame:
    """Return each pair of people offered to one another, with both values and the pool."""
    members = tables["match_member"].merge(offers(tables), on="match_id")
    members = members.merge(tables["match_pool"], on=["cohort_id", "round_no", "person_id"])
    members["value"] = value_on(tables, members.person_id, members.day, attribute)
    members["weight"] = 1 / (members.groupby("match_id").person_id.transform("size") - 1)
    other = members[["match_id", "person_id", "value"]]
    both = members.merge(other, on="match_id", suffixes=("", "_other"))
    both = both[both.person_id < both.person_id_other].dropna(subset=["value", "value_other"])
    return both.assign(crosses=both.value != both.value_other)


def lottery_share(both: pd.DataFrame) -> float:
    """Return the cross share if the same people were drawn by lot within round and pool."""
    first = both[[*POOL, "value", "weight"]]
    second = both[[*POOL, "value_other", "weight"]].set_axis(first.columns, axis=1)
    seats = pd.concat([first, second]).groupby([*POOL, "value"]).weight.sum()
    total = seats.groupby(POOL).sum()
    within = (seats * (seats - 1)).groupby(POOL).sum() / (total * (total - 1))
    return float((total * (1 - within)).sum() / total.sum())


def headcount_share(both: pd.DataFrame) -> float:
    """Return the cross share if all of them were drawn by lot, whatever round and pool."""
    seats = pd.concat([both.value, both.value_other]).value_counts(normalize=True)
    return float(1 - (seats**2).sum())


def cross_share(both: pd.DataFrame) -> float:
    """Return the weighted share of pairs that cross."""
    return float(both.weight[both.crosses].sum() / both.weight.sum())


def seats(tables: Tables) -> pd.DataFrame:
    """Return resolved seats of conversations that are over, with programme and completion."""
    due = tables["conversation"].query("status != 'scheduled'")
    taken = tables["conversation_participant"].dropna(subset=["person_id"])
    seat = taken.merge(due, on="conversation_id")
    seat["day"] = seat.scheduled_start_at.dt.tz_localize(None)
    return seat.assign(completed=(seat.status == "completed").astype(float))


def participants(tables: Tables) -> set[str]:
    """Return everybody who ever joined a cohort."""
    return set(tables["enrolment"].dropna(subset=["enrolled_on"]).person_id)


def changes(tables: Tables, rater: str) -> pd.DataFrame:
    """Return the change of each person's rating from the first wave to the last, by skill."""
    given = tables["skill_rating"].query("rater_kind == @rater and state == 'given'")
    given = given[given.about_wave_id.isna()]
    wide = given.pivot_table(
        index=["person_id", "skill_code"], columns="wave_id", values="value_num"
    )
    change = (wide["wave-4"] - wide["wave-1"]).dropna().rename("change").reset_index()
    return change.assign(participant=change.person_id.isin(participants(tables)))
