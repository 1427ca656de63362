"""How a public study of three waves becomes canonical tables of ratings.

Job satisfaction, commitment and readiness of soldiers (Bliese & Ployhart 2002), as of the package
multilevel. The data stay outside the product.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.real_data.recipes import Tables

LABELS = {"JSAT": "Job satisfaction", "COMMIT": "Commitment", "READY": "Readiness"}


def univbct(source: Path) -> Tables:
    """Return people, their gender, and what they said of themselves at three waves from 1 to 5."""
    people = pd.read_csv(source / "people.csv", dtype=str, keep_default_na=False)
    ratings = pd.read_csv(source / "ratings.csv", dtype={"person_id": str}).dropna()
    known = people[people["gender"].isin(["male", "female"])]
    ids = sorted({*people["person_id"], *ratings["person_id"]})
    return {
        "organisation": pd.DataFrame([{"org_id": "unit", "label": "Unit", "tz": "UTC"}]),
        "person": pd.DataFrame({"person_id": ids, "home_org_id": "unit", "kind": "employee"}),
        "attribute_def": pd.DataFrame(
            [{"attribute_code": "gender", "label": "gender", "sensitivity": "personal", "sort": 0}]
        ),
        "attribute_value_def": pd.DataFrame(
            {"attribute_code": "gender", "value_code": ["female", "male"],
             "label": ["Women", "Men"]}
        ),
        "person_attribute": pd.DataFrame(
            {"person_id": known["person_id"], "attribute_code": "gender",
             "valid_from": "2000-01-01", "value_code": known["gender"], "state": "given",
             "asserted_by": "self"}
        ),
        "skill": pd.DataFrame(
            {"skill_code": list(LABELS), "label": list(LABELS.values()), "family": "other"}
        ),
        "wave": pd.DataFrame(
            [{"wave_id": f"wave-{n}", "wave_no": n, "label": f"Wave {n}",
              "opens_on": f"2000-0{1 + 3 * n}-01"} for n in range(3)]
        ),
        "skill_rating": pd.DataFrame(
            {"rating_id": [f"r{n}" for n in range(len(ratings))],
             "person_id": ratings["person_id"], "rater_kind": "self",
             "skill_code": ratings["scale"],
             "wave_id": "wave-" + ratings["wave"].astype(str), "scale_min": 1, "scale_max": 5,
             "value_num": ratings["value"], "state": "given",
             "rated_on": "2000-0" + (1 + 3 * ratings["wave"]).astype(str) + "-15"}
        ),
    }  # fmt: skip
