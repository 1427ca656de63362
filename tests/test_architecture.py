"""The rooms keep to the direction of the data, and every file to the rules of the house."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parent.parent
WITHOUT_RULES = {"tests"}

# Which rooms a room may import, itself apart. A new room fails until it stands here.
VIEWER = {"ui", "pages", "charts", "access", "plans", "release", "settings"}
MAY_IMPORT: dict[str, set[str]] = {
    "schema": set(),
    "metrics": set(),
    "connectors": {"schema"},
    "store": {"schema", "settings"},
    "disclosure": {"schema", "metrics"},
    "release": {"settings"},
    "builder": {"store", "metrics", "disclosure", "release", "schema", "settings"},
    "charts": {"release"},
    "access": {"release", "settings"},
    "plans": set(),
    "ui": {"charts", "access", "plans", "release", "settings"},
    "pages": {"ui", "charts", "access", "release"},
    "sample_data": {"schema"},
    "app": VIEWER,
    "settings": set(),
    "weft": {"settings"},
}
MAY_IMPORT["benchmarks"] = set(MAY_IMPORT)

# The command of a room, and each of its verbs, is wiring: it opens what it starts.
WIRING = {"settings", "store"}
EXCEPTIONS: dict[str, set[str]] = {"ui/main.py": VIEWER}

# Who may import a package at all; files stand here by their path.
ONLY_IN: dict[str, set[str]] = {
    "streamlit": {"app", "ui", "pages", "access"},
    "altair": {"charts"},
    "sqlalchemy": {"schema", "store", "connectors/sources/sql.py"},
    "duckdb": {"release", "store"},
    "igraph": set(),
    "networkx": set(),
    "pickle": set(),
}
# What a room may import beside the standard library; rooms that are absent here are free.
PACKAGES: dict[str, set[str]] = {
    "metrics": {"numpy", "pandas", "scipy", "statsmodels", "sklearn", "threadpoolctl"},
    "pages": {"streamlit"},
    "plans": set(),
    "weft": set(),
    "settings": set(),
}
# Words of SQLAlchemy that say what a column or a connection is. They make no SQL, so these rooms
# may read the declared tables with them.
DECLARATION = {
    *("Boolean", "Column", "Date", "DateTime", "Double", "Integer", "String", "Table"),
    *("Connection", "Engine", "make_url"),
}
READS_DECLARATIONS = {"connectors", "sample_data", "builder"}
# The one place that may send HTML, and all that it may send: the style sheet beside it.
STYLED_BY = "ui/main.py"
STYLE_SHEET_CALL = "st.html(HERE / 'style.css')"
# The tiles are one piece of HTML, for speed; tests/ui/test_tiles.py sees that nothing in it runs.
WRITES_HTML = "ui/tiles.py"
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "core", "manager", "services", "models"}


def room_of(path: str) -> str:
    """Return the room that a file belongs to."""
    return PurePosixPath(path).parts[0].removesuffix(".py")


def product_files() -> list[str]:
    """Return every Python file of the checkout that is neither hidden nor a test."""
    rooms = [
        path
        for path in ROOT.iterdir()
        if not path.name.startswith(".") and path.name not in WITHOUT_RULES
    ]
    found = (file for room in rooms for file in ([room] if room.is_file() else room.rglob("*.py")))
    return sorted(file.relative_to(ROOT).as_posix() for file in found if file.suffix == ".py")


def imports(tree: ast.Module, room: str) -> Iterator[str]:
    """Yield the top-level name of everything that a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not _only_declares(node, room):
            yield room if node.level else (node.module or "").partition(".")[0]


def _only_declares(node: ast.ImportFrom, room: str) -> bool:
    names = {alias.name for alias in node.names}
    return node.module == "sqlalchemy" and room in READS_DECLARATIONS and names <= DECLARATION


def allowed_rooms(path: str) -> set[str]:
    """Return the rooms that a file may import."""
    room = room_of(path)
    is_wiring = path.endswith("/__main__.py") or path.startswith("connectors/commands/")
    wiring = WIRING if is_wiring else set()
    return {room} | MAY_IMPORT[room] | EXCEPTIONS.get(path, set()) | wiring


def wrong_imports(path: str, tree: ast.Module) -> Iterator[str]:
    """Yield what is wrong with a file's imports."""
    room = room_of(path)
    for name in sorted(set(imports(tree, room))):
        if name in MAY_IMPORT:
            if name not in allowed_rooms(path):
                yield f"{room} may not import {name}"
        elif name == "tests":
            yield "only tests import tests"
        elif name in ONLY_IN and room != "benchmarks" and not {room, path} & ONLY_IN[name]:
            yield f"{name} is not for {room}"
        elif room in PACKAGES and name not in PACKAGES[room] | set(sys.stdlib_module_names):
            yield f"{room} may not import {name}"


