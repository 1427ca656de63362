"""People, their properties, their employment and their place in cohorts, out of one list."""

from __future__ import annotations

import pandas as pd
from pandas import DataFrame, Series

from connectors.checks import known_zones
from connectors.contract import Rejected, message
from connectors.mapping.numbers import code_of
from connectors.mapping.preparing import OTHER, ROW, Prepared, Repeated
from connectors.mapping.rows import (
    Tables,
    cohort_of,
    cohorts_in_file,
    day_of,
    defined,
    options_of,
    single,
    table_of,
    together,
)


def people(prepared: Prepared) -> Tables:
    """Return what a list of people says."""
    who = prepared.rows["person 1"]
    named = who.ne("")
    organisation = prepared.mapping.organisation
    home = prepared.column("organisation", organisation.code if organisation else "")
    persons = table_of(
        prepared, named, person_id=who, home_org_id=home, kind=prepared.column("kind", "employee")
    )
    # somebody in two cohorts stands in two rows and is one person
    persons = persons.drop_duplicates(["person_id", "home_org_id", "kind"])
    tables = [defined(prepared), {"person": persons}, *attributes(prepared, {1: who})]
    if "hired_on" in prepared.rows:
        tables.append({"employment_spell": _spells(prepared, who)})
    if "manager" in prepared.rows:
        tables.append({"reporting_line": _lines(prepared, who)})
    if "status" in prepared.rows or "status" in prepared.mapping.constants:
        tables += [cohorts_in_file(prepared), {"enrolment": _places(prepared, who)}]
    return together(tables)


def odd_managers(prepared: Prepared) -> tuple[str, ...]:
    """Return notes on managers of whom no line is made."""
    if "manager" not in prepared.rows:
        return ()
    who, manager = prepared.rows["person 1"], prepared.rows["manager"]
    stranger = manager.ne("") & ~manager.isin(who)
    found = (
        ("people listed as their own manager, taken to report to nobody", manager.eq(who)),
        ("rows whose manager is nobody in this list, taken without a manager", stranger),
    )
    counts = ((words, int((rows & manager.ne("")).sum())) for words, rows in found)
    return tuple(f"{words}: {count:,}" for words, count in counts if count)


def other_identifiers(prepared: Prepared) -> DataFrame:
    """Return ``person_id``, ``alias`` and the row number of what else people are known by."""
    rows = prepared.rows
    columns = [rows[name] for name in rows if name.startswith(OTHER)]
    who = rows["person 1"] if columns else Series(dtype="str")
    frames = [DataFrame({"person_id": who, "alias": c, ROW: rows[ROW]}) for c in columns]
    if not frames:
        return DataFrame()
    found = pd.concat(frames, ignore_index=True)
    useful = found["alias"].ne("") & found["person_id"].ne("")
    return found[useful & found["alias"].ne(found["person_id"])]


def enrolments(prepared: Prepared) -> Tables:
    """Return what a list of participants says."""
    who = prepared.rows["person 1"]
    return together(
        [defined(prepared), cohorts_in_file(prepared), {"enrolment": _places(prepared, who)}]
    )


def contradictions(prepared: Prepared) -> tuple[Series, list[Rejected]]:
    """Return the rows that give one person two values of a property at once, and the reasons."""
    who, since = prepared.rows["person 1"], day_of(prepared, "valid_from")
    rows = Series(False, index=who.index)
    for one in prepared.repeated:
        if one.target.to != "attribute" or one.target.separator:
            continue
        given = one.cells.ne("") & who.ne("")
        values = one.cells[given].str.casefold()
        rows[given] |= values.groupby([who[given], since[given]]).transform("nunique").gt(1)
    words = message(
        "several rows give one person different values of one property on one day",
        "one value",
        "Keep the right row; if they are two people, give each an identifier of their own.",
        "All of them set aside.",
    )
    numbers = prepared.rows.loc[rows, ROW]
    return rows, [Rejected("person", int(n), "", "contradiction", words) for n in numbers]


def attributes(prepared: Prepared, sides: dict[int, Series]) -> list[Tables]:
    """Return properties, their values, and who has them since when."""
    found = [one for one in prepared.repeated if one.target.to == "attribute"]
    # both sides of a pair have the same property, which is defined once
    order = list(dict.fromkeys(one.target.code for one in found))
    return [
        _attribute(prepared, one, sides[one.target.side or 1], order.index(one.target.code))
        for one in found
    ]


def _attribute(prepared: Prepared, one: Repeated, who: Series, order: int) -> Tables:
    target = one.target
    code = target.code or code_of(target.label or "")
    since = day_of(prepared, "valid_from")
    values = options_of(prepared, one)
    values = values[who.loc[values.index].ne("").to_numpy()]
    declined = who[one.states.ne("") & who.ne("")]
    given = DataFrame(
        {
            "person_id": who.loc[values.index],
            "attribute_code": code,
            "valid_from": since.loc[values.index],
            "value_code": values["code"],
            "state": "given",
            ROW: values[ROW],
        }
    )
    silent = DataFrame(
        {
            "person_id": declined,
            "attribute_code": code,
            "valid_from": since.loc[declined.index],
            "value_code": "",
            "state": one.states.loc[declined.index],
            ROW: prepared.rows.loc[declined.index, ROW],
        }
    )
    definition = single(
        attribute_code=code,
        label=target.label or code.replace("_", " "),
        multi="true" if target.separator else "false",
        sort=order,
        sensitivity=target.sensitivity or "personal",
    )
    listed = values.drop_duplicates("code")[["code", "label", ROW]]
    # a column of time zones says itself in which zone people live; "Portugal" alone is a country
    zoned = listed["label"].isin(known_zones()) & listed["label"].str.contains("/", regex=False)
    listed = listed.rename(columns={"code": "value_code"}).assign(
        attribute_code=code, tz=listed["label"].where(zoned, "")
    )
    tables: Tables = {"attribute_def": definition, "attribute_value_def": listed}
    return together([tables, {"person_attribute": given}, {"person_attribute": silent}])


def _spells(prepared: Prepared, who: Series) -> DataFrame:
    hired = prepared.rows["hired_on"]
    return table_of(
        prepared,
        who.ne("") & hired.ne(""),
        person_id=who,
        spell_no="1",
        hired_on=hired,
        left_on=prepared.column("left_on"),
        leave_reason=prepared.column("leave_reason"),
    ).drop_duplicates(["person_id", "hired_on", "left_on", "leave_reason"])


def _lines(prepared: Prepared, who: Series) -> DataFrame:
    """Return who reports to whom; only people of the list, since a name would be a new person."""
    manager = prepared.rows["manager"]
    known = who.ne("") & manager.ne("") & manager.ne(who) & manager.isin(who)
    since = day_of(prepared, "valid_from")
    lines = table_of(prepared, known, person_id=who, valid_from=since, manager_person_id=manager)
    return lines.drop_duplicates(["person_id", "valid_from", "manager_person_id"])


def _places(prepared: Prepared, who: Series) -> DataFrame:
    return table_of(
        prepared,
        cohort_id=cohort_of(prepared),
        person_id=who,
        status=prepared.column("status"),
        invited_on=prepared.column("invited_on"),
        enrolled_on=prepared.column("enrolled_on"),
        ended_on=prepared.column("ended_on"),
    )
