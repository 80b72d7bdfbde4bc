"""The edge over HTTP says the same as the explanation."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
import urllib3

from edge.limits import Counters
from edge.proxy import Answer, Proxy
from edge.request import Request
from ops.edge_try import PAGE, application
from ops.stack import load_stack
from planning.edge_site import sites
from sandbox.listener import Listener, bind
from tests.edge.requests import CASES, Case, performance, tetrix
from tests.tetrix import ROOT

pytestmark = pytest.mark.server


class Tried:
    """A proxy that listens, before an origin that counts. Time stands still unless a test moves it."""

    def __init__(self, stack: str, headers: dict[str, str] | None = None, status: int = 200) -> None:
        self.stack = stack
        self.now = 0.0
        self.asked: list[Request] = []
        self.proxy = Proxy(sites(load_stack(ROOT, stack)), lambda: self.now)
        self._answer = Answer(status, {"x-powered-by": "the app", **(headers or {})}, b"<html>")
        self._loop = asyncio.new_event_loop()
        host = min(self.proxy.sites[0].hosts)
        self._listener = Listener(application(self.proxy, self._origin, host), bind(None))
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listener.open(), self._loop).result()
        self._pool = urllib3.PoolManager(retries=False)

    async def _origin(self, request: Request) -> Answer:
        self.asked.append(request)
        return self._answer

    def send(self, case: Case) -> urllib3.BaseHTTPResponse:
        host, _, tail = case.url.removeprefix("https://").partition("/")
        url = f"http://127.0.0.1:{self._listener.port}/{tail}"
        return self._pool.request(
            case.method, url, headers={"Host": host, **dict(case.headers)}, body=case.body, redirect=False
        )

    def forget(self) -> None:
        """Empty the cache and the counters."""
        self.proxy.cache.clear()
        self.proxy.counters = Counters(lambda: self.now)

    def close(self) -> None:
        self._pool.clear()
        asyncio.run_coroutine_threadsafe(self._listener.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Iterator[Tried]:
    made = Tried(request.param)
    yield made
    made.close()


@pytest.mark.parametrize("tried", sorted({case.stack for case in CASES}), indirect=True)
def test_it_answers_as_explained(tried: Tried) -> None:
    for case in (case for case in CASES if case.stack == tried.stack):
        tried.forget()
        for _ in range(case.times - 1):
            tried.send(case)
        before = len(tried.asked)
        _agrees(case, tried.send(case))
        again = tried.send(case)
        if case.edge is not None:
            state = "HIT" if case.method != "HEAD" else "MISS"
            assert (again.headers["cf-cache-status"], case.id) == (state, case.id)
        elif case.verdict == "answered" and case.times == 1:
            assert (len(tried.asked), case.id) == (before + 2, case.id)


def _agrees(case: Case, got: urllib3.BaseHTTPResponse) -> None:
    status = {"answered": 200, "blocked": 403, "limited": 429}[case.verdict]
    assert (got.status, case.id) == (status, case.id)
    if case.verdict != "answered":
        return
    if case.browser:
        assert f"max-age={case.browser}" in got.headers["cache-control"], case.id
    elif case.browser == 0:
        assert "no-store" in got.headers["cache-control"] or "max-age=0" in got.headers["cache-control"], case.id
    else:
        assert "cache-control" not in got.headers or case.method == "POST", case.id


@pytest.mark.parametrize("tried", ["production"], indirect=True)
def test_what_is_kept_is_asked_for_again_only_when_its_time_is_over(tried: Tried) -> None:
    page = tetrix("GET", "/")
    assert [tried.send(page).headers["cf-cache-status"] for _ in range(3)] == ["MISS", "HIT", "HIT"]
    tried.now = 3599.0
    got = tried.send(page)
    assert (got.headers["cf-cache-status"], got.headers["age"], len(tried.asked)) == ("HIT", "3599", 1)
    tried.now = 3600.0
    assert tried.send(page).headers["cf-cache-status"] == "MISS"


@pytest.mark.parametrize("tried", ["production"], indirect=True)
def test_nobody_with_a_login_gets_what_a_worker_keeps(tried: Tried) -> None:
    tried.send(tetrix("GET", "/"))
    logged_in = tetrix("GET", "/", headers=(("cookie", "s=1"),))
    assert [tried.send(logged_in).headers["cf-cache-status"] for _ in range(2)] == ["BYPASS", "BYPASS"]


@pytest.mark.parametrize("tried", ["performance"], indirect=True)
def test_two_bodies_are_two_calculations(tried: Tried) -> None:
    one, other = (performance("POST", "/api/v1/calculations", body=body) for body in (b"1", b"2"))
    states = [tried.send(case).headers["cf-cache-status"] for case in (one, other, one, other)]
    assert states == ["MISS", "MISS", "HIT", "HIT"]


@pytest.mark.parametrize("tried", ["performance"], indirect=True)
def test_the_51st_request_of_a_minute_is_refused_with_a_body_for_programs(tried: Tried) -> None:
    case = performance("GET", "/api/v1/estimates")
    statuses = [tried.send(case).status for _ in range(51)]
    assert statuses == [200] * 50 + [429]
    got = tried.send(case)
    assert (got.headers["content-type"], got.json()) == ("application/json", {"error": "too many requests"})
    assert len(tried.asked) == 50


@pytest.mark.parametrize("tried", ["production"], indirect=True)
def test_the_headers_of_every_answer_are_the_systems_own(tried: Tried) -> None:
    got = tried.send(tetrix("GET", "/api/contact"))
    assert (got.headers["x-frame-options"], "x-powered-by" in got.headers) == ("DENY", False)


@pytest.mark.parametrize("tried", ["performance"], indirect=True)
def test_the_page_shows_rules_with_their_hits_and_the_cache(tried: Tried) -> None:
    tried.send(performance("GET", "/_next/static/a.js?<b>"))
    text = tried.send(performance("GET", PAGE)).data.decode()
    assert "paintbox-performance_static</code></td><td><code>set_cache_settings" in text
    assert '<td class="number">31536000</td>' in text
    assert "<b>" not in text


def test_an_error_of_the_origin_is_passed_on_and_not_kept() -> None:
    made = Tried("production", status=500)
    try:
        answers = [made.send(tetrix("GET", "/")) for _ in range(2)]
        assert [(got.status, got.headers["cf-cache-status"]) for got in answers] == [(500, "BYPASS")] * 2
    finally:
        made.close()
