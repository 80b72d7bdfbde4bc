"""An HTTP server on loopback that keeps what it is told, and gives planned trouble first."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

TOKEN = "planted-forge-token"


class Asked(NamedTuple):
    method: str
    path: str
    body: Any


class Answer(NamedTuple):
    status: int
    content: Any = None
    headers: Mapping[str, str] = {}


class Trouble(NamedTuple):
    """The next request of this method whose path matches gets the answer; after it was carried out, with `late`."""

    method: str
    path: str
    answer: Answer | None
    late: bool = False


Route = Callable[..., Answer]


class Fake:
    """A forge. Sub-classes add routes: method and pattern to a function of the match's groups, the query and body."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.troubles: list[Trouble] = []
        self.routes: dict[tuple[str, str], Route] = {}
        self.page_length = 100
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # headers and content in one packet, or each answer waits for the kernel

            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                raw = self.rfile.read(length)
                fake._serve(self, json.loads(raw) if raw else None)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815  the server's names

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def methods(self) -> str:
        """The methods asked with, in order, without the question who one is."""
        return " ".join(asked.method for asked in self.asked if asked.path != "/user")

    def denied(self, headers: Mapping[str, str]) -> Answer | None:
        """What a forge says to a request with such headers, None when it lets it in."""
        raise NotImplementedError

    def _serve(self, handler: BaseHTTPRequestHandler, body: Any) -> None:
        address = urlsplit(handler.path)
        self.asked.append(Asked(handler.command, address.path, body))
        trouble = next(
            (t for t in self.troubles if t.method == handler.command and re.fullmatch(t.path, address.path)), None
        )
        if trouble:
            self.troubles.remove(trouble)
        if trouble and not trouble.late:
            answer = trouble.answer
        else:
            answer = self.denied(handler.headers) or self._routed(handler.command, address.path, address.query, body)
            answer = trouble.answer if trouble else answer
        if answer is None:
            handler.close_connection = True
            return
        content = b"" if answer.content is None else json.dumps(answer.content).encode()
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _routed(self, method: str, path: str, query: str, body: Any) -> Answer:
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        for (of, pattern), route in self.routes.items():
            match = re.fullmatch(pattern, path)
            if match and of == method:
                return route(*match.groups(), query=asked, body=body)
        return Answer(404, {"message": "Not Found"})

    def page(self, path: str, entries: list[Any], query: Mapping[str, str]) -> Answer:
        """One page of a list, with a link to the next."""
        length = min(int(query.get("per_page", "30")), self.page_length)
        number = int(query.get("page", "1"))
        start = (number - 1) * length
        more = "&".join(f"{name}={value}" for name, value in {**query, "page": str(number + 1)}.items())
        last = start + length >= len(entries)
        link = {} if last else {"link": f'<{self.url}{path}?{more}>; rel="next", <{self.url}{path}>; rel="last"'}
        return Answer(200, entries[start : start + length], link)
