"""What starts again and again starts quickly: heavy libraries wait until something needs them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from weft import ROOT

HEAVY = ("scipy.stats", "sklearn", "statsmodels", "vl_convert", "openpyxl")


@pytest.mark.parametrize("module", ["builder.build", "connectors.__main__", "ui.main"])
def test_a_module_brings_no_heavy_library_along(module: str) -> None:
    """Each of them takes from a tenth of a second to two, in every process that imports it."""
    code = f"import importlib, sys; importlib.import_module('{module}'); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) & set(HEAVY) == set()
