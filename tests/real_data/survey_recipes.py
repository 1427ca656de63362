"""How a public climate survey of army companies becomes canonical tables of anonymous answers.

Bliese & Halverson 1996, as of the package multilevel: one scale score a person and scale.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.real_data.recipes import Tables

SCALES = ("COHES", "LEAD", "WBEING")


def companies(source: Path) -> Tables:
    """Return one anonymous response a soldier, in the cohort of the company, scales from 0 to 5."""
    raw = pd.read_csv(source / "responses.csv")
    keys = [f"r{number}" for number in range(len(raw))]
    cohorts = [f"c{code}" for code in sorted(raw["GRP"].unique())]
    answers = [
        pd.DataFrame(
            {"response_id": keys, "item_id": scale.lower(), "option_code": "",
             "value_num": raw[scale], "state": "given"}
        )
        for scale in SCALES
    ]  # fmt: skip
    return {
        "organisation": pd.DataFrame([{"org_id": "army", "label": "Army", "tz": "UTC"}]),
        "person": pd.DataFrame([{"person_id": "nobody", "home_org_id": "army"}]),
        "programme": pd.DataFrame([{"programme_id": "p", "label": "Companies"}]),
        "cohort": pd.DataFrame(
            {"cohort_id": cohorts, "programme_id": "p", "label": cohorts, "arm": "delivered"}
        ),
        "wave": pd.DataFrame(
            [{"wave_id": "w1", "wave_no": 1, "label": "Survey", "opens_on": "1996-01-01"}]
        ),
        "instrument": pd.DataFrame(
            [{"instrument_id": "climate", "label": "Climate", "kind": "other",
              "identity": "anonymous"}]
        ),
        "item": pd.DataFrame(
            {"item_id": [scale.lower() for scale in SCALES], "instrument_id": "climate",
             "construct": [scale.lower() for scale in SCALES], "kind": "scale",
             "scale_min": 0.0, "scale_max": 5.0, "reversed": "false"}
        ),
        "response": pd.DataFrame(
            {"response_id": keys, "instrument_id": "climate", "wave_id": "w1",
             "cohort_id": "c" + raw["GRP"].astype(str), "submitted_at": "1996-01-10T00:00:00Z"}
        ),
        "answer": pd.concat(answers, ignore_index=True),
    }  # fmt: skip
