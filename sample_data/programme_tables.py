"""The canonical tables about programmes, cohorts and enrolment."""

from __future__ import annotations

import pandas as pd

from sample_data.columns import canonical, days, pick, rows
from sample_data.people import ORGANISATIONS, People
from sample_data.programmes import PROGRAMMES, STATUSES, Cohorts, Places


def programme_tables(places: Places, people: People, cohorts: Cohorts) -> dict[str, pd.DataFrame]:
    """Return the canonical tables about programmes, cohorts and enrolment."""
    return {
        "programme": rows(
            "programme",
            ("programme_id", "label", "kind", "cross_company", "lead_org_id"),
            [(p.code, p.label, p.kind, p.cross_company, ORGANISATIONS[0]) for p in PROGRAMMES],
        ),
        "programme_org": rows(
            "programme_org",
            ("programme_id", "org_id", "role", "sharing"),
            [
                (p.code, org, "lead" if org == ORGANISATIONS[0] else "member", "row_level")
                for p in PROGRAMMES
                for org in (ORGANISATIONS if p.cross_company else ORGANISATIONS[:1])
            ],
        ),
        "cohort": _cohort(cohorts),
        "enrolment": _enrolment(places, people, cohorts),
    }


def _cohort(cohorts: Cohorts) -> pd.DataFrame:
    programmes = [PROGRAMMES[number] for number in cohorts.programme]
    return canonical(
        "cohort",
        {
            "cohort_id": cohorts.codes,
            "programme_id": [programme.code for programme in programmes],
            "label": cohorts.labels,
            "starts_on": days(cohorts.starts_on),
            "ends_on": days(cohorts.ends_on),
            "cadence_days": [programme.cadence_days for programme in programmes],
            "arm": ["delivered"] * len(programmes),
        },
    )


def _enrolment(places: Places, people: People, cohorts: Cohorts) -> pd.DataFrame:
    return canonical(
        "enrolment",
        {
            "cohort_id": pick(cohorts.codes, places.cohort),
            "person_id": people.keys.take(places.person),
            "status": pick(STATUSES, places.status),
            "invited_on": days(places.invited_on),
            "enrolled_on": days(places.joined_on),
            "ended_on": days(places.ended_on),
        },
    )
