"""How strong a claim is, in words: caused, in step with a start, or found together."""

from __future__ import annotations

from dataclasses import replace

from disclosure.publishing import CellStatus, PublishedCell
from disclosure.verdicts import ABOVE, BELOW
from metrics.claims.ladder import Rung

PHRASES: dict[Rung, str] = {
    Rung.CAUSED: "caused, for those assigned",
    Rung.TRENDS: "consistent with an effect if trends were parallel",
    Rung.ASSOCIATED: "associated",
}
"""The strongest word that each rung allows for a difference beyond noise."""
SENTENCES: dict[Rung, str] = {
    Rung.CAUSED: "Chance decided who was given whom, so this was caused by it, for those assigned.",
    Rung.TRENDS: "That is consistent with an effect if trends were parallel.",
    Rung.ASSOCIATED: "They are associated; that is no proof of an effect.",
}
NO_DIFFERENCE = "no difference beyond noise"


def with_claim_words(cell: PublishedCell, rung: Rung) -> PublishedCell:
    """Return a judged claim with the word that its rung allows, in its sentence and as phrase."""
    if cell.status is not CellStatus.SHOWN:
        return cell
    if cell.verdict not in (ABOVE, BELOW):
        words = f"{NO_DIFFERENCE[:1].upper()}{NO_DIFFERENCE[1:]}."
        return replace(cell, phrase=NO_DIFFERENCE, sentence=f"{cell.sentence} {words}")
    return replace(cell, phrase=PHRASES[rung], sentence=f"{cell.sentence} {SENTENCES[rung]}")
