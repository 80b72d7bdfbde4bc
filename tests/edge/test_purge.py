"""Purging asks before it does, and says what Cloudflare answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from ops.edge_purge import purge
from ops.errors import OperationError
from tests.tetrix import ROOT

PAGE = "https://tetrixcorp.com/a"


class Api:
    """A Cloudflare API on loopback. `answers` are given before its own, each once."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any, str | None]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self._server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                api.asked.append((self.command, self.path, body, self.headers.get("authorization")))
                result = [{"id": "z1"}] if self.command == "GET" else {"id": "z1"}
                status, told = api.answers.pop(0) if api.answers else (200, {"success": True, "result": result})
                self.send_response(status)
                self.send_header("retry-after", "0")
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            do_GET = do_POST = answer  # noqa: N815  the server's names

            def log_message(self, format: str, *args: Any) -> None:
                return

        return Handler

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    made = Api()
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "planted-token")
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", made.url)
    yield made
    made.close()


def said(*urls: str, prefixes: tuple[str, ...] = (), everything: bool = False, confirm: str = "tetrixcorp.com") -> str:
    return "\n".join(purge(ROOT, "production", urls, prefixes, everything=everything, confirm=confirm))


def test_without_the_zones_name_nothing_is_sent(api: Api) -> None:
    assert said(PAGE, confirm="") == f"would purge {PAGE} of tetrixcorp.com; to do it, add: --confirm tetrixcorp.com"
    assert api.asked == []


def test_urls_prefixes_or_everything_are_purged_in_the_zone(api: Api) -> None:
    assert said(PAGE) == f"purged {PAGE} of tetrixcorp.com"
    said(prefixes=("tetrixcorp.com/blog",))
    said(everything=True)
    posts = [(path, body) for method, path, body, _ in api.asked if method == "POST"]
    assert posts == [
        ("/zones/z1/purge_cache", {"files": [PAGE]}),
        ("/zones/z1/purge_cache", {"prefixes": ["tetrixcorp.com/blog"]}),
        ("/zones/z1/purge_cache", {"purge_everything": True}),
    ]
    assert {token for *_, token in api.asked} == {"Bearer planted-token"}


def test_many_urls_are_sent_a_hundred_at_a_time(api: Api) -> None:
    said(*(f"{PAGE}{number}" for number in range(101)))
    assert [len(body["files"]) for method, _, body, _ in api.asked if method == "POST"] == [100, 1]


def test_a_throttled_request_is_sent_again(api: Api) -> None:
    api.answers = [(429, {"success": False})]
    assert said(everything=True).startswith("purged everything")
    assert [method for method, *_ in api.asked] == ["GET", "GET", "POST"]


def test_what_cloudflare_refuses_is_said_without_the_token(api: Api) -> None:
    api.answers = [(403, {"success": False, "errors": [{"message": "Authentication error"}]})]
    with pytest.raises(OperationError) as raised:
        said(everything=True)
    assert str(raised.value) == (
        "Cloudflare: GET /zones (403): Authentication error; CLOUDFLARE_API_TOKEN must be valid and may read zones and "
        "DNS, and purge the cache (permissions Zone Read, DNS Read, Cache Purge)"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "say what to purge: --url, --prefix or --everything, one of the three"),
        (
            {"prefixes": ("example.com/a",)},
            "example.com is not one zone of this stack; its hosts are code-academy.tetrixcorp.com, "
            "joromi.tetrixcorp.com, tetrixcorp.com",
        ),
        (
            {"everything": True, "confirm": "yes"},
            "--confirm yes is not the zone, which is tetrixcorp.com",
        ),
    ],
)
def test_a_purge_that_is_not_meant_well_is_refused(api: Api, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(OperationError) as raised:
        said(**arguments)
    assert (str(raised.value), api.asked) == (message, [])


def test_the_token_must_be_there(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    with pytest.raises(OperationError, match="CLOUDFLARE_API_TOKEN is not set; set it to"):
        said(everything=True)
