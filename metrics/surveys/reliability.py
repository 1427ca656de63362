"""How well the questions of a scale go together, and how alike the people of a unit answer."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import fdtri

from metrics.definition import Part, Result, undefined

FEWEST_PEOPLE = 100
"""Complete answers below which no reliability is told."""
SMALLEST_UNIQUENESS = 0.005
ONE_QUESTION = "one question has no reliability of this kind"
SAME_ANSWERS = "a question was answered alike by everybody"
NOT_FITTED = "the questions do not share one factor that can be found"
NOT_REVERSED = (
    "a data error: the questions contradict each other, so a reversed one is probably not marked "
    "as reversed"
)
TOO_FEW = f"fewer than {FEWEST_PEOPLE} people answered all questions"


@dataclass(frozen=True, kw_only=True)
class QuestionSums:
    """Sums over the people who answered all k questions of a scale, reversed ones turned round.

    Attributes
    ----------
    people : int
    totals : array of shape (k,)
        Sums of the answers to each question.
    products : array of shape (k, k)
        Sums of the products of two answers.
    """

    people: int
    totals: NDArray[np.float64]
    products: NDArray[np.float64]

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Return the covariance matrix of the questions; n - 1 in the denominator."""
        centred = self.products - np.outer(self.totals, self.totals) / self.people
        return centred / (self.people - 1)


def cronbach_alpha(covariance: ArrayLike) -> float:
    """Return Cronbach's alpha of k questions from their covariance matrix.

    ``alpha = k / (k - 1) (1 - sum(s_i^2) / s_T^2)``, at most 1; negative where questions contradict
    each other; NaN for one question or where the sum of all does not vary.

    References
    ----------
    Cronbach 1951.

    Examples
    --------
    >>> cronbach_alpha([[1.0, 0.5], [0.5, 1.0]]).__round__(4)
    0.6667
    """
    covariance = np.asarray(covariance, dtype=float)
    questions, whole = len(covariance), covariance.sum()
    if questions < 2 or whole <= 0:
        return nan
    return float(questions / (questions - 1) * (1 - np.trace(covariance) / whole))


def feldt_interval(alpha: float, people: int, questions: int) -> tuple[float, float]:
    """Return the 95 % interval of alpha.

    ``1 - (1 - alpha) F`` with F the quantiles of the F distribution with n - 1 and (n - 1)(k - 1)
    degrees of freedom.

    References
    ----------
    Feldt 1965; Feldt, Woodruff & Salih 1987.
    """
    freedom = people - 1, (people - 1) * (questions - 1)
    low, high = (1 - (1 - alpha) * fdtri(*freedom, q) for q in (0.975, 0.025))
    return float(low), float(high)


def one_factor(correlation: ArrayLike) -> NDArray[np.float64]:
    """Return the loadings of k questions on one factor by maximum likelihood; at least 3 questions.

    The likelihood is maximised over the uniquenesses, given which the loadings are known.

    References
    ----------
    Jöreskog 1967; Lawley & Maxwell 1971.
    """
    correlation = np.asarray(correlation, dtype=float)
    questions = len(correlation)
    start = 0.5 / np.diag(np.linalg.pinv(correlation))
    bounds = [(SMALLEST_UNIQUENESS, 1.0)] * questions
    found = minimize(
        _discrepancy,
        np.clip(start, SMALLEST_UNIQUENESS, 1.0),
        args=(correlation,),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-12, "gtol": 1e-8},
    )
    return _loadings(found.x, correlation)


def _loadings(uniqueness: NDArray, correlation: NDArray) -> NDArray[np.float64]:
    root = np.sqrt(uniqueness)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loadings = root * vectors[:, -1] * sqrt(max(values[-1] - 1, 0.0))
    return loadings * (1.0 if loadings.sum() >= 0 else -1.0)


