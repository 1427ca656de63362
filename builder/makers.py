"""Everything that makes cells of a release, in the order in which it is frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from builder.answered import answer_cells, answer_names
from builder.attribute import AttributeRun
from builder.bounds import bounds_cells
from builder.change import change_cells
from builder.claims import claim_cells
from builder.cohorts import cohort_cells, cohort_names
from builder.connection import connection_cells
from builder.dropouts import dropout_cells
from builder.engagement import engagement_cells, engagement_names
from builder.equity import equity_cells, equity_names
from builder.funnel import funnel_cells
from builder.growth import skill_cells, skill_names
from builder.helping import help_cells
from builder.intake_ratios import intake_ratio_cells
from builder.intakes import intake_names
from builder.leftout import leftout_cells
from builder.modality import modality_cells, modality_names
from builder.outcomes import outcome_cells, outcome_names
from builder.overall import overall_cells
from builder.profile_cells import profile_cells, profile_names
from builder.several import adjusted_cells
from builder.since import since_cells
from builder.where import where_cells
from builder.whole import WholeRun
from release.contents import Cell, Group

MAKERS: tuple[Callable[[AttributeRun], Iterator[Cell]], ...] = (
    connection_cells,
    bounds_cells,
    leftout_cells,
    funnel_cells,
    change_cells,
)
"""What makes cells of an attribute, in the order in which the gate is asked."""

OFFER_MAKERS: tuple[Callable[[AttributeRun], Iterator[Cell]], ...] = (funnel_cells,)
"""Those of them that have something to say where no conversation has been held."""

BESIDE_MAKERS: tuple[Callable[[AttributeRun, WholeRun], Iterator[Cell]], ...] = (where_cells,)
"""What makes cells of an attribute that need the groups of the others beside it."""

WHOLE_MAKERS: tuple[Callable[[WholeRun], Iterator[Cell]], ...] = (
    skill_cells,
    claim_cells,
    modality_cells,
    outcome_cells,
    answer_cells,
    help_cells,
    engagement_cells,
    profile_cells,
    equity_cells,
    dropout_cells,
)
"""What makes cells that no single attribute owns."""

LONG_MAKERS = (skill_cells, profile_cells, answer_cells, dropout_cells, claim_cells, equity_cells)
"""Those of them that are begun first, by turns at either end of a build's list: the process at the
back gets both that need scikit-learn, and the short ones are left for where processes meet."""

OF_MEETINGS = frozenset({claim_cells, profile_cells, equity_cells, dropout_cells})
"""Those of them that have nothing to say where no conversation has been held."""

COMPARING_MAKERS: tuple[Callable[[WholeRun, Sequence[Cell]], Iterator[Cell]], ...] = (
    adjusted_cells,
    cohort_cells,
    intake_ratio_cells,
    since_cells,
    overall_cells,
)
"""What needs the cells that the others made."""

WHOLE_NAMES: tuple[Callable[[WholeRun], Iterator[Group]], ...] = (
    skill_names,
    modality_names,
    outcome_names,
    answer_names,
    engagement_names,
    profile_names,
    equity_names,
    cohort_names,
    intake_names,
)
"""What names the parts of those cells: skills, scales, answers, waves."""
