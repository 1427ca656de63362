"""Crossing by intake: whether people who began together meet across groups against a lottery."""

from __future__ import annotations

from metrics.connection.cross_group import NO_CROSSING
from metrics.connection.crossing import Crossing
from metrics.connection.judging import no_ratio, over_lottery
from metrics.connection.lottery import outside_shares
from metrics.connection.teams import UnitContacts, crossing_variance
from metrics.connection.where import shared_result
from metrics.definition import Measure, Part, Result, Sensitivity, Unit, undefined

NO_CONTACTS = "nobody who began then had a conversation with a known partner"


def cross_group_ratio_by_intake(contacts: UnitContacts, part: Part = ()) -> Result:
    """Return the cross-group share of an intake's contacts over the share a lottery would give.

    Parameters
    ----------
    contacts : UnitContacts
        Contacts of the intake's people, with whomever, and the lotteries they were drawn in.
    part : Part
        Ignored; the contacts belong to an intake.

    Returns
    -------
    Result
        1 = as a lottery inside each stratum (null N2) gives the same people; ``base`` = the
        expected share, taken as known, so that the interval is that of the share divided by it.
        Undefined without contacts, where nobody could cross or had a choice, and where fewer than
        one contact across groups is expected; too few below five.
    """
    moments = contacts.contacts
    if moments.denominator == 0:
        return undefined(NO_CONTACTS, people=contacts.people, pairs=0)
    found = _crossing(contacts)
    reason = no_ratio(found, NO_CROSSING)
    if reason:
        return undefined(reason, people=found.people, pairs=found.pairs)
    return over_lottery(shared_result(moments, contacts.people), found)


def _crossing(contacts: UnitContacts) -> Crossing:
    """Return the weighted contacts across groups, with the moments that `team_reach` has."""
    outside = outside_shares(contacts.stubs, contacts.stubs_squared)
    variance = crossing_variance(contacts)
    return Crossing(
        observed=contacts.contacts.numerator,
        total=contacts.contacts.denominator,
        expected=float((contacts.unit_weights * outside).sum()),
        variance=float(variance.sum()),
        informative=round(contacts.unit_stubs[variance > 0].sum()),
        pairs=contacts.pairs,
        people=contacts.people,
    )


CROSS_GROUP_RATIO_BY_INTAKE = Measure(
    key="cross_group_ratio_by_intake",
    title="Crossing against a lottery, by intake",
    question="Do people who began in the same quarter meet across groups more than by lottery?",
    reads="unit contacts",
    compute=cross_group_ratio_by_intake,
    unit=Unit.SHARE_RATIO,
    sensitivity=Sensitivity.ATTITUDE,
    better="higher",
    definition=(
        "Of the contacts that the people of an intake had in completed conversations, the share "
        "across groups, divided by the share that a lottery would give the same people in the same "
        "rounds. An intake is everybody whose first enrolment, in a programme or in any, began in "
        "one quarter; whomever they met counts, of that intake or not."
    ),
    caveat=(
        "An intake is not a cohort: whoever came again counts where they began, with all that they "
        "did since. Intakes of the whole organisation mix programmes, whose rules of matching "
        "differ. Early intakes had more time."
    ),
    source=(
        "As crossing against a lottery, of a unit's contacts; moments of a random matching inside "
        "strata; interval: Wilson 1927 with the dyad-robust variance of Fafchamps & Gubert 2007."
    ),
)
