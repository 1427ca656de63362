"""The commands print what was published, exactly, and say what there is to ask for."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter

import pytest

from release import open_current
from release.__main__ import main
from release.shelf import POINTER, publish
from tests.release.making import CELLS, HIDDEN, SHOWN, make_contents
from weft import ROOT

COLUMNS = (
    "measure,slice,breakdown,group,period,estimate,low,high,expected,people,pairs,status,printed"
)
STATUSES = {"shown", "small", "protects", "undefined", "too_few"}
NUMBERS = ("estimate", "low", "high", "expected", "people", "pairs")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    for number in (1, 2):
        publish(make_contents(number), tmp_path / "releases")
    return tmp_path


@pytest.fixture
def told(capsys):
    """Return a function that runs a command and gives back its exit code and what it said."""

    def run(*words):
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def as_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("home")
def test_csv_has_the_documented_columns_in_the_documented_order(told):
    code, out, _ = told("show", "--format", "csv")
    assert code == 0
    assert out.splitlines()[0] == COLUMNS


@pytest.mark.usefixtures("home")
def test_csv_holds_every_cell_as_published_with_hidden_numbers_empty(told):
    rows = as_csv(told("show", "--format", "csv")[1])
    assert len(rows) == len(CELLS)
    for row, cell in zip(rows, CELLS, strict=True):
        expected = {name: getattr(cell, name) for name in COLUMNS.split(",")}
        assert row == {name: "" if v is None else str(v) for name, v in expected.items()}
    assert all(rows[1][name] == "" for name in NUMBERS)


@pytest.mark.usefixtures("home")
def test_json_has_the_same_columns_with_null_for_what_is_hidden(told):
    rows = json.loads(told("show", "--format", "json")[1])
    assert [list(row) for row in rows] == [COLUMNS.split(",")] * len(CELLS)
    assert rows[0]["estimate"] == SHOWN.estimate and rows[0]["pairs"] == SHOWN.pairs
    assert all(rows[1][name] is None for name in NUMBERS)
    assert rows[1]["group"] == HIDDEN.group


@pytest.mark.usefixtures("home")
def test_the_three_formats_agree(told):
    wanted = ("--measure", "cross_group_share", "--group", "all")
    table, text, records = (
        told("show", *wanted, "--format", kind)[1] for kind in ("table", "csv", "json")
    )
    (row,) = as_csv(text)
    assert row == {name: str(value) for name, value in json.loads(records)[0].items()}
    head, line = (re.split(r" {2,}", each) for each in table.splitlines())
    assert head == COLUMNS.split(",")
    assert line == list(row.values())


@pytest.mark.usefixtures("home")
def test_a_question_is_answered_with_the_cells_that_match_it_alone(told):
    rows = as_csv(told("show", "--period", "2026-Q1", "--format", "csv")[1])
    assert [row["group"] for row in rows] == ["w"]
    rows = as_csv(told("show", "--breakdown", "function", "--group", "y", "--format", "csv")[1])
    assert [row["status"] for row in rows] == ["protects"]


@pytest.mark.usefixtures("home")
def test_what_is_not_in_the_catalogue_is_answered_with_what_is(told):
    code, out, err = told("show", "--measure", "salary", "--slice", "programme=b")
    assert code == 1 and out == ""
    assert err.splitlines() == [
        "not in the catalogue of this release: measure salary, slice programme=b",
        "measures: cross_group_share",
        "slices: organisation, programme=a",
        "breakdowns: none, function",
        "periods: all, 2026-Q1",
    ]


def test_the_list_names_each_release_and_marks_the_one_served(told, home):
    _, out, _ = told("list")
    first, second = (make_contents(number) for number in (1, 2))
    assert out.splitlines() == [
        f"{first.identity()}  {first.about['built_at']}",
        f"{second.identity()}  {second.about['built_at']}  current",
    ]
    told("rollback")
    assert "current" in told("list")[1].splitlines()[0]


@pytest.mark.usefixtures("home")
def test_going_back_says_which_release_is_served_now(told):
    first, second = (make_contents(number) for number in (1, 2))
    code, out, _ = told("rollback")
    assert (code, out) == (
        0,
        f"now serving release {first.identity()} of {first.about['built_at']}\n",
    )
    code, out, err = told("rollback")
    assert (code, out, err) == (1, "", "the current release is the oldest on the shelf\n")
    code, _, err = told("rollback", "nothing")
    assert code == 1
    assert err == (
        f"no release nothing on the shelf; there are {first.identity()}, {second.identity()}\n"
    )


@pytest.mark.parametrize("command", ["list", "show", "rollback"])
def test_an_empty_home_is_answered_in_words(told, tmp_path, monkeypatch, command):
    monkeypatch.setenv("WEFT_HOME", str(tmp_path))
    code, out, err = told(command)
    assert code == 1 and out == ""
    assert err.startswith("there is no release in ")


@pytest.mark.parametrize("command", ["list", "show", "rollback"])
def test_a_damaged_list_is_answered_in_words(told, home, command):
    (home / "releases" / POINTER).write_text("{", encoding="utf-8")
    code, out, err = told(command)
    assert code == 1 and out == ""
    assert err == "the list of releases, current.json, is damaged; build a new one\n"


def test_a_setting_below_the_floor_is_answered_in_words(told, home, monkeypatch):
    monkeypatch.setenv("WEFT_MINIMUM_PEOPLE", "4")
    code, out, err = told("show")
    assert code == 1 and out == ""
    assert err.startswith("minimum_people is 4;")


def test_the_sample_release_is_printed_as_documented(sample_home, monkeypatch, capsys):
    monkeypatch.setenv("WEFT_HOME", str(sample_home))
    assert main(["show", "--format", "csv"]) == 0
    rows = as_csv(capsys.readouterr().out)
    cells = open_current(sample_home / "releases").contents.cells
    assert Counter(row["status"] for row in rows) == Counter(cell.status for cell in cells)
    assert {row["status"] for row in rows} <= STATUSES
    for row in rows:
        numbered = [name for name in NUMBERS if row[name]]
        if row["status"] in ("small", "protects"):
            assert not numbered and row["printed"] == "hidden"
        elif row["status"] == "undefined":
            assert not {"estimate", "low", "high", "expected"} & set(numbered)
        else:
            assert {"estimate", "low", "high", "people"} <= set(numbered)
            assert float(row["low"]) <= float(row["estimate"]) <= float(row["high"])


def test_the_module_runs_as_a_command(home):
    done = subprocess.run(
        [sys.executable, "-m", "release", "show", "--format", "csv"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[0] == COLUMNS
