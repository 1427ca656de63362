"""Cells of what may be claimed: did it matter with whom people talked, and since they began."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from builder.catalogue import CLAIM_LEVELS
from builder.cells import CellKey, Draft, judged
from builder.evidence import Evidence, Skill
from builder.items import cut_breakdown
from builder.places import ALL_TIME, Slice
from builder.rated import RATERS
from builder.whole import WholeRun
from disclosure.claim_words import with_claim_words
from disclosure.gate import Verdict
from metrics import measure
from metrics.claims.ladder import Rung
from metrics.claims.measures import CONVERSATIONS
from metrics.definition import Result, Sensitivity, undefined
from release.contents import Cell
from release.wording import inside_sentence
from store import lots

RUNGS = {
    "growth_by_lottery": Rung.CAUSED,
    "growth_since_start": Rung.TRENDS,
    "growth_within_person": Rung.ASSOCIATED,
    "growth_with_conversations": Rung.ASSOCIATED,
    "growth_by_modality": Rung.ASSOCIATED,
}
NOT_BY_LOT = "partners were not drawn by lot here{recorded}"
NO_POOLS = "partners were drawn by lot, but who could have been drawn with whom was not recorded"


def claim_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield the claims on growth, the strongest rung first."""
    evidence = Evidence(run)
    if not evidence.rater or not evidence.skills:
        return
    whole = run.places.slices[0]
    since = _computed("growth_since_start", evidence.rollout_evidence)
    yield from family(run, evidence, "growth_since_start", whole, since)
    held = partial(evidence.dose_evidence, doses=(evidence.held,), weights=(CONVERSATIONS,))
    key = "growth_with_conversations"
    yield from family(run, evidence, key, whole, _computed(key, held))
    for number in range(len(run.runs)):
        yield from _by_lottery(run, evidence, number)
        doses, weights = evidence.conversations(number), (-CONVERSATIONS, CONVERSATIONS)
        made = partial(evidence.dose_evidence, doses=doses, weights=weights)
        key = "growth_within_person"
        yield from family(run, evidence, key, whole, _computed(key, made), number)


def _computed(key: str, made: Callable[..., object]) -> Callable[..., Result]:
    """Return what computes a measure of the evidence on a skill, once for the same evidence."""
    return cache(lambda *what: measure(key).compute(made(*what), ()))


def _by_lottery(run: WholeRun, evidence: Evidence, number: int) -> Iterator[Cell]:
    key = "growth_by_lottery"
    result_of = _computed(key, partial(evidence.lottery_evidence, attribute=number))
    for level in CLAIM_LEVELS:
        for slice_ in run.places.of_level(level):
            if evidence.has_lotteries(slice_):
                programme = evidence.programme_of(slice_)
                here = partial(_at, result_of, programme)
                yield from family(run, evidence, key, slice_, here, number)
            else:
                nothing = undefined(_no_lottery(evidence, slice_), people=evidence.rated_twice)
                yield from judged([_draft(run, evidence, key, slice_, None, nothing, number)])


def _at(result_of: Callable[[Skill, int], Result], programme: int, skill: Skill) -> Result:
    return result_of(skill, programme)


def _no_lottery(evidence: Evidence, slice_: Slice) -> str:
    """Return why nothing can be said of a lottery here."""
    methods = sorted({method for code, method in evidence.methods if _is_in(code, slice_)})
    if lots.DRAWN in methods:
        return NO_POOLS
    words = " or ".join(method.replace("_", " ") for method in methods)
    return NOT_BY_LOT.format(recorded=f"; recorded is: {words}" if words else "")


def _is_in(programme_id: str, slice_: Slice) -> bool:
    return not slice_.number or slice_.key == f"programme={programme_id}"


def family(
    run: WholeRun,
    evidence: Evidence,
    key: str,
    slice_: Slice,
    result_of: Callable[[Skill], Result],
    attribute: int | None = None,
) -> Iterator[Cell]:
    """Yield one claim on every skill, judged together; one refusal where all have the same."""
    results: list[tuple[Skill | None, Result]] = [
        (skill, result_of(skill)) for skill in evidence.skills
    ]
    reasons = {result.reason for _, result in results}
    if len(reasons) == 1 and reasons != {""}:
        results = [(None, max((result for _, result in results), key=_people))]
    drafts = [
        _draft(run, evidence, key, slice_, skill, result, attribute) for skill, result in results
    ]
    yield from judged(drafts, partial(with_claim_words, rung=RUNGS[key]))


def _people(result: Result) -> int:
    return result.people


def _draft(
    run: WholeRun,
    evidence: Evidence,
    key: str,
    slice_: Slice,
    skill: Skill | None,
    result: Result,
    attribute: int | None,
) -> Draft:
    breakdown = None if attribute is None else run.runs[attribute].breakdown
    return Draft(
        key=CellKey(
            measure=key,
            slice=slice_,
            when=ALL_TIME,
            breakdown=cut_breakdown("skill", breakdown.attribute if breakdown else ""),
            breakdown_label=breakdown.label if breakdown else "",
            group=skill.code if skill else "",
            group_labels=(inside_sentence(skill.label),) if skill else (),
            by=RATERS[evidence.rater],
        ),
        result=result,
        # what a claim needs beyond enough people, no single person deciding, is in its metric, and
        # why it is not for the gate of an item in docs/decisions/0008
        verdict=Verdict.SHOWN,
        sensitivity=breakdown.sensitivity if breakdown else Sensitivity.ATTITUDE,
        thresholds=run.thresholds,
    )
