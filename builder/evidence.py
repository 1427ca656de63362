"""What the claims rest on, read once: ratings by wave, conversations before, partners drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from builder.places import ORGANISATION, Slice
from builder.rated import RATERS
from builder.whole import WholeRun
from metrics.claims.ladder import DoseEvidence, LotteryEvidence, RolloutEvidence
from metrics.claims.lottery_dose import Draws, Lotteries
from metrics.claims.rollout import NEVER
from store import exposure, lots, reading
from store.activities import KINDS, activities
from store.beginnings import beginnings
from store.facts import FIRST_GROUP

Array = NDArray[np.float64]
Counts = NDArray[np.intp]


@dataclass(frozen=True)
class Skill:
    """A skill with its place among the ratings and the width of its scale."""

    number: int
    code: str
    label: str
    width: float


class Evidence:
    """Ratings and what may have moved them, of a bounded sample of people.

    Nothing of a person leaves this class but inside the arrays that a metric sums up.
    """

    def __init__(self, run: WholeRun) -> None:
        self._run = run
        self._connection, self._facts = run.connection, run.facts
        self.days = exposure.wave_days(self._connection)
        self._step = exposure.sample_step(self._connection, self._facts)
        self._counted: dict[int, Lotteries] = {}

    @cached_property
    def rater(self) -> str:
        """Return who rates, empty where nobody rates in two waves."""
        rows = reading.read(self._connection, exposure.rater_kinds()).itertuples()
        often = {row.rater_kind for row in rows if row.waves > 1}
        return next((kind for kind in RATERS if kind in often), "")

    @cached_property
    def skills(self) -> tuple[Skill, ...]:
        """Return the skills that are rated."""
        rows = reading.read(self._connection, exposure.skills(self.rater)).itertuples()
        return tuple(
            Skill(number, row.skill_code, row.label, float(row.highest - row.lowest))
            for number, row in enumerate(rows)
        )

    @cached_property
    def _ratings(self) -> dict[str, NDArray]:
        codes = [skill.code for skill in self.skills]
        query = exposure.ratings(self._facts, self.rater, codes, self.days, self._step)
        frame = reading.read_numbers(self._connection, query)
        return {name: frame[name].to_numpy() for name in frame.columns}

    @cached_property
    def people(self) -> Counts:
        """Return the running numbers of the people who were rated, in order."""
        return np.unique(self._ratings["person_no"].astype(np.intp))

    def position(self, numbers: NDArray) -> tuple[Counts, NDArray[np.bool_]]:
        """Return where people stand in `people`, and who of them does."""
        place = np.searchsorted(self.people, numbers)
        place = np.minimum(place, self.people.size - 1)
        return place, self.people[place] == numbers

    @cached_property
    def scores(self) -> Array:
        """Return the ratings as parts of the scale, by skill, person and wave; NaN where none."""
        rows = self._ratings
        scores = np.full((len(self.skills), self.people.size, len(self.days)), np.nan)
        person, _ = self.position(rows["person_no"])
        scores[rows["skill_no"], person, rows["wave_no"].astype(np.intp) - 1] = rows["rating"]
        return scores

    @cached_property
    def rated_twice(self) -> int:
        """Return how many people were rated in two waves on some skill."""
        return int(((~np.isnan(self.scores)).sum(axis=2) > 1).any(axis=0).sum())

    @cached_property
    def _ends(self) -> tuple[Counts, Counts]:
        """Return the first and the last wave of each skill and person, from 0; equal if one."""
        rated = ~np.isnan(self.scores)
        last = rated.shape[2] - 1 - rated[:, :, ::-1].argmax(axis=2)
        return rated.argmax(axis=2), last

    @cached_property
    def _doses(self) -> dict[str, Array]:
        """Return conversations held before each wave, by person and wave."""
        query = exposure.conversations(self._facts, self._run.groupings, self.days, self._step)
        frame = reading.read_numbers(self._connection, query)
        person, known = self.position(frame["person_no"].to_numpy())
        turn = frame["turn"].to_numpy(dtype=np.intp)
        return {
            name: self.before_waves(person[known], turn[known], frame[name].to_numpy()[known])
            for name in frame.columns
            if name not in ("person_no", "turn")
        }

    def before_waves(self, person: Counts, turn: Counts, amount: Array) -> Array:
        """Return amounts summed up to each wave, by person and wave."""
        sums = np.zeros((self.people.size, len(self.days) + 1))
        np.add.at(sums, (person, turn), amount)
        # what happened in turn n lies between wave n and wave n + 1
        return sums[:, :-1].cumsum(axis=1)

    def dose_evidence(
        self, skill: Skill, doses: Sequence[Array], weights: Sequence[float]
    ) -> DoseEvidence:
        """Return the ratings of people with any dose, beside their doses."""
        active = np.any([dose[:, -1] > 0 for dose in doses], axis=0)
        person = np.repeat(np.flatnonzero(active), len(self.days))
        return DoseEvidence(
            person=person,
            wave=np.tile(np.arange(len(self.days)), int(active.sum())),
            rating=self.scores[skill.number][active].ravel(),
            doses=np.column_stack([dose[active].ravel() for dose in doses]),
            weights=weights,
            width=skill.width,
        )

    @property
    def held(self) -> Array:
        """Return all conversations held before each wave, by person and wave."""
        return self._doses["held"]

    def conversations(self, attribute: int) -> tuple[Array, Array]:
        """Return conversations within and across the groups of an attribute, before each wave."""
        return self._doses[f"same_{attribute}"], self._doses[f"cross_{attribute}"]

    @cached_property
    def activities(self) -> tuple[Array, ...]:
        """Return completed activities led by peers, by instructors, and others, by wave."""
        query = activities(self._facts, self.days, self._step)
        frame = reading.read_numbers(self._connection, query)
        person, known = self.position(frame["person_no"].to_numpy())
        turn = frame["turn"].to_numpy(dtype=np.intp)
        return tuple(
            self.before_waves(person[known], turn[known], frame[name].to_numpy(dtype=float)[known])
            for name in (*KINDS, "other")
        )

    @cached_property
    def _lotteries(self) -> dict[str, NDArray]:
        frame = reading.read_numbers(
            self._connection, lots.lotteries(self._facts, self.days)
        ).sort_values("stratum_no")
        return {name: frame[name].to_numpy() for name in frame.columns}

    @cached_property
    def _partners(self) -> dict[str, NDArray]:
        query = lots.partners(self._facts, self._run.groupings, self._step)
        frame = reading.read_numbers(self._connection, query)
        person, known = self.position(frame["person_no"].to_numpy())
        rows = {name: frame[name].to_numpy()[known] for name in frame.columns}
        lottery = np.searchsorted(self._lotteries["stratum_no"], rows["stratum_no"])
        rows = rows | {"person": person[known], "lottery": lottery}
        # no engine promises an order, and the same data must give the same release
        order = np.lexsort((rows["person"], rows["lottery"]))
        return {name: column[order] for name, column in rows.items()}

    @cached_property
    def _drawn(self) -> dict[str, NDArray]:
        query = lots.drawn_people(self._facts, self._run.groupings)
        frame = reading.read_numbers(self._connection, query)
        return {name: frame[name].to_numpy(dtype=np.intp) for name in frame.columns}

    def programme_of(self, slice_: Slice) -> int:
        """Return the programme whose lotteries a slice holds, 0 where it holds all there are."""
        programmes = np.unique(self._lotteries["programme_no"])
        own = 0 if slice_.level == ORGANISATION else slice_.number
        return 0 if programmes.tolist() == [own] else own

    def has_lotteries(self, slice_: Slice) -> bool:
        """Tell whether partners were drawn by lot here, within recorded pools."""
        programmes = self._lotteries["programme_no"]
        return bool(programmes.size) and (
            slice_.level == ORGANISATION or bool((programmes == slice_.number).any())
        )

    @cached_property
    def methods(self) -> tuple[tuple[str, str], ...]:
        """Return by which methods the rounds of each programme were drawn."""
        rows = reading.read(self._connection, lots.rounds_by_method()).itertuples()
        return tuple((row.programme_id, row.method) for row in rows)

    def _lotteries_of(self, attribute: int) -> Lotteries:
        if attribute not in self._counted:
            self._counted[attribute] = self._count_lotteries(attribute)
        return self._counted[attribute]

    def _count_lotteries(self, attribute: int) -> Lotteries:
        drawn, strata = self._drawn, self._lotteries["stratum_no"]
        rows = drawn["attribute_no"] == attribute
        lottery = np.searchsorted(strata, drawn["stratum_no"][rows])
        group, people = drawn["group_no"][rows], drawn["people"][rows].astype(float)
        counts = np.zeros((strata.size, max(group.max(initial=0) + 1, FIRST_GROUP + 1)))
        np.add.at(counts, (lottery, group), people)
        return Lotteries(
            group_people=counts[:, FIRST_GROUP:],
            people=counts.sum(axis=1),
            weight=self._lotteries["weight"],
            weight_squared=self._lotteries["weight_squared"],
        )

    def lottery_evidence(self, skill: Skill, programme: int, attribute: int) -> LotteryEvidence:
        """Return growth beside the partners that lotteries gave between two ratings; 0 = all."""
        rows, drawn = self._partners, self._lotteries
        first, last = (ends[skill.number] for ends in self._ends)
        scores = self.scores[skill.number]
        everybody = np.arange(self.people.size)
        before, after = scores[everybody, first], scores[everybody, last]
        after = np.where(last > first, after, np.nan)
        # a lottery in turn n came after wave n - 1 (from 0) and before wave n
        turn = drawn["turn"][rows["lottery"]]
        until = np.where(last > first, last, len(self.days))
        inside = (turn > first[rows["person"]]) & (turn <= until[rows["person"]])
        inside &= rows[f"g{attribute}"] >= FIRST_GROUP
        if programme:
            inside &= drawn["programme_no"][rows["lottery"]] == programme
        draws = Draws(
            person=rows["person"][inside],
            lottery=rows["lottery"][inside],
            group=rows[f"g{attribute}"][inside].astype(np.intp) - FIRST_GROUP,
            crossed=rows[f"crossed_{attribute}"][inside].astype(float),
            lotteries=self._lotteries_of(attribute),
        )
        return LotteryEvidence(
            draws=draws,
            before=before,
            after=after,
            covariates=self._known_before(draws),
            width=skill.width,
        )

    def _known_before(self, draws: Draws) -> Array:
        """Return, by person, the number of lotteries, and dummies of group and cohort."""
        group, cohort = (np.zeros(self.people.size, dtype=np.intp) for _ in range(2))
        group[draws.person] = draws.group + 1
        cohort[draws.person] = self._lotteries["cohort_no"][draws.lottery] + 1
        return np.column_stack(
            [draws.matches(self.people.size), *_dummies(group), *_dummies(cohort)]
        )

    @cached_property
    def _begun(self) -> tuple[Counts, Counts, int]:
        frame = reading.read_numbers(
            self._connection, beginnings(self._facts, self.days, self._step)
        )
        person, known = self.position(frame["person_no"].to_numpy())
        began = np.full(self.people.size, NEVER)
        turn = frame["turn"].to_numpy(dtype=np.int64)[known]
        # a start without a date may have been before the first wave
        began[person[known]] = np.where(turn < 0, 0, np.where(turn < len(self.days), turn, NEVER))
        cohort = -1 - np.arange(self.people.size)
        cohort[person[known]] = frame["cohort_no"].to_numpy()[known]
        return began, cohort, int(frame["cohort_no"].nunique())

    def rollout_evidence(self, skill: Skill) -> RolloutEvidence:
        """Return the ratings of people who began at different times."""
        began, cohort, cohorts = self._begun
        return RolloutEvidence(
            began=began,
            scores=self.scores[skill.number],
            cohort=cohort,
            cohorts=cohorts,
            width=skill.width,
        )


def _dummies(codes: Counts) -> list[Array]:
    """Return a column for each value but the first two: nobody, and one that all are held to."""
    return [(codes == code).astype(float) for code in np.unique(codes[codes > 0])[1:]]