def _discrepancy(uniqueness: NDArray, correlation: NDArray) -> tuple[float, NDArray]:
    """Return the part of the likelihood that depends on the uniquenesses, and its gradient."""
    root = np.sqrt(uniqueness)
    others = np.linalg.eigvalsh(correlation / np.outer(root, root))[:-1]
    others = np.maximum(others, np.finfo(float).tiny)
    loadings = _loadings(uniqueness, correlation)
    implied = np.outer(loadings, loadings) + np.diag(uniqueness)
    gradient = np.diag(implied - correlation) / uniqueness**2
    return float(-np.sum(np.log(others) - others) - len(others)), gradient


def mcdonald_omega(covariance: ArrayLike) -> float:
    """Return omega total of one common factor from the covariance matrix of k questions.

    ``(sum l)^2 / ((sum l)^2 + sum(1 - l^2))`` with l the loadings of the standardised questions.
    Unlike alpha it does not take all questions to be equally good. NaN for fewer than 3 questions,
    or where one does not vary.

    References
    ----------
    McDonald 1999.
    """
    covariance = np.asarray(covariance, dtype=float)
    spread = np.sqrt(np.diag(covariance))
    if len(covariance) < 3 or (spread <= 0).any():
        return nan
    loadings = one_factor(covariance / np.outer(spread, spread))
    common = loadings.sum() ** 2
    return float(common / (common + (1 - loadings**2).sum()))


def scale_alpha(sums: QuestionSums, part: Part = ()) -> Result:
    """Return alpha with its Feldt interval.

    Undefined for one question, for fewer than 100 people, where a question does not vary, and where
    alpha is negative, which says that the data are wrong.
    """
    empty = _not_told(sums, fewest_questions=2)
    if empty is not None:
        return empty
    alpha, questions = cronbach_alpha(sums.covariance), len(sums.totals)
    if not alpha >= 0:
        return undefined(NOT_REVERSED, people=sums.people)
    low, high = feldt_interval(alpha, sums.people, questions)
    return Result(estimate=alpha, low=low, high=high, people=sums.people, base=float(questions))


def scale_omega(sums: QuestionSums, part: Part = ()) -> Result:
    """Return omega total, without an interval; undefined where alpha is."""
    empty = _not_told(sums, fewest_questions=3)
    if empty is not None:
        return empty
    alpha, omega = cronbach_alpha(sums.covariance), mcdonald_omega(sums.covariance)
    if not alpha >= 0:
        return undefined(NOT_REVERSED, people=sums.people)
    if not omega > 0:
        return undefined(NOT_FITTED, people=sums.people)
    return Result(estimate=omega, people=sums.people)


def _not_told(sums: QuestionSums, fewest_questions: int) -> Result | None:
    if len(sums.totals) < fewest_questions:
        return undefined(ONE_QUESTION, people=sums.people)
    if sums.people < FEWEST_PEOPLE:
        return undefined(TOO_FEW, people=sums.people)
    if (np.diag(sums.covariance) <= 0).any():
        return undefined(SAME_ANSWERS, people=sums.people)
    return None


def unit_agreement(units: ArrayLike, values: ArrayLike) -> tuple[float, float]:
    """Return ICC(1), how alike people of a unit answer, and ICC(2), how reliable unit means are.

    Parameters
    ----------
    units : array of shape (n,)
        The unit of each person; at least two units, one of them with two people or more.
    values : array of shape (n,)
        The person's score.

    Returns
    -------
    icc1, icc2 : float
        From the mean squares of a one-way analysis of variance, between B and within W:
        ``(B - W) / (B + (k - 1) W)`` with k the mean number of people in a unit, and
        ``(B - W) / B``. NaN where nothing varies. A unit mean may be called a climate where ICC(2)
        is at least 0.7.

    References
    ----------
    Bartko 1976; James 1982; Bliese 2000.
    """
    values = np.asarray(values, dtype=float)
    _, unit = np.unique(np.asarray(units), return_inverse=True)
    size = np.bincount(unit)
    means = np.bincount(unit, weights=values) / size
    between = float(size @ (means - values.mean()) ** 2) / (size.size - 1)
    within = float(((values - means[unit]) ** 2).sum()) / (values.size - size.size)
    total = between + (size.mean() - 1) * within
    if total <= 0 or between <= 0:
        return nan, nan
    return float((between - within) / total), float((between - within) / between)
