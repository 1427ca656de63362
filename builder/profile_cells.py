"""Cells of the kinds of participation: how common, what is done in them, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from builder.cells import CellKey, Draft, judged
from builder.items import cut_breakdown, cut_group
from builder.places import ALL_TIME
from builder.profiles import GroupShares, HabitOfKind, Kinds, find_kinds
from builder.whole import WholeRun
from disclosure.gate import Verdict
from disclosure.printing import outer_interval
from disclosure.verdicts import ABOVE, BELOW, NOISE
from metrics import measure
from metrics.definition import Result, Sensitivity, undefined
from metrics.engagement.measures import ComparedShare
from metrics.profiles.describing import HIGH, LOW, TYPICAL, cramers_v, level, traits
from metrics.profiles.measures import Association
from release.contents import Cell, Group

PROFILE, HABIT, NEW = "profile", "habit", "new"
SHARE, OF_HABIT, BY_GROUP, ASSOCIATION = (
    "profile_share", "profile_habit", "profile_share_by_group", "profile_association",
)  # fmt: skip
MOST_KINDS = 7
VERDICTS = {LOW: BELOW, TYPICAL: NOISE, HIGH: ABOVE}
AS_MOST = "takes part as most do"
MORE_SO = ("", ", more so", ", most so")
"""What tells kinds of the same name apart, the one nearest to everybody first."""
NAMES: dict[str, dict[str, str]] = {
    "meeting": {LOW: "meets less than others", HIGH: "meets more than others"},
    "dates": {LOW: "fewer dates take place", HIGH: "more dates take place"},
    "feedback": {LOW: "gives little feedback", HIGH: "gives much feedback"},
    "partners": {LOW: "meets the same partners again", HIGH: "meets ever new partners"},
    "trend": {LOW: "meets less than at first", HIGH: "meets more than at first"},
    "silence": {LOW: "has not met lately", HIGH: "met lately"},
}
"""What a kind is named after, by habit and level."""
HABIT_LABELS = {
    "meeting": ("Meets in a cycle", "Meets"),
    "dates": ("Dates take place", "Dates held"),
    "feedback": ("Gives feedback", "Feedback"),
    "partners": ("Meets somebody new", "New partners"),
    "trend": ("Meets later on", "Later on"),
    "silence": ("Met lately", "Met lately"),
}
"""Each habit in the table, and as it heads a column."""
HABIT_WORDS = {
    "meeting": "of cycles had a meeting",
    "dates": "of dates took place",
    "feedback": "of conversations got feedback",
    "partners": "of meetings were with somebody new",
    "trend": "of the later cycles had a meeting",
    "silence": "of people met lately",
}
LITTLE_DIFFERENCE = "people differ in this by little more than chance"


def profile_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield the kinds of participation, or why there are none, and who is too new for one."""
    kinds = find_kinds(run)
    yield from _newcomers(run, kinds)
    if kinds.reason:
        everybody = kinds.people + kinds.newcomers
        yield from judged([_draft(run, _key(run), undefined(kinds.reason, people=everybody))])
    names = kind_names(kinds)
    yield from _shares(run, kinds, names)
    yield from _habits(run, kinds, names)
    for attribute, groups in kinds.groups.items():
        yield from _by_group(run, kinds, names, attribute, groups)


