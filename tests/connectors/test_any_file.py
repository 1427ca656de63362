"""Whatever a file holds, it is read or refused in words: nothing else happens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.checks import check
from connectors.headers import declared_columns
from connectors.parts import parts_of
from connectors.reading import UnreadableFileError
from schema import CANONICAL

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ODD_CELLS = (
    "", " ", "0", "-0", "1e400", "-1e-400", "nan", "inf", "9" * 400, "1.", ".", "+", "0000-01-01",
    "9999-12-31", "2026-02-30", "2026-01-01T25:00:00Z", "2026-01-01T10:00:00+99:99",
    "2026-01-01T10:00:00.123456789Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00",
    "=HYPERLINK(1)", '"); DROP TABLE person;--', "\ufeff", "é\u0301", "😊", "\x1f", "\x7f", "true",
    "given", "completed", "\u2028", "x" * 500,
)  # fmt: skip

cells = st.sampled_from(ODD_CELLS) | st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "any.csv"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes, file: Path) -> None:
    for path in (file, file.with_suffix(".parquet")):
        path.write_bytes(content)
        try:
            check(CANONICAL["person"], next(parts_of(path, "person")), NOW)
        except UnreadableFileError as error:
            assert str(error).endswith("File refused.")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_cells_are_accepted_or_refused_and_every_row_is_accounted_for(
    data: st.DataObject, file: Path
) -> None:
    table = CANONICAL[data.draw(st.sampled_from(sorted(CANONICAL)))]
    names = [column.name for column in declared_columns(table)]
    row = st.lists(cells, min_size=len(names), max_size=len(names))
    rows = data.draw(st.lists(row, min_size=1, max_size=4))
    quoted = (['"{}"'.format(cell.replace('"', '""')) for cell in row] for row in rows)
    file.write_bytes("\n".join([",".join(names), *map(",".join, quoted)]).encode())
    batch = check(table, next(parts_of(file, table.name)), NOW)
    refused = {reason.row_number for reason in batch.rejected}
    repeated = sum(int(n.split()[0]) for n in batch.notes if "repeated rows" in n)
    assert not refused & set(batch.frame["row_number"])
    assert len(batch.frame) + len(refused) + repeated == len(rows)
