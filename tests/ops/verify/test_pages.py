"""A system's pages as its users get them: well, as described, fast enough."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest

from ops.verify.check import Check
from ops.verify.pages import page_checks
from tests.ops.verify.systems import on_fly

MORE = """
answers: {/ready: {status: {one_of: [healthy]}}}
monitoring:
  notify: {emails: [a@example.com]}
  regions: [us_west]
  probes:
    ready: {path: /ready, slow_above: [%s, 5s]}
    jwks: {path: /jwks.json, json_list: keys}
"""


class _Site(BaseHTTPRequestHandler):
    """Answers paths with what stands in `pages`: (status, document)."""

    pages: ClassVar[dict[str, tuple[int, Any]]] = {}
    seconds: ClassVar[float] = 0.0

    def do_GET(self) -> None:
        time.sleep(self.seconds)
        status, document = self.pages.get(self.path, (404, "not found"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write((document if isinstance(document, str) else json.dumps(document)).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def base() -> Iterator[str]:
    _Site.pages = {"/ready": (200, {"status": "healthy"}), "/jwks.json": (200, {"keys": [{"kid": "1"}]})}
    server = HTTPServer(("127.0.0.1", 0), _Site)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def failed(base: str, target: str = "2s") -> list[str]:
    return [f"{check.name}: {check.said}" for check in checks(base, target) if check.state == "failed"]


def checks(base: str, target: str = "2s") -> list[Check]:
    return list(page_checks("web", on_fly(MORE % target), base))


def test_a_site_that_is_well_passes_every_check(base: str) -> None:
    assert [(check.name, check.state) for check in checks(base)] == [
        ("health", "ok"),
        ("answers", "ok"),
        ("jwks", "ok"),
        ("ready", "ok"),
        ("latency", "ok"),
    ]


def test_an_error_is_shown_with_what_came(base: str) -> None:
    _Site.pages["/ready"] = (503, "no database")
    assert "health: /ready answers 503: no database" in failed(base)


def test_an_answer_that_is_not_as_described_fails(base: str) -> None:
    _Site.pages["/ready"] = (200, {"status": "ill"})
    assert failed(base) == ["answers: /ready: status is 'ill' instead of healthy"]
    _Site.pages["/ready"] = (200, "all is well")
    assert failed(base) == ["answers: /ready answers no JSON: all is well"]


@pytest.mark.parametrize("document", [{"keys": []}, {"keys": "x"}, {}, [], "no json"])
def test_a_jwks_without_keys_fails(base: str, document: Any) -> None:
    _Site.pages["/jwks.json"] = (200, document)
    assert failed(base) == ["jwks: /jwks.json has no entries in its list keys"]


def test_the_lowest_limit_of_a_path_is_its_target(base: str) -> None:
    _Site.seconds = 0.002
    (slow,) = failed(base, target="1ms")
    _Site.seconds = 0.0
    assert slow.startswith("latency: /ready takes ")
    assert slow.endswith(" ms, 1 ms are the target")


def test_where_nothing_listens_everything_says_so() -> None:
    said = failed("http://127.0.0.1:9")
    assert len(said) == 5
    assert said[0].startswith("health: /ready does not answer: ")
