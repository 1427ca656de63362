"""All skills together in the release: from published values alone, and as they were planted."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from builder.overall import _alike, overall_cells
from builder.overall_audit import audit_overall
from builder.rated import Item
from disclosure.thresholds import Thresholds
from release import Release
from release.contents import WHOLE, Contents

PLACE = "organisation"


def shown(release: Release, measure: str, period: str = WHOLE) -> list:
    return [cell for cell in release.contents.cells
            if (cell.measure, cell.slice, cell.breakdown, cell.period)
            == (measure, PLACE, "skill", period) and cell.is_drawn]  # fmt: skip


def test_the_change_is_the_mean_of_the_published_ones(sample_release: Release) -> None:
    """Planted: empathy, awareness and others grow, so that all of them together do."""
    cell = sample_release.cell("growth_overall", PLACE, "none")
    gains = shown(sample_release, "skill_gain")
    assert len(gains) == 9
    assert cell.estimate == pytest.approx(sum(one.estimate for one in gains) / 9, abs=0.005)
    reach = sum(one.high - one.low for one in gains) / 18
    assert cell.high - cell.estimate == pytest.approx(reach, abs=0.003)
    assert cell.people == min(one.people for one in gains)
    assert cell.verdict == "above"
    assert "as seen by peers, rose by" in cell.sentence


def test_levels_are_the_means_of_the_published_ones(sample_release: Release) -> None:
    waves = list(sample_release.groups("wave"))
    assert len(waves) == 4
    for wave in waves:
        cell = sample_release.cell("growth_level", PLACE, "none", period=wave)
        levels = shown(sample_release, "skill_mean", wave)
        mean = sum(one.estimate for one in levels) / len(levels)
        assert cell.estimate == pytest.approx(mean, abs=0.006)


def test_only_skills_on_the_scale_of_most_count() -> None:
    items = [Item(number, f"s{number}", f"S{number}", "peer", scale)
             for number, scale in enumerate([(1.0, 5.0), (0.0, 10.0), (1.0, 5.0)])]  # fmt: skip
    assert [item.number for item in _alike(items)] == [0, 2]


def test_what_is_hidden_does_not_count(monkeypatch, sample_release: Release) -> None:
    """With every change but two hidden, the mean is that of the two."""
    gains = shown(sample_release, "skill_gain")
    items = tuple(Item(number, one.group, one.group, "peer", (1.0, 5.0), first=True)
                  for number, one in enumerate(gains))  # fmt: skip
    monkeypatch.setattr(
        "builder.overall.RatingData", lambda *_: SimpleNamespace(items=items, waves=())
    )
    run = SimpleNamespace(
        connection=None,
        facts=None,
        places=SimpleNamespace(slices=(SimpleNamespace(key=PLACE, place="here"),)),
        thresholds=Thresholds(),
    )
    (cell,) = overall_cells(run, gains[:2])
    assert cell.estimate == pytest.approx((gains[0].estimate + gains[1].estimate) / 2, abs=0.005)
    (nothing,) = overall_cells(run, [])
    assert (nothing.status, nothing.estimate) == ("small", None)


@pytest.mark.parametrize("measure", ["growth_overall", "growth_level"])
def test_the_audit_counts_the_mean_anew(sample_release: Release, measure: str) -> None:
    assert list(audit_overall(sample_release)) == []
    cells = [replace(cell, estimate=cell.estimate + 0.02) if cell.measure == measure else cell
             for cell in sample_release.contents.cells]  # fmt: skip
    found = list(audit_overall(Release(replace(sample_release.contents, cells=tuple(cells)))))
    assert {finding.rule for finding in found} == {"wrong number"}
    gone = [cell for cell in cells if not cell.measure.startswith("skill_")]
    assert list(audit_overall(Release(Contents(cells=tuple(gone)))))
