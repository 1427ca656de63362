"""The glossary in docs/ is the one that the definitions give."""

from __future__ import annotations

from pathlib import Path

from metrics import MEASURES
from metrics.glossary import glossary

WRITTEN = Path(__file__).parents[2] / "docs" / "glossary.md"


def test_the_written_glossary_is_the_present_one():
    assert WRITTEN.read_text(encoding="utf-8") == glossary(MEASURES), (
        "run: python -m metrics > docs/glossary.md"
    )


def test_every_measure_has_an_entry():
    written = glossary(MEASURES)
    assert all(f"`{measure.key}`" in written for measure in MEASURES)
