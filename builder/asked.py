"""Answers as the builder reads them: items, sums by place and period, and patterns of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from builder.items import wave_key
from builder.places import Places, Slice, When
from metrics.growth.gain import Scale, WaveSums
from metrics.participation import RateMoments
from metrics.surveys.bands import BandSums, band_cuts
from metrics.surveys.reliability import QuestionSums
from metrics.surveys.scales import DifferenceSums
from store import answer_sums, answers, feedback, questionnaires, reading
from store.aggregates import Grouping
from store.answered import Answered, gather
from store.facts import Facts
from store.feedback import Crossed

NAMES = {
    "psychological_safety": "Psychological safety",
    "inclusion_belongingness": "Belongingness",
    "inclusion_uniqueness": "Uniqueness",
    "felt_heard": "Felt heard",
    "understood_different": "Understood someone different",
    "meet_again": "Would meet again",
}
SHORT_NAMES = {"psychological_safety": "Safety", "understood_different": "Understood"}
"""Names that fit above a small chart or beside a row."""
LEVEL_KINDS = {
    "organisation": answers.ORGANISATION,
    "programme": answers.PROGRAMME,
    "cohort": answers.COHORT,
}
Place = tuple[int, int, int]
"""kind_no, slice_no and group_no of the aggregates."""
OUTSIDE: Place = (answers.COMPARED, 0, 0)
EVERYBODY: Place = (answers.ORGANISATION, 0, 0)


@dataclass(frozen=True)
class Asked:
    """One construct on one scale."""

    number: int
    construct: str
    scale: Scale
    after: bool
    """Whether it is asked after conversations."""
    single: bool
    """Whether one option is chosen."""

    @property
    def label(self) -> str:
        """Return the name on screen."""
        return NAMES.get(self.construct, self.construct.replace("_", " ").capitalize())

    @property
    def short(self) -> str:
        """Return a name of few letters."""
        return SHORT_NAMES.get(self.construct, self.label)

    @property
    def written_scale(self) -> str:
        """Return the scale as ``1 to 5``."""
        return f"{self.scale[0]:g} to {self.scale[1]:g}"


@dataclass(frozen=True)
class Option:
    """An answer that can be chosen."""

    code: str
    label: str


def place_of(slice_: Slice) -> Place:
    """Return the place of a slice."""
    return LEVEL_KINDS[slice_.level], slice_.number, 0


def group_place(position: int, group: int) -> Place:
    """Return the place of a group of the published attribute at this position."""
    return answers.FIRST_ATTRIBUTE + position, 0, group


class AnswerData:
    """The aggregates of all answers, each read once and when first needed."""

    def __init__(
        self, connection: Connection, facts: Facts, places: Places, groupings: Sequence[Grouping]
    ) -> None:
        self._connection, self._facts, self._groupings = connection, facts, groupings
        self._quarters = places.quarters

    @cached_property
    def items(self) -> tuple[Asked, ...]:
        """Return one item per construct: on the scale on which most answered."""
        frame = reading.read(self._connection, answers.items())
        frame = frame.sort_values("answers", ascending=False, kind="stable")
        usual = frame.drop_duplicates("construct").sort_values("construct")
        return tuple(
            Asked(int(row.item_no), row.construct, (float(row.scale_min), float(row.scale_max)),
                  bool(row.after), row.kind == "single")
            for row in usual.itertuples()
        )  # fmt: skip

    @cached_property
    def waves(self) -> tuple[When, ...]:
        """Return the waves in order of time, numbered as periods are."""
        rows = reading.read(self._connection, answers.waves()).itertuples()
        return tuple(When(row.wave_no + 1, wave_key(row.wave_no), row.label) for row in rows)

    def of_construct(self, construct: str) -> Asked | None:
        """Return the item of a construct, where it was asked."""
        return next((item for item in self.items if item.construct == construct), None)

    def options(self, item: Asked) -> tuple[Option, ...]:
        """Return the options of an item, in the order on screen."""
        listed = reading.read(self._connection, answers.options()).itertuples()
        return tuple(
            Option(row.option_code, row.label) for row in listed if row.construct == item.construct
        )

    def whens(self, item: Asked) -> tuple[When, ...]:
        """Return the waves, or else the quarters, at which an item was answered."""
        rows = self._options if item.single else self._scores
        at = 2 if item.single else 1
        seen = {key[at] for key in rows if key[0] == item.number}
        waves = tuple(when for when in self.waves if when.number in seen)
        return waves or tuple(when for when in self._quarters if when.number in seen)

    def score(self, item: Asked, place: Place, when: When) -> WaveSums:
        """Return the sums of scores."""
        row = self._scores.get((item.number, when.number, *place))
        people, x, xx = (0, 0.0, 0.0) if row is None else (int(row.people), row.x, row.xx)
        return WaveSums(people=people, total=x, squares=xx, scale=item.scale)

    def bands(self, item: Asked, place: Place, when: When) -> BandSums:
        """Return how many score low and high."""
        row = self._scores.get((item.number, when.number, *place))
        people, low, high = (0, 0, 0) if row is None else (row.people, row.low, row.high)
        return BandSums(people=int(people), low=int(low), high=int(high))

    def change(self, item: Asked, place: Place) -> DifferenceSums:
        """Return the sums of changes from the first wave to the last."""
        row = self._changes.get((item.number, *place))
        if row is None:
            return DifferenceSums(people=0, started=0, total=0.0, squares=0.0, scale=item.scale)
        return DifferenceSums(
            people=int(row.people), started=int(row.started), total=row.d, squares=row.dd,
            scale=item.scale,
        )  # fmt: skip

    def crossing(self, item: Asked, attribute: int, programme: int) -> DifferenceSums:
        """Return the sums of differences between conversations across and within groups."""
        row = self._kinds.get((item.number, attribute, programme))
        people, d, dd = (0, 0.0, 0.0) if row is None else (int(row.people), row.d, row.dd)
        return DifferenceSums(people=people, started=0, total=d, squares=dd, scale=item.scale)

    def choice(self, item: Asked, option: str, place: Place, when: When) -> RateMoments:
        """Return the sums of choices of an option over the answers that apply."""
        return self._moments(item, option, place, when, ("people", "y", "d", "yy", "yd", "dd"))

    def choice_of_all(self, item: Asked, option: str, place: Place, when: When) -> RateMoments:
        """Return the sums of choices of an option over all answers."""
        return self._moments(item, option, place, when, ("all_people", "z", "a", "zz", "za", "aa"))

    def response(self, when: When, place: Place) -> RateMoments | None:
        """Return who answered of those who were there; None where nobody was."""
        row = self._rates.get((when.number - 1, *place[:2]))
        if row is None:
            return None
        asked, answered = int(row.asked), int(row.answered)
        return RateMoments(
            numerator=answered, denominator=asked, people=asked, denominator_squared=asked,
            product=answered, numerator_squared=answered,
        )  # fmt: skip

    def questions(self, item: Asked) -> QuestionSums | None:
        """Return the sums of products of answers; None where nobody answered all questions."""
        rows = self._questions.get(item.number)
        if rows is None:
            return None
        size = int(rows["other_no"].max())
        totals, products = np.zeros(size), np.zeros((size, size))
        for row in rows.itertuples():
            one, other = int(row.one_no) - 1, int(row.other_no) - 1
            products[one, other] = products[other, one] = row.xy
            totals[other] = row.y
        return QuestionSums(people=int(rows["people"].max()), totals=totals, products=products)

    def patterns(self, item: Asked) -> pd.DataFrame:
        """Return what the cells of an item can tell apart, for its gate."""
        return _of(self._feedback if item.after and not item.single else self._answered, item)

    def _moments(
        self, item: Asked, option: str, place: Place, when: When, names: Sequence[str]
    ) -> RateMoments:
        row = self._options.get((item.number, option, when.number, *place))
        people, x, d, xx, xd, dd = (0.0,) * 6 if row is None else (
            float(getattr(row, name)) for name in names
        )  # fmt: skip
        return RateMoments(
            numerator=x, denominator=d, people=int(people), denominator_squared=dd, product=xd,
            numerator_squared=xx,
        )  # fmt: skip

    @property
    def _cuts(self) -> Mapping[int, tuple[float, float]]:
        return {item.number: band_cuts(item.scale) for item in self.items if not item.single}

    @cached_property
    def _scores(self) -> Mapping[tuple, object]:
        keys = ("item_no", "period_no", *answers.PLACE)
        return _by(self._frame(answer_sums.score_sums(self._told, self._cuts)), keys)

    @cached_property
    def _changes(self) -> Mapping[tuple, object]:
        return _by(self._frame(answer_sums.change_sums(self._told)), ("item_no", *answers.PLACE))

    @cached_property
    def _options(self) -> Mapping[tuple, object]:
        keys = ("item_no", "option_code", "period_no", *answers.PLACE)
        return _by(self._frame(answer_sums.option_sums(self._told)), keys)

    @cached_property
    def _kinds(self) -> Mapping[tuple, object]:
        keys = ("item_no", "attribute_no", "programme_no")
        return _by(self._frame(feedback.kind_sums(self._crossed)), keys) if self._groupings else {}

    @cached_property
    def _rates(self) -> Mapping[tuple, object]:
        frame = reading.read(self._connection, questionnaires.response_rates(self._told))
        return _by(frame, ("wave_no", "kind_no", "slice_no"))

    @cached_property
    def _questions(self) -> Mapping[int, pd.DataFrame]:
        frame = reading.read(self._connection, questionnaires.question_sums())
        return dict(list(frame.groupby("item_no")))

    @cached_property
    def _answered(self) -> pd.DataFrame:
        return self._frame(answer_sums.answer_patterns(self._told))

    @cached_property
    def _feedback(self) -> pd.DataFrame:
        return self._frame(feedback.feedback_patterns(self._crossed))

    @cached_property
    def _told(self) -> Answered:
        return gather(self._connection, self._facts, self._groupings)

    @cached_property
    def _crossed(self) -> Crossed:
        return feedback.gather_crossed(self._connection, self._told)

    def _frame(self, aggregate: object) -> pd.DataFrame:
        return reading.read_numbers(self._connection, aggregate)


def _by(frame: pd.DataFrame, keys: Sequence[str]) -> dict[tuple, object]:
    return {tuple(getattr(row, key) for key in keys): row for row in frame.itertuples()}


def _of(frame: pd.DataFrame, item: Asked) -> pd.DataFrame:
    return frame[frame["item_no"] == item.number]
