"""Intakes beside each other: the rates of people by the quarter in which they began."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy

import numpy as np

from builder.cells import CellKey, Draft, published, unjudged
from builder.cohort_fields import FEWEST, RATE, RATES, Field, Quantity
from builder.cohorts import family_cells
from builder.equity_sums import ANY_INTAKE, OWN_INTAKE, EquityData, Outcome
from builder.items import HIDDEN_FIRST, SummedGate
from builder.locations import RATE_OF, compared_rates
from builder.places import ALL_TIME, ORGANISATION, Slice
from builder.whole import WholeRun
from disclosure.gate import Verdict
from metrics import measure
from metrics.cohorts.funnel import overdispersion
from metrics.definition import Sensitivity
from release.contents import Cell, Group
from release.wording import inside_sentence
from store.equity import COMPLETION

INTAKE = "intake"
UNIT, TOGETHER = "unit", "units"
"""The breakdowns under which stand the names of what is compared; as of locations."""
EVERY = Slice(INTAKE, 0, "intakes", "all intakes")
Family = tuple[Slice, tuple[Slice, ...]]


def intake_families(run: WholeRun) -> tuple[Family, ...]:
    """Return each programme with its intakes, then all programmes together with theirs."""
    listed = run.intakes
    found = [
        (_whole(programme), tuple(_intake(programme, number) for number in numbers))
        for programme in run.places.of_level("programme")
        if (numbers := listed.get(programme.number))
    ]
    every = tuple(_intake(None, number) for number in listed.get(0, ()))
    return (*found, (EVERY, every)) if every else ()


def _whole(programme: Slice) -> Slice:
    code = programme.key.partition("=")[2]
    label = f"all intakes of {programme.label}"
    return Slice(INTAKE, programme.number, f"{EVERY.key}={code}", label, programme.key)


def _intake(programme: Slice | None, number: int) -> Slice:
    year, quarter = divmod(number, 4)
    day = f"{year}-Q{quarter + 1}"
    if programme is None:
        label = f"the intake of {quarter_name(number)}"
        return Slice(INTAKE, number, f"{INTAKE}={day}", label, ORGANISATION)
    code = programme.key.partition("=")[2]
    label = f"the {programme.label} intake of {quarter_name(number)}"
    return Slice(INTAKE, number, f"{INTAKE}={code}.{day}", label, programme.key)


def quarter_name(number: int) -> str:
    """Return a quarter as it is written: Q2 2025."""
    return f"Q{number % 4 + 1} {number // 4}"


def intake_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of intakes, and of all of a programme; short as they stand on an axis."""
    sort = 0
    for whole, members in intake_families(run):
        yield Group(breakdown=TOGETHER, key=whole.key, label=whole.label, short=whole.label,
                    sort=whole.number)  # fmt: skip
        for member in members:
            sort += 1
            yield Group(breakdown=UNIT, key=member.key, label=member.label,
                        short=quarter_name(member.number), sort=100 + sort)  # fmt: skip


def intake_cells(
    run: WholeRun, data: EquityData, gates: Mapping[Outcome, SummedGate]
) -> Iterator[Cell]:
    """Yield the rates of intakes beside each other, once all gaps between groups have been told.

    An intake is a trait of a person, so it asks the gate of its outcome after everything that is
    shown of groups, and after the programmes and cohorts whose rates are published already: what
    would single out those who were in a cohort before, or who joined it late, stays hidden.
    Intakes of all programmes are judged as one family, those of the organisation by themselves.
    """
    families: dict[bool, list[Field]] = {False: [], True: []}
    for outcome, gate in gates.items():
        key = RATE_OF.get(outcome.code)
        if key is None:
            continue
        both = gates_of_places(run, gate)
        made = [
            field
            for whole, members in intake_families(run)
            if (field := _field(run, data, both, outcome, whole, members)) is not None
        ]
        for together in families:
            own = [field for field in made if (field.whole is EVERY) == together]
            phi = overdispersion(np.concatenate([f.given.scores for f in own])) if own else 1.0
            families[together] += [field.widened(phi) for field in own]
    for family in families.values():
        yield from family_cells(run, family)


def gates_of_places(run: WholeRun, gate: SummedGate) -> tuple[SummedGate, SummedGate]:
    """Return two gates that have to agree: one asked for every place, one told of what is out.

    The rates of places are operational and published by a rule of their own, so a gate that refuses
    one of them would not know it is out; a gate that was only told takes what follows from such a
    place for granted. Each sees what the other does not.
    """
    told = deepcopy(gate)
    least = run.thresholds.least(Sensitivity.OPERATIONAL)
    for slice_ in run.places.slices:
        gate.offer(slice_)
        if told.people(told.members(slice_)) >= least:
            told.count(slice_)
    return gate, told


def _offer(gates: Sequence[SummedGate], inside: Slice, kind: str, number: int) -> Verdict:
    verdicts = {gate.offer(inside, 0, kind, number) for gate in gates}
    return next(verdict for verdict in HIDDEN_FIRST if verdict in verdicts)


def _field(
    run: WholeRun,
    data: EquityData,
    gates: Sequence[SummedGate],
    outcome: Outcome,
    whole: Slice,
    members: Sequence[Slice],
) -> Field | None:
    """Return one rate of the intakes of a whole beside that of them together."""
    if len(members) < FEWEST:
        return None
    table = data.intake_table(outcome, whole.number)
    inside = run.places.slices[0] if whole is EVERY else _programme(run, whole)
    kind = ANY_INTAKE if whole is EVERY else OWN_INTAKE
    sums = [table.sums(position, 0) for position in range(len(members))]
    drafts = [
        Draft(
            key=CellKey(
                "equity_rate", member, ALL_TIME, RATE, INTAKE, outcome.code,
                (inside_sentence(outcome.label), member.label),
            ),
            result=measure("equity_rate").compute(own, ()),
            verdict=_offer(gates, inside, kind, member.number),
            sensitivity=Sensitivity.ATTITUDE,
            thresholds=run.thresholds,
        )
        for member, own in zip(members, sums, strict=True)
    ]  # fmt: skip
    cells = tuple(unjudged(drafts, published(drafts)))
    key = RATE_OF[outcome.code]
    quantity = Quantity("cohort_rate", key, RATE, key, RATES[key], sensitivity=Sensitivity.ATTITUDE)
    results = [draft.result for draft in drafts]
    given = compared_rates(sums, results, cells, by_pairing=outcome.code == COMPLETION)
    return Field(quantity, whole, tuple(members), cells, given)


def _programme(run: WholeRun, whole: Slice) -> Slice:
    return next(one for one in run.places.of_level("programme") if one.number == whole.number)
