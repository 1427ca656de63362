"""The store says nothing by itself on anybody's terminal."""

from __future__ import annotations

import subprocess
import sys

from weft import ROOT

ASK = """
from sqlalchemy import text
from store.database import open_store, open_to_read

for opened in (open_store({url!r}), open_to_read({url!r})):
    with opened.connect() as connection:
        print(connection.scalar(text("SELECT current_setting('enable_progress_bar')")))
    opened.dispose()
"""


def test_a_process_without_a_script_draws_no_bars_over_what_weft_prints(tmp_path):
    # as the processes that build side by side are started
    script = ASK.format(url=f"duckdb:///{tmp_path / 'store.duckdb'}")
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
