"""The picture of how scores spread: where published, with the last wave in its finding."""

from __future__ import annotations

from release import Release
from release.contents import Contents, Group
from tests.small_release import hidden
from tests.survey_release import WAVES, share, survey_cells, survey_contents
from ui.pictures.spread import BANDS, spread_finding, spread_pictures
from ui.words import plain

SAFETY = "psychological_safety"


def release(cells):
    """Return the survey release with bands of psychological safety."""
    base = survey_contents()
    names = [
        Group(breakdown="scale_band", key=f"{SAFETY}.{band}", label=words, short=band, sort=0)
        for band, words in zip(BANDS, ("below 2.5", "2.5 to 3.5", "3.5 or more"), strict=True)
    ]
    return Release(
        Contents(
            cells=(*survey_cells(), *cells), measures=base.measures, scopes=base.scopes,
            groups=(*base.groups, *names), periods=base.periods, about=base.about,
        )
    )  # fmt: skip


def bands(wave, *shares):
    at = {"measure": "scale_band_share", "breakdown": "scale_band", "period": wave}
    return [
        share(value, group=f"{SAFETY}.{band}", **at)
        for band, value in zip(BANDS, shares, strict=True)
    ]


def test_nothing_stands_there_where_no_bands_are_published():
    assert spread_pictures(release([]), "organisation", None) == []
    found = release(bands("wave-1", 0.1, 0.4, 0.5))
    assert spread_pictures(found, "programme=p", None) == []


def test_the_last_wave_is_the_finding_and_every_wave_a_bar():
    cells = [*bands("wave-1", 0.1, 0.4, 0.5), *bands("wave-2", 0.08, 0.3, 0.62)]
    (picture,) = spread_pictures(release(cells), "organisation", None)
    assert plain(picture.finding) == "Psychological safety: 62 % score high, 8 % low"
    assert len(picture.finding.split()) <= 14
    assert len(picture.cells) == 6 and len({row["row"] for row in picture.rows}) == 3
    assert "below 2.5" in plain(picture.how_to_read) and "3.5 or more" in plain(picture.how_to_read)
    assert picture.columns["Wave"] == [name for name in WAVES.values() for _ in BANDS]
    assert picture.names[f"{SAFETY}.low"] == "Psychological safety: low (below 2.5)"


def test_hidden_waves_say_so():
    at = {"measure": "scale_band_share", "breakdown": "scale_band", "period": "wave-1"}
    cells = [hidden(group=f"{SAFETY}.{band}", **at) for band in BANDS]
    (picture,) = spread_pictures(release(cells), "organisation", None)
    assert picture.finding == "Too few answered to show how scores spread"
    assert spread_finding({}) == picture.finding
