"""Small cohorts that are watched together: their alarm is told under the name of the programme."""

from __future__ import annotations

from release import Release
from tests.small_release import COHORT, PROGRAMME, cell, contents, undefined
from tests.ui.test_engagement import share
from ui.engagement_answer import engagement_sentence
from ui.pictures.engagement import quiet, standings, strip_finding
from ui.words import plain

SMALL = "fewer than ten people a cycle, so it is watched with the other small cohorts"


def release_of(verdict: str, phrase: str = "") -> Release:
    together = share(0.5, verdict, measure="cohort_alarm", slice=PROGRAMME, phrase=phrase)
    alone = undefined(measure="cohort_alarm", breakdown="none", slice=COHORT, reason=SMALL)
    return Release(contents([together, alone, cell()]))


def test_their_alarm_is_named_after_the_programme() -> None:
    release = release_of("below", "since month 9")
    assert list(quiet(release, "organisation")) == [PROGRAMME]
    said = plain(engagement_sentence(release, "organisation"))
    assert said.startswith("Crossings (small cohorts) has been going quiet since month 9")
    assert plain(strip_finding(release, PROGRAMME)) == (
        "Crossings (small cohorts) has been below its own rhythm since month 9"
    )


def test_their_calm_is_told_too() -> None:
    assert "going quiet, beyond what chance gives" in plain(
        engagement_sentence(release_of("noise"), "organisation")
    )


def test_a_single_cohort_does_not_stand_for_the_others() -> None:
    assert list(standings(release_of("below", "since month 9"), COHORT)) == [COHORT]
