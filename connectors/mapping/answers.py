"""Answers, ratings of skills, learning and outcomes, out of tables with one column a question."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from pandas import DataFrame, Series

from connectors.mapping.preparing import ROW, Prepared, Repeated
from connectors.mapping.rows import (
    Tables,
    cohort_of,
    day_of,
    defined,
    key_of,
    options_of,
    single,
    table_of,
    together,
)


def survey(prepared: Prepared) -> Tables:
    """Return a questionnaire, its questions, the responses and their answers."""
    instrument = prepared.mapping.instrument
    code = instrument.code if instrument else ""
    who = prepared.rows["person 1"] if prepared.seats else prepared.column("person")
    keys = prepared.column("response")
    made = key_of(f"response {code}", who, prepared.column("submitted_at"),
                  prepared.rows[ROW].astype("str"))  # fmt: skip
    # a form numbers its responses from 1: the number alone would meet another form's
    keys = key_of(f"response {code}", keys).mask(keys.eq(""), made)
    wave, cohort = prepared.mapping.wave, cohort_of(prepared)
    responses = table_of(
        prepared,
        response_id=keys,
        instrument_id=code,
        wave_id=wave.code if wave else "",
        person_id=who,
        cohort_id=cohort,
        conversation_id=prepared.column("conversation"),
        submitted_at=prepared.column("submitted_at"),
    )
    questions = {} if instrument is None else {
        "instrument": single(
            instrument_id=code, label=instrument.label, kind=instrument.kind,
            identity=instrument.identity,
        )
    }  # fmt: skip
    answers = [_answers(prepared, one, keys, code) for one in prepared.repeated]
    return together([defined(prepared), questions, {"response": responses}, *answers])


def _answers(prepared: Prepared, one: Repeated, keys: Series, instrument: str) -> Tables:
    return (_scaled if one.target.to == "answer" else _ticked)(prepared, one, keys, instrument)


def _scaled(prepared: Prepared, one: Repeated, keys: Series, instrument: str) -> Tables:
    target = one.target
    low, high = target.scale or (None, None)
    item = single(
        item_id=target.code, instrument_id=instrument, construct=target.measures or target.code,
        kind="scale" if target.scale else "number", scale_min=low, scale_max=high,
        reversed=str(target.reversed).lower(),
    )  # fmt: skip
    given = one.states.where(one.states.ne(""), "given")
    answers = table_of(
        prepared,
        one.cells.ne("") | one.states.ne(""),
        response_id=keys,
        item_id=target.code or "",
        option_code="",
        value_num=one.cells,
        state=given.where(given.ne("unknown"), "skipped"),
    )
    return {"item": item, "answer": answers}


def _ticked(prepared: Prepared, one: Repeated, keys: Series, instrument: str) -> Tables:
    target = one.target
    item = single(
        item_id=target.code, instrument_id=instrument, construct=target.measures or target.code,
        kind="multi" if target.separator else "single",
    )  # fmt: skip
    ticked = options_of(prepared, one)
    options = ticked.drop_duplicates("code").rename(columns={"code": "option_code"})
    answers = DataFrame(
        {
            "response_id": keys.loc[ticked.index],
            "item_id": target.code,
            "option_code": ticked["code"],
            "state": "given",
            ROW: ticked[ROW],
        }
    ).drop_duplicates(["response_id", "option_code"])
    silent = table_of(
        prepared,
        one.states.ne(""),
        response_id=keys,
        item_id=target.code or "",
        option_code="",
        state=one.states.where(one.states.ne("unknown"), "skipped"),
    )
    tables: Tables = {"item": item, "item_option": options.assign(item_id=target.code)}
    return together([tables, {"answer": answers}, {"answer": silent}])


def skills(prepared: Prepared) -> Tables:
    """Return skills and their ratings, one row a rated skill."""
    return together([defined(prepared), *_ratings(prepared)])


def _ratings(prepared: Prepared) -> Iterator[Tables]:
    wave = prepared.mapping.wave
    code = wave.code if wave else ""
    who = prepared.rows["person 1"]
    rater = prepared.column("rater")
    kind = prepared.column("rater_kind", "self")
    for one in prepared.repeated:
        target = one.target
        low, high = target.scale or (1.0, 5.0)
        # the key of a rating of the present is the one that it had before there were others
        said = f"{code}/{target.code}" + (f"/{target.about}" if target.about else "")
        constant = Series(said, index=who.index, dtype="str")
        given = one.states.where(one.states.ne(""), "given")
        yield {
            "skill": single(
                skill_code=target.code, label=target.label or target.code,
                family=target.family or "other",
            ),
            "skill_rating": table_of(
                prepared,
                one.cells.ne("") | one.states.ne(""),
                rating_id=key_of("rating", who, kind, rater, constant),
                person_id=who,
                rater_kind=kind,
                rater_person_id=rater,
                skill_code=target.code or "",
                wave_id=code,
                about_wave_id=target.about or "",
                scale_min=f"{low:g}",
                scale_max=f"{high:g}",
                value_num=one.cells,
                state=given.where(given.ne("unknown"), "skipped"),
                rated_on=day_of(prepared, "rated_on"),
            ),
        }  # fmt: skip


def learning(prepared: Prepared) -> Tables:
    """Return learning activities."""
    who = prepared.rows["person 1"]
    started, title = prepared.column("started_at"), prepared.column("title")
    keys = prepared.column("activity")
    keys = keys.mask(keys.eq(""), key_of("activity", who, started, title))
    activities = table_of(
        prepared,
        activity_id=keys,
        person_id=who,
        modality=prepared.column("modality"),
        started_at=started,
        duration_s=prepared.column("duration"),
        status=prepared.column("status", "unknown"),
        title_code=title,
    )
    return together([defined(prepared), {"learning_activity": activities}])


def outcomes(prepared: Prepared) -> Tables:
    """Return results, one row a person and result."""
    who = prepared.rows["person 1"]
    frames = [
        table_of(
            prepared,
            one.cells.ne(""),
            person_id=who,
            outcome_code=one.target.code or "",
            as_of_on=day_of(prepared, "as_of_on"),
            value_num=one.cells,
        )
        for one in prepared.repeated
    ]
    return together([defined(prepared), {"outcome": pd.concat(frames)}])
