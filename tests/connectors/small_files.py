"""A handful of rows in every canonical table, as the text of CSV files, and ways to write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.canonical_folder import CanonicalFolder
from connectors.conversion import convert
from connectors.headers import declared_columns
from schema import CANONICAL

FILES: dict[str, str] = {
    "organisation": "org_id,label,tz\nacme,Acme,Europe/Berlin\n",
    "person": "person_id,home_org_id\np1,acme\np2,acme\n00123,acme\nNA,\n",
    "employment_spell": "person_id,spell_no,hired_on,left_on\n"
    "p1,1,2020-02-01,\np2,1,2021-01-01,9999-12-31\n",
    "reporting_line": "person_id,valid_from,manager_person_id\np2,2021-01-01,00123\n",
    "attribute_def": "attribute_code,label,sensitivity\ngender,gender,personal\n",
    "attribute_value_def": "attribute_code,value_code,label\ngender,w,women\ngender,m,men\n",
    "person_attribute": "person_id,attribute_code,valid_from,value_code,state\n"
    "p1,gender,2020-02-01,w,given\np2,gender,2021-01-01,,prefer_not_to_say\n",
    "programme": "programme_id,label,lead_org_id\npairs,Pairs,acme\n",
    "programme_org": "programme_id,org_id,role\npairs,acme,lead\n",
    "cohort": "cohort_id,programme_id,label,starts_on\nc1,pairs,Spring,2026-01-05\n",
    "enrolment": "cohort_id,person_id,status,enrolled_on\nc1,p1,active,2026-01-05\n"
    "c1,p2,active,2026-01-05\n",
    "match_round": "cohort_id,round_no,run_at\nc1,1,2026-01-05T09:00:00+01:00\n",
    "match_pool": "cohort_id,round_no,person_id\nc1,1,p1\nc1,1,p2\n",
    "match": "match_id,cohort_id,round_no,offered_at\nm1,c1,1,2026-01-05T08:00:00Z\n",
    "match_member": "match_id,person_id\nm1,p1\nm1,p2\n",
    "conversation": "conversation_id,programme_id,cohort_id,match_id,actual_start_at,status,"
    "evidence\n"
    "k1,pairs,c1,m1,2026-01-12T14:30:00+01:00,completed,attendance\n"
    "k2,pairs,c1,m1,2026-01-26T14:30:00+01:00,completed,one_reported\n",
    "conversation_participant": "conversation_id,slot,person_id,attended\n"
    "k1,1,p1,yes\nk1,2,p2,yes\nk2,1,p1,yes\nk2,2,,unknown\n",
    "skill": "skill_code,label,family\nlistening,Listening,communication\n",
    "wave": "wave_id,wave_no,label,opens_on\nw1,1,Before,2026-01-01\n",
    "skill_rating": "rating_id,person_id,rater_kind,skill_code,wave_id,scale_min,scale_max,"
    "value_num,state,rated_on\nr1,p1,self,listening,w1,1,5,3.5,given,2026-01-02\n"
    "r2,p2,self,listening,w1,1,5,,prefer_not_to_say,2026-01-02\n",
    "instrument": "instrument_id,label,kind\ni1,After a talk,post_conversation\n",
    "item": "item_id,instrument_id,construct,kind,scale_min,scale_max,reversed\n"
    "q1,i1,psychological_safety,scale,1,5,no\nq2,i1,learning_source,single,,,no\n",
    "item_option": "item_id,option_code,label\nq2,peers,Peers\nq2,managers,Managers\n",
    "response": "response_id,instrument_id,wave_id,person_id,submitted_at\n"
    "s1,i1,w1,p1,2026-01-12T15:00:00.250Z\n",
    "answer": "response_id,item_id,option_code,value_num,state\n"
    "s1,q1,,4,given\ns1,q2,peers,,given\n",
    "learning_activity": "activity_id,person_id,modality,started_at,duration_s\n"
    "a1,p1,peer,2026-01-12T15:00:00Z,2700\n",
    "outcome": "person_id,outcome_code,as_of_on,value_num\np1,engagement_score,2026-02-01,0.1\n",
}


def write_csv(folder: Path, **changed: str | bytes) -> Path:
    """Write the small organisation as CSV files; a keyword replaces the text of one file."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_one(folder, **{**FILES, **changed})


def write_one(folder: Path, **files: str | bytes) -> Path:
    """Write nothing but the files given, by table."""
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.csv").write_bytes(data)
    return folder


def write_parquet(folder: Path, files: dict[str, str] = FILES) -> Path:
    """Write the same rows as Parquet files with the types that the schema declares."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        header, *rows = csv.reader(io.StringIO(content))
        columns = {c.name: c for c in declared_columns(CANONICAL[name])}
        cells = zip(*rows, strict=True)
        typed = {
            title: convert(columns[title], pa.array(column, pa.large_string()))[0]
            for title, column in zip(header, cells, strict=True)
        }
        pq.write_table(pa.table(typed), folder / f"{name}.parquet")
    return folder


def gather(folder: Path) -> tuple[dict, list, dict]:
    """Read a folder: frames by table, everything rejected, notes by table."""
    batches = list(CanonicalFolder(folder).batches())
    frames = {b.table: b.frame for b in batches if b.table in CANONICAL}
    return frames, [r for b in batches for r in b.rejected], {b.table: b.notes for b in batches}
