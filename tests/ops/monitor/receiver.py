"""A web server on loopback that answers as it is told and keeps what it got."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What a path is answered with, after so many seconds."""

    body: bytes = b"ok"
    status: int = 200
    seconds: float = 0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Got:
    """A request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """The server: `answers` by path; any other path is answered with 404. At the end all answers come at once."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answers: dict[str, Answer] = {}
        self.got: list[Got] = []


@contextlib.contextmanager
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            told.got.append(Got(self.command, self.path, headers, body))
            answer = told.answers.get(self.path, Answer(b"not found", 404))
            ended.wait(answer.seconds)
            with contextlib.suppress(OSError):
                self.send_response(answer.status)
                for name, value in {"content-length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            pass

    ended = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield told
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
