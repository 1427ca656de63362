"""Segments: found where they were planted, and none where habits vary gradually."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from metrics.profiles import segments
from metrics.profiles.segments import Segments, find_segments, jaccard, silhouette


@pytest.fixture(autouse=True)
def _one_thread():
    with threadpool_limits(limits=1):
        yield


def planted(rng: np.random.Generator, people: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Return three kinds of people whose habits differ by four standard deviations."""
    kind = rng.choice(3, people, p=(0.5, 0.3, 0.2))
    centres = np.array([[0.0, 0.0, 0.0], [-4.0, 0.0, 0.0], [0.0, 4.0, 1.0]])
    return centres[kind] + rng.standard_normal((people, 3)), kind


def gradual(kind: str, rng: np.random.Generator, people: int) -> np.ndarray:
    """Return people without segments: independent, correlated, and skewed habits."""
    drawn = rng.standard_normal((people, 3))
    if kind == "independent":
        return drawn * [0.7, 0.5, 0.3]
    if kind == "correlated":
        return drawn + 1.2 * rng.standard_normal((people, 1))
    return np.column_stack([np.exp(0.8 * drawn[:, 0]), rng.beta(0.7, 0.7, people), drawn[:, 2]])


def test_iris_gives_the_published_sizes_and_spread() -> None:
    points, species = load_iris(return_X_y=True)
    centres = segments._centres(points, 3, 50, np.random.default_rng(0))
    found = Segments(centres, np.ones(3), 1.0, 0.0, 0.0)
    labels = found.assign(points)
    # R kmeans and scikit-learn, best of 50 starts: sum of squares 78.851441, sizes 62, 50, 38
    assert ((points - centres[labels]) ** 2).sum() == pytest.approx(78.851441, abs=1e-5)
    assert np.bincount(labels).tolist() == [62, 50, 38]
    assert adjusted_rand_score(species, labels) == pytest.approx(0.730238, abs=1e-6)


def test_the_simplified_silhouette_is_what_one_works_out_by_hand() -> None:
    points, centres = np.array([[1.0], [4.0]]), np.array([[0.0], [4.0]])
    # 1 - 1/3 for the first, 1 for the second
    assert silhouette(points, centres) == pytest.approx((2 / 3 + 1) / 2)


def test_overlap_looks_for_the_most_similar_segment() -> None:
    labels, others = np.array([0, 0, 0, 1, 1]), np.array([2, 2, 0, 0, 0])
    # {0,1,2} with {0,1}: 2/3; {3,4} with {2,3,4}: 2/3
    assert jaccard(labels, others).tolist() == pytest.approx([2 / 3, 2 / 3])


def test_planted_kinds_are_found() -> None:
    points, kind = planted(np.random.default_rng(1))
    found = find_segments(points, 7)
    assert found is not None
    assert len(found.centres) == 3
    assert adjusted_rand_score(kind, found.assign(points)) >= 0.8
    assert found.overlap.min() > 0.9
    assert found.agreement > 0.9
    assert found.silhouette > found.by_chance
    people = np.bincount(found.assign(points))
    assert list(people) == sorted(people, reverse=True)


def test_the_same_people_and_seed_give_the_same_kinds() -> None:
    points, _ = planted(np.random.default_rng(2))
    one, other = find_segments(points, 3), find_segments(points, 3)
    assert one is not None
    assert other is not None
    np.testing.assert_array_equal(one.centres, other.centres)


def test_a_kind_of_fewer_than_thirty_people_is_none() -> None:
    rng = np.random.default_rng(3)
    points, _ = planted(rng, 400)
    few = points[:20] + 30.0
    found = find_segments(np.vstack([points, few]), 1)
    if found is not None:
        assert np.bincount(found.assign(np.vstack([points, few]))).min() >= 30


def test_too_few_people_or_no_habit_give_none() -> None:
    points, _ = planted(np.random.default_rng(4), 59)
    assert find_segments(points, 1) is None
    assert find_segments(np.zeros((500, 0)), 1) is None


def test_people_who_all_do_the_same_give_none() -> None:
    assert find_segments(np.zeros((200, 2)), 1) is None


def test_gradual_data_keep_each_habit_and_their_correlation() -> None:
    rng = np.random.default_rng(5)
    points = gradual("correlated", rng, 4000)
    like = segments._gradual(points, rng)
    np.testing.assert_allclose(np.sort(like, axis=0), np.sort(points, axis=0))
    assert spearmanr(like).statistic[0, 1] == pytest.approx(
        spearmanr(points).statistic[0, 1], abs=0.04
    )


def test_everybody_is_placed_in_chunks_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    points, _ = planted(np.random.default_rng(6))
    found = Segments(points[:4], np.ones(4), 1.0, 0.0, 0.0)
    whole = found.assign(points)
    monkeypatch.setattr(segments, "CHUNK", 7)
    np.testing.assert_array_equal(found.assign(points), whole)


@pytest.mark.simulation
def test_people_without_segments_are_told_so_in_95_of_100_cases() -> None:
    kinds = ("independent", "correlated", "skewed")
    found = [
        find_segments(gradual(kinds[seed % 3], np.random.default_rng(seed), 200), seed)
        for seed in range(100)
    ]
    assert sum(one is None for one in found) >= 95


@pytest.mark.simulation
def test_planted_kinds_are_found_again_and_again() -> None:
    for seed in range(5):
        points, kind = planted(np.random.default_rng(100 + seed), 400)
        found = find_segments(points, seed)
        assert found is not None
        assert adjusted_rand_score(kind, found.assign(points)) >= 0.8


def test_few_distinct_people_are_read_without_a_warning():
    """Three distinct people, a hundred times each: more segments than that cannot be found."""
    points = np.repeat(np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]]), 100, axis=0)
    found = find_segments(points, seed=1)
    assert found is None or len(found.centres) <= 3
