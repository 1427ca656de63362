"""Real servers that tests start on this computer and stop at their end: PostgreSQL, Ralph."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy import URL, create_engine, text

HERE = Path(__file__).parent
PLACES = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin",
          "/usr/local/bin")  # fmt: skip
PROGRAMS = ("initdb", "pg_ctl", "postgres")
USER = "weft"


def postgres_programs() -> Path | None:
    """Return the folder that holds PostgreSQL's programs, or None."""
    return next((Path(p) for p in PLACES if all(Path(p, one).exists() for one in PROGRAMS)), None)


def free_port() -> int:
    """Return a port of this computer that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def postgres(folder: Path) -> Iterator[URL]:
    """Start a PostgreSQL server with its data in the folder; yield the address of a database."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: no initdb, pg_ctl and postgres")
    data, port = folder / "data", free_port()
    # PostgreSQL refuses to run as root
    before = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    before = before if os.geteuid() == 0 else []
    if before:
        _open_to_nobody(folder)
    where = ("-D", str(data))
    _do(*before, str(programs / "initdb"), *where, "-U", USER, "-A", "trust", "-E", "UTF8",
        "--no-sync", "--locale=C.UTF-8")  # fmt: skip
    flags = (f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -c timezone=Asia/Kolkata "
             f"-c unix_socket_directories={folder}")  # fmt: skip
    control = (*before, str(programs / "pg_ctl"), *where)
    _do(*control, "-w", "-l", str(folder / "log"), "-o", flags, "start")
    try:
        yield URL.create("postgresql+psycopg", USER, host="127.0.0.1", port=port, database=USER)
    finally:
        _do(*control, "-m", "immediate", "stop")


def new_database(server: URL) -> str:
    """Make a database of its own on the server; return its address."""
    name = f"weft_{token_hex(6)}"
    engine = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def _open_to_nobody(folder: Path) -> None:
    shutil.chown(folder, "nobody")
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)


def _do(*words: str) -> None:
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    if done.returncode != 0:
        pytest.fail(f"{words[-1]}: {done.stdout}{done.stderr}")


@contextmanager
def ralph(folder: Path, user: str, password: str) -> Iterator[str]:
    """Start the Ralph LRS (openfun) on an empty store; yield the address of its xAPI.

    Its pins do not fit beside those of Weft: it is run by the Python of an environment of its own,
    which ``WEFT_TEST_RALPH_PYTHON`` names.
    """
    python = os.environ.get("WEFT_TEST_RALPH_PYTHON", "")
    if not python or not Path(python).exists():
        pytest.skip("WEFT_TEST_RALPH_PYTHON names no Python that has ralph-malph[lrs,backend-fs]")
    port = free_port()
    words = (python, str(HERE / "connectors" / "ralph_server.py"), str(folder), str(port))
    with (folder / "log").open("w") as log:
        started = subprocess.Popen((*words, user, password), cwd=folder, stdout=log, stderr=log)
        try:
            _wait_for(port, started, folder / "log")
            yield f"http://127.0.0.1:{port}/xAPI"
        finally:
            started.terminate()
            started.wait(30)


def _wait_for(port: int, started: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        if started.poll() is not None:
            pytest.fail(f"the server ended: {log.read_text()[-2000:]}")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("the server did not start within a minute")
