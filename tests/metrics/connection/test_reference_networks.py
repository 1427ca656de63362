"""Public networks, directed distinct ties, against values computed with igraph."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from metrics.connection.indices import krackhardt_stern_ei, newman_assortativity
from metrics.connection.measures import cross_group_share
from tests.metrics.connection.pairing_tables import REAL_DATA, count_pairings

pytestmark = pytest.mark.skipif(
    not REAL_DATA.exists(), reason="the public reference networks are not on this computer"
)

# folder, file of ties, attribute, and the names of its two values in reference_values.csv
NETWORKS = [
    ("ukfaculty", "ties.csv", "school", "cross-school share", "assortativity school"),
    (
        "mcfarland_cls33",
        "events.csv",
        "sex",
        "cross-sex share of distinct ties",
        "assortativity sex",
    ),
    (
        "viva_p2p",
        "ties.csv",
        "Organization",
        "cross-Organization share, distinct ties over 3 months",
        "assortativity Organization",
    ),
    (
        "mooced_dlt1",
        "events.csv",
        "gender",
        "cross-gender share of distinct ties",
        "assortativity gender",
    ),
]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("folder", "ties", "attribute", "share", "assortativity"),
    NETWORKS,
    ids=[each[0] for each in NETWORKS],
)
def test_share_and_assortativity_are_those_of_igraph(
    folder: str, ties: str, attribute: str, share: str, assortativity: str
) -> None:
    people = rows(REAL_DATA / folder / "people.csv")
    values = sorted({row[attribute] for row in people})
    place = {row["person_id"]: index for index, row in enumerate(people)}
    group_of = [values.index(row[attribute]) for row in people]
    arcs = {
        (place[row["from_id"]], place[row["to_id"]])
        for row in rows(REAL_DATA / folder / ties)
        if row["from_id"] != row["to_id"]
    }
    table = np.zeros((len(values), len(values)))
    for giver, receiver in arcs:
        table[group_of[giver], group_of[receiver]] += 1
    expected = {
        row["measure"]: float(row["value"])
        for row in rows(REAL_DATA / "reference_values.csv")
        if row["dataset"] == folder
    }
    found = cross_group_share(count_pairings(sorted(arcs), group_of)).estimate
    # the table prints four digits
    assert found == pytest.approx(expected[share], abs=5e-4)
    assert krackhardt_stern_ei(table) == pytest.approx(2 * expected[share] - 1, abs=1e-3)
    assert newman_assortativity(table, directed=True) == pytest.approx(
        expected[assortativity], abs=5e-4
    )
