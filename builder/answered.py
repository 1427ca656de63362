"""Every cell and name that comes from answers, from one reading of them."""

from __future__ import annotations

from collections.abc import Iterator

from builder.asked import AnswerData
from builder.feedback import feedback_cells, feedback_names
from builder.learning_source import ally_cells, choice_names, learning_source_cells
from builder.surveys import scale_cells, scale_names
from builder.whole import WholeRun
from release.contents import Cell, Group


def answer_cells(run: WholeRun) -> Iterator[Cell]:
    """Yield the cells of learning source, scales, feedback and allies."""
    data = _data(run)
    yield from learning_source_cells(run, data)
    yield from scale_cells(run, data)
    yield from feedback_cells(run, data)
    yield from ally_cells(run, data)


def answer_names(run: WholeRun) -> Iterator[Group]:
    """Yield the names of answers, scales and questions."""
    data = _data(run)
    yield from choice_names(data)
    yield from scale_names(run, data)
    yield from feedback_names(data)


def _data(run: WholeRun) -> AnswerData:
    return AnswerData(run.connection, run.facts, run.places, run.groupings)
