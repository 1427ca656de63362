"""A server of its own for a test: started as a user starts it, and ended with all it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from weft import ROOT, free_port, start_server, wait_until_healthy


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    pid: int


@contextmanager
def serving(home: Path, log: Path, folder: Path = ROOT) -> Iterator[Server]:
    """Serve a home on a free port until the block ends; what the server says goes to the log."""
    port = free_port()
    with log.open("w", encoding="utf-8") as words:
        process = start_server(
            port, home, folder, stdout=words, stderr=words, start_new_session=True
        )
        try:
            if not wait_until_healthy(process, port) or not listens(process.pid, port):
                raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            _end(process)


def listens(pid: int, port: int) -> bool:
    """Tell whether it is this process that listens on the port (Linux; elsewhere assumed).

    A server left over by an earlier run would answer the question for its health as well.
    """
    if sys.platform != "linux":
        return True
    sockets = {
        f"socket:[{fields[9]}]"
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        if Path(table).exists()
        for fields in map(str.split, Path(table).read_text().splitlines()[1:])
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port
    }
    held = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            held.add(os.readlink(descriptor))
    return bool(sockets & held)


def _end(process: subprocess.Popen) -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    else:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
