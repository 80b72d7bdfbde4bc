"""The generator is open loop: what the server does changes neither when requests are sent nor what counts."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from ops.errors import OperationError
from ops.loadtest.generator import Generator
from ops.loadtest.histogram import Histogram
from ops.loadtest.moment import Moment
from ops.loadtest.recording import Recording
from ops.loadtest.schedule import schedule
from ops.loadtest.target import Target
from planning.load_plan import LoadPlan
from settings.load_test import LoadRequest
from tests.loadtest.conftest import Start
from tests.loadtest.plans import plan, steady
from tests.loadtest.server import Server
from tests.ops.monitor.certificate import key_pair

pytestmark = pytest.mark.server


def run(wanted: LoadPlan, url: str, told: list[Moment] | None = None) -> Recording:
    generator = Generator(wanted, schedule(wanted, 1), Target(url))
    return asyncio.run(generator.run((told if told is not None else []).append))


def closed_loop(url: str, seconds: float, rate: float) -> Histogram:
    """As a closed loop measures: the next request waits for the last answer, and each counts from its own start."""
    parts = urlsplit(url)
    found = Histogram()
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            connection.sendall(b"GET / HTTP/1.1\r\nhost: sample\r\n\r\n")
            connection.recv(1000)
            took = time.monotonic() - begun
            found.add(took)
            time.sleep(max(0.0, 1 / rate - took))
    return found


def test_a_stall_of_a_second_in_ten_shows_in_p99_and_a_closed_loop_hides_it(start: Start) -> None:
    url = start(1, 10)
    with ThreadPoolExecutor() as beside:
        closed = beside.submit(closed_loop, url, 20, 200)
        opened = run(plan(steady(20, 200), think=1, timeout=30), url).whole()
    assert opened.requests == 20 * 200
    assert opened.errors == 0
    # Nine of ten requests of a stall that takes a tenth of the time wait for at least a tenth of it.
    assert opened.latencies.percentile(99) > 0.7
    assert opened.latencies.percentile(50) < 0.5
    assert closed.result().percentile(100) > 0.7
    assert closed.result().percentile(99) < 0.5


def test_every_request_ends_with_an_answer_and_users_keep_their_connections(server: str) -> None:
    told: list[Moment] = []
    found = run(plan(steady(2.2, 100), think=0.1), server, told)
    assert found.whole().outcomes == {"200": 220}
    assert found.answered_at.total() == 220
    assert found.users_at[0] == 10
    assert 0 < told[0].requests <= told[-1].requests <= 220
    assert told[0].errors == 0


def test_an_error_of_the_server_is_an_error_and_its_answer_counts_in_time(server: str) -> None:
    wanted = plan(steady(0.2, 100), slow=LoadRequest(path="/slow"), bad=LoadRequest(path="/error"))
    found = run(wanted, server)
    whole = found.whole()
    assert whole.errors == whole.outcomes["500"] > 0
    assert whole.requests == whole.latencies.total == 20
    assert found.whole(lambda where: where[2] == 0).latencies.percentile(1) >= 0.05


def test_a_request_without_an_answer_counts_as_long_as_it_was_waited_for(server: str) -> None:
    found = run(plan(steady(0.1, 100), timeout=0.3, never=LoadRequest(path="/never")), server).whole()
    assert found.outcomes == {"timeout": 10}
    assert 0.29 < found.latencies.percentile(1) <= found.latencies.percentile(100) < 20


def test_a_connection_that_the_server_closes_is_opened_again(server: str) -> None:
    found = run(plan(steady(0.3, 100), close=LoadRequest(path="/close")), server).whole()
    assert found.outcomes == {"200": 30}


def test_a_request_that_met_the_end_of_an_idle_connection_is_sent_again_where_that_does_no_harm(server: str) -> None:
    def outcomes(once: LoadRequest) -> Counter[str]:
        return run(plan(steady(0.1, 100), think=0.01, once=once), server).whole().outcomes

    assert outcomes(LoadRequest(path="/once")) == {"200": 10}
    assert outcomes(LoadRequest(method="POST", path="/once", body="{}")) == {"200": 5, "connection closed": 5}


def test_what_waits_for_a_user_is_not_sent_on_a_connection_that_ends(server: str) -> None:
    # One user for all: each request is due before the one before it is answered.
    close = LoadRequest(method="POST", path="/close", body="{}")
    found = run(plan(steady(0.05, 1000), think=0.0005, close=close), server).whole()
    assert found.outcomes == {"200": 50}


def test_too_many_requests_are_an_error_and_a_redirect_is_none(server: str) -> None:
    assert run(plan(steady(0.1, 100), limited=LoadRequest(path="/limited")), server).whole().errors == 10
    assert run(plan(steady(0.1, 100), moved=LoadRequest(path="/moved")), server).whole().errors == 0


def test_the_same_users_wait_when_all_are_busy_and_the_wait_counts(server: str) -> None:
    # One user, 50 ms an answer, 40 requests a second: they queue up to twice as long as the test lasts.
    found = run(plan(steady(0.25, 40), think=0.02, slow=LoadRequest(path="/slow")), server).whole()
    assert found.outcomes == {"200": 10}
    assert found.latencies.percentile(100) > 0.2


def test_a_body_and_headers_reach_the_server_as_they_are(server: str) -> None:
    request = LoadRequest(method="POST", path="/a", body='{"a": "ä"}')
    wire = Target(server, {"X-Load-Test": SecretStr("planted")}).wire(request).decode()
    assert wire.startswith(f"POST /a HTTP/1.1\r\nHost: {urlsplit(server).netloc}\r\n")
    assert "\r\nX-Load-Test: planted\r\n" in wire
    assert wire.endswith('Content-Type: application/json\r\nContent-Length: 11\r\n\r\n{"a": "ä"}')


def test_what_came_from_the_cache_is_counted(server: str) -> None:
    found = run(plan(steady(0.2, 100), kept=LoadRequest(path="/kept")), server).whole()
    assert found.caches.keys() <= {"HIT", "MISS"}
    assert found.caches.total() == 20


def test_a_system_where_most_is_an_error_is_left_alone(server: str) -> None:
    found = run(plan(steady(30, 50), bad=LoadRequest(path="/error")), server)
    assert re.fullmatch(r"after \d s: more than half of all requests were errors, mostly 500", found.stopped)
    assert found.whole().requests < 500


def test_nothing_is_sent_where_nothing_listens() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        with pytest.raises(OperationError, match=rf"^nothing answers at 127.0.0.1, port {port}$"):
            run(plan(steady(1, 10)), f"http://127.0.0.1:{port}")


def test_a_server_over_tls_is_asked_over_tls_and_one_that_nobody_vouches_for_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = key_pair(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def both() -> Recording:
        server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, ssl=context)
        wanted = plan(steady(0.2, 100))
        target = Target(f"https://localhost:{server.sockets[0].getsockname()[1]}")
        async with server:
            return await Generator(wanted, schedule(wanted, 1), target).run(lambda _: None)

    assert asyncio.run(both()).whole().outcomes == {"no TLS": 20}
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert asyncio.run(both()).whole().outcomes == {"200": 20}
