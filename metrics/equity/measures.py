"""The measures of fairness, in the order on screen."""

from __future__ import annotations

from metrics.definition import Measure, Sensitivity, Unit
from metrics.equity.four_fifths import equity_ratio
from metrics.equity.gap import (
    equity_gap,
    equity_gap_adjusted,
    equity_gap_standardised,
    equity_rate,
)

_NO_REASON = (
    "A gap says that groups fare differently, not why, and nothing about any person in them."
)

MEASURES: tuple[Measure, ...] = (
    Measure(
        key="equity_gap",
        title="Gap to everybody else",
        question="Does a group fare differently from everybody else?",
        reads="group sums",
        compute=equity_gap,
        unit=Unit.SHARE_GAP,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "The share of a group that reached an outcome, less that of everybody else of known "
            "group, in points of a hundred. Groups are those that people had on entering. Over all "
            "programmes whoever is in several is one person, who took part if that holds of any; "
            "offers count where they were made."
        ),
        caveat=(
            f"{_NO_REASON} Where groups are spread differently over programmes and places, the gap "
            "holds their differences as well, and whoever could join more programmes had more "
            "chances to take part in any; see the gap between people alike."
        ),
        source=(
            "Interval: Newcombe 1998, with a variance clustered by person (Liang & Zeger 1986), "
            "and by both where two people share an offer (Fafchamps & Gubert 2007). Verdicts: "
            "Benjamini & Hochberg 1995 over all outcomes and groups of an attribute."
        ),
    ),
    Measure(
        key="equity_gap_adjusted",
        title="Gap between people alike",
        question="Is there still a gap between people of the same programme and place?",
        reads="group sums",
        compute=equity_gap_adjusted,
        unit=Unit.SHARE_GAP,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "The gap within each programme and place, and then averaged, with more weight where "
            "more people of both sides are; over all programmes, among people of the same ones. "
            "Offers are compared within a programme and the pool that partners come from. Places "
            "with fewer than five people on a side do not count."
        ),
        caveat=(
            f"{_NO_REASON} People are alike only in what is named here; what is true of people "
            "before they enter is taken into account, what the programme itself changed is not."
        ),
        source=(
            "Mantel-Haenszel risk difference: Cochran 1954; Greenland & Robins 1985. On gaps that "
            "turn round: Bickel, Hammel & O'Connell 1975."
        ),
    ),
    Measure(
        key="equity_gap_standardised",
        title="Gap at everybody's spread",
        question="What would the gap be if groups were spread alike over programmes and places?",
        reads="group sums",
        compute=equity_gap_standardised,
        unit=Unit.SHARE_GAP,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "The gap within each programme and place, and then averaged, each with the weight that "
            "it has among everybody (direct standardisation). The same programmes, places and "
            "people count as in the gap between people alike."
        ),
        caveat=(
            f"{_NO_REASON} It stands beside the gap between people alike, which is surer: where "
            "the two differ, the gap is not the same in all programmes and places."
        ),
        source=(
            "Direct standardisation: Fleiss 1981; Fay & Feuer 1997. Variance clustered by person "
            "(Liang & Zeger 1986), and by both where two people share an offer (Fafchamps & "
            "Gubert 2007)."
        ),
    ),
    Measure(
        key="equity_rate",
        title="Share that reached it",
        question="How many of a group reach an outcome?",
        reads="group sums",
        compute=equity_rate,
        unit=Unit.SHARE,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "People, or offers and seats of people, that reached an outcome, divided by those that "
            "could have; people by the group that they had on entering. Over all programmes "
            "whoever is in several is one person."
        ),
        caveat=(
            "Shares of groups differ by chance as well; the gap beside says by how much. The "
            "people behind offers count in each programme in which they were offered a partner."
        ),
        source="Our own definition. Interval: Wilson 1927, clustered by person.",
    ),
    Measure(
        key="equity_ratio",
        title="Rate over the highest rate",
        question="Does a group reach less than four fifths of the highest rate?",
        reads="group rates",
        compute=equity_ratio,
        unit=Unit.RATIO_DERIVED,
        sensitivity=Sensitivity.ATTITUDE,
        better="neither",
        definition=(
            "The share of a group over that of the group that fares best, which is drawn towards "
            "the average first, since the highest of several is high by luck as well. It follows "
            "from the published shares. Groups of less than 2 % of the people are left out."
        ),
        caveat=(
            "Less than four fifths is a screen for a closer look, used in the selection of "
            "applicants in the United States. It is no legal finding, here least of all, where "
            "people choose to take part."
        ),
        source=(
            "Uniform Guidelines on Employee Selection Procedures 1978; Katz et al. 1978; Efron & "
            "Morris 1975."
        ),
    ),
)
