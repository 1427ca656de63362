"""A test server is the one that was started, not one that an earlier run left behind."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from tests.browser.serving import listens


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_only_the_process_that_listens_is_taken_for_the_server() -> None:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        port = ours.getsockname()[1]
        assert not listens(os.getpid(), port)  # bound, not listening yet
        ours.listen()
        assert listens(os.getpid(), port)
        assert not listens(os.getppid(), port)
