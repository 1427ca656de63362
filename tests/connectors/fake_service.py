"""A web service in a thread of the test, on this computer only, that misbehaves as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as the service saw it."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """An answer; ``promised`` is the length announced, longer than the body where it breaks off."""

    content: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    promised: int | None = None


Behaviour = Callable[[Asked], Reply]


class FakeService:
    """What the service was asked, and how it behaves at each path."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.behaviours: dict[str, Behaviour] = {}
        self.asked: list[Asked] = []

    def at(self, path: str, *replies: Reply | Behaviour) -> None:
        """Answer at a path with one reply after the other, then with the last one for ever."""
        left = list(replies)

        def next_reply(asked: Asked) -> Reply:
            reply = left.pop(0) if len(left) > 1 else left[0]
            return reply(asked) if callable(reply) else reply

        self.behaviours[path] = next_reply

    def answer(self, asked: Asked) -> Reply:
        """Return the reply for a request and remember it."""
        self.asked.append(asked)
        behaviour = self.behaviours.get(asked.path)
        return behaviour(asked) if behaviour else Reply({"error": "no such path"}, 404)


@contextmanager
def fake_service() -> Iterator[FakeService]:
    """Start a service on a free port of this computer, and stop it at the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._reply(dict(parse_qsl(body.decode())))

        def _reply(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            reply = service.answer(Asked(parts.path, query, dict(self.headers), form))
            body = _body(reply)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(reply.promised or len(body)))
            self.end_headers()
            self.wfile.write(body)
            if reply.promised:
                self.close_connection = True

        def log_message(self, *words: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing: a client may hang up, as it should when an answer is too long."""

    server = Quiet(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service = FakeService(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _body(reply: Reply) -> bytes:
    if isinstance(reply.content, bytes):
        return reply.content
    if isinstance(reply.content, str):
        return reply.content.encode()
    return b"" if reply.content is None else json.dumps(reply.content).encode()
