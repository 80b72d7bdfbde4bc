"""An HTTP server on loopback that answers what a test wrote down, each answer once."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


@dataclass
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Scripted:
    """`answers` come in their order, then always `{}`. `asked` has the method and path of each request."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[Any] = []
        self.answers: list[Answer] = []
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def say(self, status: int = 200, body: Any = None, **headers: str) -> None:
        self.answers.append(Answer(status, body, {name.replace("_", "-"): text for name, text in headers.items()}))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        script = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                script.bodies.append(json.loads(self.rfile.read(length)) if length else None)
                script.asked.append(f"{self.command} {self.path}")
                answer = script.answers.pop(0) if script.answers else Answer(body={})
                self.send_response(answer.status)
                for name, text in answer.headers.items():
                    self.send_header(name, text)
                raw = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
                raw = b"" if answer.body is None else raw
                self.send_header("content-length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PUT = answer  # noqa: N815  the server's names

            def log_message(self, format: str, *args: Any) -> None:
                return

        return Handler
