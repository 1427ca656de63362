"""Running one page in process, on a release made by hand."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from release import Contents

SECONDS = 30  # the first run imports everything


def _script(name: str, given: object) -> None:
    # its source is run elsewhere, where only what it imports itself is known
    from importlib import import_module

    from access import Viewer
    from release import Release

    import_module(f"pages.{name}").render(Release(given), Viewer(role="owner", pages=(name,)))


@pytest.fixture
def run_page() -> Callable[..., AppTest]:
    """Return a function that runs a page on contents; further words go into the link."""

    def run(name: str, given: Contents, **link: str) -> AppTest:
        app = AppTest.from_function(_script, args=(name, given), default_timeout=SECONDS)
        for key, value in link.items():
            app.query_params[key] = value
        return app.run()

    return run


def words_on(app: AppTest) -> str:
    """Return all text of a page."""
    shown = (*app.title, *app.header, *app.markdown, *app.caption)
    return "\n".join(str(element.value) for element in shown)


def charts_on(app: AppTest) -> list[object]:
    """Return what was sent to the browser for each chart."""
    return [element.proto for element in app.get("vega_lite_chart")]


def tables_of(chart: object) -> list[pa.Table]:
    """Return the data of a chart as the browser receives them."""
    sent = [chart.data, *(dataset.data for dataset in chart.datasets)]
    return [pa.ipc.open_stream(part.data).read_all() for part in sent if part.data]
