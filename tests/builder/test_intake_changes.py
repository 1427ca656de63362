"""Intakes ask the gate of an item last: what would single out those who came late stays hidden."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from builder.cohort_fields import SKILL, Quantity
from builder.intake_changes import known_to_gate, offered_intakes
from builder.items import PAIRED, ItemGate
from builder.places import Slice
from disclosure.gate import Verdict
from disclosure.thresholds import Thresholds
from store.intakes import INTAKE

EARLY, LATE = 8100, 8101
WHOLE = Slice("organisation", 0, "organisation", "Whole organisation")
ALPHA, BETA = (
    Slice("programme", number, f"programme={code}", code, "organisation")
    for number, code in enumerate(("alpha", "beta"), 1)
)
QUANTITY = Quantity("cohort_change", "skill_gain", SKILL, "empathy", "empathy", scale=(1, 5))
PLACES = SimpleNamespace(
    slices=(WHOLE, ALPHA, BETA),
    of_level=lambda level: (ALPHA, BETA) if level == "programme" else (),
)


def organisation(late: int) -> SimpleNamespace:
    """Return a run in which so many of 120 people of one programme came late."""
    return SimpleNamespace(
        attributes=(),
        places=PLACES,
        intakes={0: (EARLY, LATE), 1: (EARLY, LATE), 2: (EARLY,)},
        patterns=pd.DataFrame(
            [(1, 120 - late, 1, 1, PAIRED, EARLY, EARLY), (2, late, 1, 1, PAIRED, LATE, LATE),
             (3, 90, 2, 2, PAIRED, EARLY, EARLY)],
            columns=["pattern_no", "people", "programme_no", "cohort_no", "period_no", "g0", "g1"],
        ),
    )  # fmt: skip


def verdicts(late: int) -> dict[tuple[int, int], Verdict]:
    """Return what the gate says of intakes by programme (0: all) and quarter, the whole told."""
    run = organisation(late)
    gate = ItemGate(run.patterns, Thresholds(), known_to_gate(run), least=50)
    told = [gate.offer(slice_, PAIRED) for slice_ in (WHOLE, ALPHA, BETA)]
    assert told == [Verdict.SHOWN] * 3
    found = {}

    def draft_of(member: Slice, place: tuple[int, int, int], verdict: Verdict) -> SimpleNamespace:
        assert place[0] == INTAKE and place[2] == member.number
        found[place[1:]] = verdict
        return SimpleNamespace(key=SimpleNamespace(slice=member))

    assert len(list(offered_intakes(run, gate, QUANTITY, draft_of))) == 2
    return found


@pytest.mark.parametrize(
    ("late", "early_shown", "late_shown"),
    [
        (3, Verdict.PROTECTS, Verdict.SMALL),
        (30, Verdict.SHOWN, Verdict.SMALL),
        (60, Verdict.SHOWN, Verdict.SHOWN),
    ],
)
def test_an_intake_that_leaves_few_of_its_programme_is_hidden(late, early_shown, late_shown):
    """Expected by hand: 120 less the early ones are the late ones, of whom five are the fewest.

    Over all programmes the early ones are those of both, and leave the same few.
    """
    found = verdicts(late)
    assert found == {
        (1, EARLY): early_shown, (1, LATE): late_shown,
        (0, EARLY): early_shown, (0, LATE): late_shown,
    }  # fmt: skip
