"""What asks for a decision, over all pages: at most three things, each with what to try."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from release import Cell, Release
from release.wording import inside_sentence
from ui.actions import Finding, actions_for
from ui.answers import ORGANISATION, across, is_finding
from ui.compared import differing, inside, unit_label
from ui.compared import name_of as name_of_compared
from ui.pictures.engagement import has_ended, name_of, quiet, telling_outcomes
from ui.pictures.equity import Gap, equity_gaps
from ui.place_names import place_names
from ui.signs import whole_quarters
from ui.taking_on import COHORTS, ENGAGEMENT
from ui.words import capital, coloured, plain, safe

MOST = 3
CONNECTION, GROWTH = "connection", "growth"
STEPS = ("matching_factor", "uptake_factor", "continuation_factor")
"""Steps that can put people below a lottery among those available."""
TURNS = "reverses"
"""What is published of a gap that is the other way round between people alike."""
CHANGES = (("skill_gain", "skill"), ("scale_change", "scale"))


@dataclass(frozen=True)
class Worry:
    """Something that falls short beyond noise, where to look closer, and what to try."""

    words: str
    """What is wrong, as a sentence without its full stop, with one coloured phrase."""
    slice: str
    key: str
    actions: tuple[str, ...]
    page: str
    """The page that tells more."""
    kept_on: str
    """The page on which a plan for it stands."""
    link: tuple[tuple[str, str], ...] = ()
    """What is chosen on that page."""
    more: str = ""
    """What ends the sentence where it stands by itself, such as what it is compared with."""

    @property
    def heading(self) -> str:
        """Return the whole sentence."""
        return f"{self.words}{self.more}."

    @property
    def finding(self) -> Finding:
        """Return it as something that can be taken on."""
        return Finding(plain(self.words), self.slice, self.key, self.actions)


@lru_cache(maxsize=8)
def worries(release: Release) -> tuple[Worry, ...]:
    """Return what falls short beyond noise: the first of each kind, the most pressing kind first.

    Of one kind several may stand out; its own page names them all.
    """
    found = [next(make(release), None) for make in KINDS]
    return tuple(worry for worry in found if worry is not None)[:MOST]


def _going_quiet(release: Release) -> Iterator[Worry]:
    """Yield cohorts that are going quiet and have not ended."""
    for cohort, cell in quiet(release, ORGANISATION).items():
        if not has_ended(cell):
            words = f"has been {coloured('going quiet', 'below')} {safe(cell.phrase)}"
            yield _alarm(release, cohort, words)


def _went_quiet(release: Release) -> Iterator[Worry]:
    """Yield cohorts that were going quiet when they ended, from which the next may learn."""
    for cohort, cell in quiet(release, ORGANISATION).items():
        if has_ended(cell):
            words = f"had been {coloured('going quiet', 'below')} {safe(cell.phrase)}"
            yield _alarm(release, cohort, words, " when it ended; learn from it for the next one")


def _alarm(release: Release, cohort: str, words: str, more: str = "") -> Worry:
    reasons = [outcome.group for outcome in telling_outcomes(release, cohort)]
    return Worry(
        words=f"{name_of(release, cohort)} {words}",
        slice=cohort,
        key="cohort_alarm",
        actions=tuple(actions_for(reasons or ["cohort_alarm"])),
        page=ENGAGEMENT,
        kept_on=ENGAGEMENT,
        link=(("slice", cohort),),
        more=more,
    )


def _below_lottery(release: Release) -> Iterator[Worry]:
    """Yield programmes in which people meet across groups less than a lottery gives."""
    found = [
        cell
        for slice_ in release.slices
        if slice_.startswith("programme=")
        for attribute in release.breakdowns
        for cell in [release.cell("cross_group_ratio", slice_, attribute)]
        if is_finding(cell) and cell.verdict == "below"
    ]
    for cell in sorted(found, key=lambda cell: cell.estimate):
        programme = safe(place_names(release)[cell.slice])
        often = coloured(cell.phrase, "below")
        own = across(release, cell.breakdown)
        yield Worry(
            words=f"In {programme}, people meet across {own} {often}",
            slice=cell.slice,
            key=cell.breakdown,
            actions=tuple(actions_for([*_steps_below(release, cell), "ratio_below"])),
            page=CONNECTION,
            kept_on=COHORTS,
            link=(("attribute", cell.breakdown), ("slice", cell.slice)),
            more=" than a lottery would give",
        )


def _steps_below(release: Release, cell: Cell) -> list[str]:
    """Return the steps that take away, the first of them first."""
    found = [(key, release.cell(key, cell.slice, cell.breakdown)) for key in STEPS]
    return [f"{key}_below" for key, one in found if one is not None and one.verdict == "below"]


def _falling(release: Release) -> Iterator[Worry]:
    """Yield skills and scales that fall among the same people."""
    found = [
        (breakdown, cell)
        for measure, breakdown in CHANGES
        for cell in release.by_group(measure, ORGANISATION, breakdown)
        if cell.verdict == "below"
    ]
    for breakdown, cell in sorted(found, key=lambda one: one[1].estimate):
        name = safe(release.groups(breakdown)[cell.group].label)
        size = safe(cell.printed.lstrip("+\u2212±"))
        yield Worry(
            words=f"{name} {coloured(f'fell by {size}', 'below')} among the same people",
            slice=ORGANISATION,
            key=cell.group,
            actions=tuple(actions_for(["growth_below" if breakdown == "skill" else "scale_below"])),
            page=GROWTH,
            kept_on=COHORTS,
            link=() if breakdown == "skill" else (("view", "Inclusion and safety"),),
        )


def _fewer(release: Release) -> Iterator[Worry]:
    """Yield rates whose last whole quarter is below those before it."""
    for key, what in RATES.items():
        cells = whole_quarters(release.series(key, ORGANISATION, "none"))
        if not cells or cells[-1].verdict != "below":
            continue
        share = coloured(f"only {safe(cells[-1].printed)}", "below")
        yield Worry(
            words=f"In {safe(release.periods[cells[-1].period].label)}, {share} {what}",
            slice=ORGANISATION,
            key=key,
            actions=tuple(actions_for([f"{key}_below"])),
            page=ENGAGEMENT,
            kept_on=COHORTS,
            link=(("view", "Steps and staying"),),
            more=", fewer than in earlier quarters",
        )


RATES = {
    "participation_rate": "of those who could met somebody",
    "completion_rate": "of the pairings offered were held",
    "feedback_rate": "of seats in conversations gave feedback",
}


def _differing(release: Release) -> Iterator[Worry]:
    """Yield cohorts that lie below what their size explains, and are not going quiet."""
    known = quiet(release, ORGANISATION)
    for one, cell in differing(release, ORGANISATION, "cohort"):
        if cell.verdict != "below" or cell.slice in known:
            continue
        who = safe(capital(unit_label(release, cell.slice)))
        lower = coloured(f"lower: {safe(cell.printed)}", "below")
        key = f"{one.group}_below" if one.breakdown == "rate" else one.kind
        yield Worry(
            words=f"In {who}, {inside(name_of_compared(release, one))} is {lower}",
            more=", beyond what its size explains",
            slice=cell.slice,
            key=one.key,
            actions=tuple(actions_for([key, *OF_KIND.get(one.kind, ())])),
            page=COHORTS,
            kept_on=COHORTS,
            link=(("compared", one.key), ("slice", cell.slice)),
        )


OF_KIND = {"ratio": ("ratio_below",), "points": ("growth_below",)}


def _gaps(release: Release) -> Iterator[Worry]:
    """Yield groups that reach an outcome less often than everybody else, among people alike."""
    found: list[tuple[str, Gap]] = [
        (attribute, gap)
        for attribute in release.breakdowns
        for gap in equity_gaps(release, ORGANISATION, attribute)
        if gap.shown.verdict == "below"
    ]
    for attribute, gap in sorted(found, key=lambda one: -one[1].size):
        size = safe(gap.shown.printed.lstrip("+\u2212±"))
        lower = coloured(f"{size} lower", "below")
        yield Worry(
            words=f"{_among(gap)} is {lower}",
            slice=ORGANISATION,
            key=f"gap={attribute}.{gap.outcome}.{gap.group}",
            actions=tuple(actions_for(["gap_below"])),
            page=COHORTS,
            kept_on=COHORTS,
            link=(("view", "Equity gaps"), ("attribute", attribute)),
            more=f" than for everybody else{', yet higher overall' if gap.turn == TURNS else ''}",
        )


def _among(gap: Gap) -> str:
    """Return which gap it is: as it is, or between people alike, which may be the other way."""
    if gap.shown is gap.crude:
        return safe(f"{capital(gap.outcome_name)} for {gap.group_name}")
    return safe(f"Among people alike, {inside_sentence(gap.outcome_name)} for {gap.group_name}")


KINDS: tuple[Callable[[Release], Iterator[Worry]], ...] = (
    _going_quiet,
    _below_lottery,
    _falling,
    _fewer,
    _differing,
    _gaps,
    _went_quiet,
)
"""What may ask for a decision, the most pressing first."""