def forbidden_words(path: str, tree: ast.Module) -> Iterator[str]:
    """Yield the constructs that no file may hold."""
    style = _style_sheet_calls(tree) if path == STYLED_BY else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield "a bare except hides every mistake"
        elif isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html":
            yield "no raw HTML: unsafe_allow_html"
        elif _is_raw_html(node) and node not in style and path != WRITES_HTML:
            yield "no raw HTML: st.html"
        elif isinstance(node, ast.Assert):
            yield "assert is for tests; raise an error with a remedy"


def _is_raw_html(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "html" and _is(node.value, "st")


def _style_sheet_calls(tree: ast.Module) -> set[ast.AST]:
    """Return the uses of st.html that only name the constant style sheet."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {call.func for call in calls if ast.unparse(call) == STYLE_SHEET_CALL}


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def acts_on_import(tree: ast.Module) -> Iterator[str]:
    """Yield the top-level statements of a page that do more than define.

    A page that runs when it is imported would run without the router and the sign-in.
    """
    for node in tree.body:
        if _is_docstring(node) or isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef):
            continue
        constant = isinstance(node, ast.Assign | ast.AnnAssign)
        if not constant or any(isinstance(part, ast.Call) for part in ast.walk(node)):
            yield f"line {node.lineno}: a page only defines imports, constants and functions"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def complaints(path: str, source: str) -> list[str]:
    """Return everything that is wrong with a file of the product."""
    tree = ast.parse(source)
    found = [*wrong_imports(path, tree), *forbidden_words(path, tree)]
    if not ast.get_docstring(tree):
        found.append("the module says nowhere what is in it")
    if room_of(path) == "pages":
        found += acts_on_import(tree)
    return found


@pytest.mark.parametrize("path", product_files())
def test_a_file_keeps_to_the_rules(path: str) -> None:
    assert room_of(path) in MAY_IMPORT, f"{room_of(path)} has no place among the rooms yet"
    assert complaints(path, (ROOT / path).read_text(encoding="utf-8")) == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    tests = (file.relative_to(ROOT).as_posix() for file in (ROOT / "tests").rglob("*.py"))
    words = {
        part.removesuffix(".py")
        for path in (*product_files(), *tests)
        for part in PurePosixPath(path).parts
    }
    assert words & NAMES_THAT_SAY_NOTHING == set()


def test_the_launcher_reads_on_a_python_too_old_to_run_it() -> None:
    """Otherwise its owner would see a syntax error instead of the advice to use a newer one."""
    ast.parse((ROOT / "weft.py").read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("pages/connection.py", "from store import database"),
        ("pages/connection.py", "import pandas"),
        ("pages/connection.py", "import streamlit as st\nst.title('runs on import')"),
        ("pages/connection.py", "CHOICES = compute()"),
        ("pages/connection.py", "class State:\n    pass"),
        ("ui/frame.py", "import streamlit as st\nst.markdown('x', unsafe_allow_html=True)"),
        ("ui/frame.py", "import streamlit as st\nst.html('x')"),
        ("ui/frame.py", "import streamlit as st\nst.html(HERE / 'style.css')"),
        ("ui/main.py", "import streamlit as st\nst.html('<b>' + name)"),
        ("ui/main.py", "import streamlit as st\nst.html(HERE / name)"),
        ("ui/frame.py", "from metrics import MEASURES"),
        ("ui/frame.py", "import pages"),
        ("metrics/rates.py", "import sqlalchemy"),
        ("metrics/rates.py", "def late():\n    import schema"),
        ("metrics/rates.py", "import networkx"),
        ("builder/run.py", "import streamlit.testing"),
        ("builder/run.py", "import duckdb"),
        ("connectors/moodle.py", "import sqlalchemy"),
        ("connectors/moodle.py", "from sqlalchemy import Column, select"),
        ("ui/frame.py", "from sqlalchemy import Column"),
        ("connectors/moodle.py", "from store import database"),
        ("release/freezing.py", "import store"),
        ("release/freezing.py", "import pickle"),
        ("disclosure/gate.py", "try:\n    pass\nexcept:\n    pass"),
        ("disclosure/gate.py", "assert True"),
        ("charts/heat.py", "from tests.browser import serving"),
        ("weft.py", "import pandas"),
    ],
)
def test_the_check_sees_what_it_forbids(path: str, source: str) -> None:
    assert len(complaints(path, f'"""Planted."""\n{source}')) == 1


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("ui/main.py", "from pages import connection"),
        ("ui/main.py", "import streamlit as st\nst.html(HERE / 'style.css')"),
        ("builder/__main__.py", "import settings\nfrom store.database import open_store"),
        ("connectors/__main__.py", "import settings\nfrom store.importing import import_tables"),
        ("connectors/sources/sql.py", "import sqlalchemy"),
        ("connectors/checks.py", "from sqlalchemy import Boolean, Column"),
        (
            "pages/connection.py",
            "import streamlit as st\nNAMES = ('a', 'b')\ndef render(): st.text(1)",
        ),
        ("disclosure/gate.py", "from metrics.definition import Result"),
        ("benchmarks/mixing.py", "import networkx"),
    ],
)
def test_the_check_lets_pass_what_is_meant(path: str, source: str) -> None:
    assert complaints(path, f'"""Planted."""\n{source}') == []
