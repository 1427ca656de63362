"""What a rerun of each page costs, beside a page of the same Streamlit that shows one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.table import Row, show
from weft import ROOT, free_port, start_server, stop_server, wait_until_healthy

PAGES = {"Headlines": "", "Connection": "connection", "Methods": "methods"}
WARM_UP = 5
REPEATS = 60
PAUSE = 0.05
EMPTY_APP = '''"""An empty page, served as Weft is."""

import gc
import os
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st


@asynccontextmanager
async def lifespan(app):
    """Do what Weft does before the port opens."""
    if os.environ.get("FROZEN"):
        gc.collect()
        gc.freeze()
    yield


app = st.App(Path(__file__).parent / "main.py", lifespan=lifespan)

if __name__ == "__main__":
    port = int(os.environ["WEFT_PORT"])
    app.run(config={"server.port": port, "server.address": "127.0.0.1"})
'''
EMPTY_PAGE = 'import streamlit as st\n\nst.title("Empty")\nst.write("One line.")\n'


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds that a process has used so far, exact and whatever else runs."""
    return time.clock_gettime((~pid << 3) | 2)


@contextmanager
def served(home: Path, folder: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    """Serve the app of a folder until the block ends."""
    port = free_port()
    quiet = subprocess.DEVNULL
    process = start_server(port, home, folder, stdout=quiet, stderr=quiet)
    try:
        if not wait_until_healthy(process, port):
            raise RuntimeError(f"the server of {folder} did not start")
        yield process, port
    finally:
        stop_server(process)


def rerun(connection: ClientConnection, page: str) -> tuple[float, int]:
    """Ask for a run of a page; return its seconds and the bytes that came back."""
    request = BackMsg()
    request.rerun_script.page_name = page
    started, received = time.perf_counter(), 0
    connection.send(request.SerializeToString())
    while True:
        payload = connection.recv(timeout=60)
        received += len(payload)
        if ForwardMsg.FromString(payload).WhichOneof("type") == "script_finished":
            return time.perf_counter() - started, received


def figures(process: subprocess.Popen, port: int, page: str) -> tuple[float, ...]:
    """Return CPU ms, round trip ms (median, 95th percentile) and kB of one rerun."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as connection:
        for _ in range(WARM_UP):
            rerun(connection, page)
        before, measured = cpu_seconds(process.pid), []
        for _ in range(REPEATS):
            time.sleep(PAUSE)
            measured.append(rerun(connection, page))
        spent = (cpu_seconds(process.pid) - before) / REPEATS
    seconds, sizes = np.array(measured).T
    median, slow = np.quantile(seconds, (0.5, 0.95))
    return spent * 1000, median * 1000, slow * 1000, sizes.mean() / 1000


def empty_app(folder: Path) -> Path:
    """Write the empty app, with Weft's own settings of Streamlit."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.py").write_text(EMPTY_APP, encoding="utf-8")
    (folder / "main.py").write_text(EMPTY_PAGE, encoding="utf-8")
    if (ROOT / ".streamlit").exists():
        shutil.copytree(ROOT / ".streamlit", folder / ".streamlit", dirs_exist_ok=True)
    return folder


def run(folder: Path, home: Path) -> None:
    """Print what a rerun of every page costs."""
    empty, rows = empty_app(folder / "empty"), []
    for name, frozen in (("empty page, memory frozen", "1"), ("empty page, as it comes", "")):
        os.environ["FROZEN"] = frozen
        with served(home, empty) as (process, port):
            rows.append(Row(name, figures(process, port, "")))
    with served(home, ROOT) as (process, port):
        rows += [Row(name, figures(process, port, page)) for name, page in PAGES.items()]
    show("one rerun, warm server", ("CPU ms", "median ms", "95 % ms", "kB"), rows)