def profile_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of kinds and habits; what a kind is called in words is its phrase."""
    for number in range(MOST_KINDS):
        name = f"Kind {number + 1}"
        yield _group(PROFILE, kind_key(number), (name, name), number)
    yield _group(PROFILE, NEW, ("Too new for a kind", "Too new"), MOST_KINDS)
    for number, (key, labels) in enumerate(HABIT_LABELS.items()):
        yield _group(cut_breakdown(PROFILE, HABIT), key, labels, number)


def _group(breakdown: str, key: str, labels: tuple[str, str], sort: int) -> Group:
    return Group(breakdown=breakdown, key=key, label=labels[0], short=labels[1], sort=sort)


def kind_key(number: int) -> str:
    """Return the group of a kind; the first is the most common one."""
    return f"kind-{number + 1}"


def kind_names(kinds: Kinds) -> list[str]:
    """Return what each kind is called: the habits in which it is furthest from everybody."""
    keys = list(kinds.habits)
    if not kinds.counts:
        return []
    far = np.array([[one.distance for one in kinds.habits[key]] for key in keys]).T
    names = [
        ", ".join(NAMES[keys[position]][which] for position, which in found) or AS_MOST
        for found in traits(far)
    ]
    return _told_apart(names, np.linalg.norm(far, axis=1))


def _told_apart(names: Sequence[str], far: np.ndarray) -> list[str]:
    """Return names of which no two are the same: of kinds alike, the further one is so more."""
    told = list(names)
    for name in set(names):
        alike = [number for number, other in enumerate(names) if other == name]
        for turn, number in enumerate(sorted(alike, key=lambda number: far[number])):
            words = MORE_SO[turn] if turn < len(MORE_SO) else f" ({turn + 1})"
            told[number] = f"{name}{words}"
    return told


def _key(run: WholeRun, name: str = "", **facts: object) -> CellKey:
    base = {
        "measure": SHARE,
        "slice": run.places.slices[0],
        "when": ALL_TIME,
        "breakdown": PROFILE,
        "group_labels": (name,) if name else (),
    }
    return CellKey(**(base | facts))


def _draft(
    run: WholeRun,
    key: CellKey,
    result: Result,
    verdict: Verdict = Verdict.SHOWN,
    sensitivity: Sensitivity = Sensitivity.OPERATIONAL,
) -> Draft:
    return Draft(key, result, verdict, sensitivity, run.thresholds)


def _computed(key: CellKey, given: ComparedShare | Association) -> Result:
    return measure(key.measure).compute(given, ())


def _newcomers(run: WholeRun, kinds: Kinds) -> Iterator[Cell]:
    everybody = kinds.people + kinds.newcomers
    key = _key(run, "too new for a kind", group=NEW)
    share = kinds.newcomers / everybody if everybody else 0.0
    given = ComparedShare(share=share, people=everybody, trials=everybody)
    yield from judged([_draft(run, key, _computed(key, given))])


def _error(share: float, *people: int) -> float:
    """Return the standard deviation of the difference of two shares of so many people."""
    spread = max(share * (1 - share), 0.25 / max(people))
    return float(np.sqrt(spread * sum(1 / number for number in people)))


def _shares(run: WholeRun, kinds: Kinds, names: Sequence[str]) -> Iterator[Cell]:
    """Yield how common each kind is, beside a quarter earlier, and how common it was then."""
    now, then, before = [], [], sum(kinds.earlier)
    quarters = run.places.quarters
    for number, (count, name) in enumerate(zip(kinds.counts, names, strict=True)):
        share = count / kinds.people
        given = ComparedShare(share=share, people=kinds.people, trials=kinds.people)
        key = _key(run, name, group=kind_key(number))
        if before:
            usual = kinds.earlier[number] / before
            given = replace(given, expected=usual, error=_error(usual, kinds.people, before))
            old = replace(key, when=quarters[-2])
            past = ComparedShare(share=usual, people=before, trials=before)
            then.append(_draft(run, old, _computed(old, past)))
        words = f"found again among resampled people: overlap {kinds.overlap[number]:.2f} of 1"
        now.append(_draft(run, key, replace(_computed(key, given), reason=words)))
    for cell, name in zip([*judged(now), *judged(then)], [*names, *names], strict=False):
        yield replace(cell, phrase=name)


def _habits(run: WholeRun, kinds: Kinds, names: Sequence[str]) -> Iterator[Cell]:
    """Yield what the people of each kind do, with its level as verdict; then what tells none."""
    breakdown = cut_breakdown(PROFILE, HABIT)
    for habit, found in kinds.habits.items():
        for number, one in enumerate(found):
            yield _habit(run, kinds.counts[number], names[number], number, habit, one)
    for habit in kinds.left_out:
        key = _key(run, HABIT_LABELS[habit][0], measure=OF_HABIT, breakdown=breakdown, group=habit)
        why = undefined(LITTLE_DIFFERENCE, people=kinds.people)
        yield from judged([_draft(run, key, why)])


def _habit(
    run: WholeRun, people: int, name: str, number: int, habit: str, one: HabitOfKind
) -> Cell:
    group = cut_group(kind_key(number), habit)
    key = _key(run, name, measure=OF_HABIT, breakdown=cut_breakdown(PROFILE, HABIT), group=group)
    key = replace(key, group_labels=(name, HABIT_WORDS[habit]))
    given = ComparedShare(share=one.share, people=people, trials=people, expected=one.usual)
    result = replace(_computed(key, given), expected_error=None)
    (cell,) = judged([_draft(run, key, result)])
    if not cell.is_drawn:
        return cell
    which = level(one.distance)
    behind = cell.behind
    if one.middle is not None:
        behind = f"{behind}; half of them {outer_interval(*one.middle)}"
    words = f"{cell.sentence.rstrip('.')}: {which}."
    # the level is the verdict of this measure: kinds are made of habits, so none can be by chance
    return replace(cell, phrase=which, verdict=VERDICTS[which], behind=behind, sentence=words)


def _by_group(
    run: WholeRun,
    kinds: Kinds,
    names: Sequence[str],
    attribute: str,
    groups: Sequence[GroupShares],
) -> Iterator[Cell]:
    """Yield the kinds within each group beside everybody, and how far they follow the groups."""
    label = next(own.breakdown.label for own in run.runs if own.breakdown.attribute == attribute)
    breakdown = cut_breakdown(PROFILE, attribute)
    drafts = []
    for number, name in enumerate(names):
        overall = kinds.counts[number] / kinds.people
        for group in groups:
            key = _key(
                run,
                name,
                measure=BY_GROUP,
                breakdown=breakdown,
                breakdown_label=label,
                group=cut_group(kind_key(number), group.code),
                among=f"people whose {label} is {group.label}",
            )
            people = sum(group.counts)
            result = undefined("nobody of this group has three cycles")
            if people:
                given = ComparedShare(
                    share=group.counts[number] / people,
                    people=people,
                    trials=people,
                    expected=overall,
                    error=_error(overall, people),
                )
                result = _computed(key, given)
            drafts.append(_draft(run, key, result, group.verdict, Sensitivity.ATTITUDE))
    cells = list(judged(drafts))
    yield from cells
    yield from _association(run, label, breakdown, cells, len(groups))


def _association(
    run: WholeRun, label: str, breakdown: str, cells: Sequence[Cell], groups: int
) -> Iterator[Cell]:
    """Yield Cramér's V, worked out from what is published alone."""
    table = np.array([cell.estimate for cell in cells], dtype=float).reshape(-1, groups).T
    people = np.array([cell.people for cell in cells[:groups]], dtype=float)
    shown = np.isfinite(table).all(axis=1) & (people > 0)
    key = _key(run, label, measure=ASSOCIATION, breakdown=breakdown, breakdown_label=label)
    given = Association(
        value=cramers_v(list(table[shown]), people[shown]), people=int(people[shown].sum())
    )
    sensitivity = Sensitivity.ATTITUDE
    yield from judged([_draft(run, key, _computed(key, given), sensitivity=sensitivity)])
