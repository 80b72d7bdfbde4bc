"""What the monitor measures, on real connections to loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import dns.exception
import pytest

from ops.monitor.names import emulated_lookup, leads_here
from ops.monitor.probe import ask
from ops.monitor.prometheus import asked, own_page
from ops.monitor.prometheus import server as prometheus_server
from ops.monitor.seen import gathered
from settings.fly_system import FlySystem
from settings.monitoring import Probe
from tests.ops.monitor.receiver import Answer, Receiver
from tests.planning.alerts.watched import system

pytestmark = pytest.mark.server

HEALTH = Probe(path="/health")
JWKS = Probe(path="/jwks", json_list="keys")


def seen(server: Receiver, probe: Probe, timeout: float = 30) -> tuple[Mapping[str, float], Mapping[str, str]]:
    found = gathered(ask(server.url, probe, timeout=timeout))
    return found.measured, found.remarks


def test_a_page_that_answers_is_up_and_its_time_is_taken(server: Receiver) -> None:
    server.answers["/health"] = Answer(seconds=0.05)
    before = time.monotonic()
    measured, remarks = seen(server, HEALTH)
    assert measured["answers /health"] == 1
    assert 50 <= measured["response time /health"] <= (time.monotonic() - before) * 1000
    assert remarks == {}


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        (Answer(status=503), "status 503"),
        (Answer(status=302, headers={"location": "/elsewhere"}), "status 302"),
        (Answer(status=404), "status 404"),
    ],
)
def test_any_other_status_is_a_failure_that_answered(server: Receiver, answer: Answer, remark: str) -> None:
    server.answers["/health"] = answer
    measured, remarks = seen(server, HEALTH)
    assert measured["answers /health"] == 0
    assert measured["response time /health"] > 0
    assert remarks == {"answers /health": remark}


def test_no_answer_in_time_is_a_failure_without_a_time(server: Receiver) -> None:
    server.answers["/health"] = Answer(seconds=60)
    assert seen(server, HEALTH, timeout=0.1) == (
        {"answers /health": 0},
        {"answers /health": "no answer within 0.1 s"},
    )


def test_where_nothing_listens_is_a_failure() -> None:
    found = gathered(ask("http://127.0.0.1:9", HEALTH, timeout=1))
    assert (found.measured, found.remarks) == ({"answers /health": 0}, {"answers /health": "nothing listens there"})


@pytest.mark.parametrize("body", [b"", b"{}", b'{"keys": []}', b"[1]", b"<html>", b'{"keys": null}'])
def test_a_jwks_without_keys_is_a_failure(server: Receiver, body: bytes) -> None:
    server.answers["/jwks"] = Answer(body)
    measured, remarks = seen(server, JWKS)
    assert (measured["answers /jwks"], remarks["answers /jwks"]) == (0, "no JSON object with entries in keys")


def test_a_jwks_with_keys_is_well(server: Receiver) -> None:
    server.answers["/jwks"] = Answer(b'{"keys": [{"kid": "a"}]}')
    assert seen(server, JWKS)[0]["answers /jwks"] == 1


def test_a_health_page_tells_the_memory_use(server: Receiver) -> None:
    server.answers["/health"] = Answer(b'{"status": "healthy", "memory": {"percentage": 81.5}}')
    assert seen(server, HEALTH)[0]["memory percent"] == 81.5


def test_the_process_memory_is_on_the_apps_page_of_metrics(server: Receiver) -> None:
    page = b"# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 943718400\n"
    server.answers["/metrics"] = Answer(page)
    assert list(own_page(f"{server.url}/metrics", timeout=30)) == [("memory", 900, "")]
    server.answers["/metrics"] = Answer(b'{"memory": 1}')
    [(_, value, remark)] = own_page(f"{server.url}/metrics", timeout=30)
    assert (value, remark.startswith(f"{server.url}/metrics")) == (None, True)


def performance() -> FlySystem:
    found = system("paintbox-performance")
    assert isinstance(found, FlySystem)
    return found


def test_prometheus_is_asked_with_the_expressions_of_the_recording_rules(server: Receiver) -> None:
    result = [{"metric": {}, "value": [1, "7.5"]}]
    server.answers["/api/v1/query"] = Answer(json.dumps({"data": {"result": result}}).encode())
    measures = ["errors", "cache hits", "answers /health"]
    found = list(asked(performance(), "production", measures, server.url, "FlyV1 planted", timeout=30))
    assert found == [("errors", 7.5, ""), ("cache hits", 7.5, "")]
    assert b'fly_edge_http_responses_count{app="paintbox-app",status=~"5.."}' in server.got[0].body
    assert server.got[0].headers["authorization"] == "FlyV1 planted"


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        (Answer(b'{"data": {"result": []}}'), "Prometheus has no data"),
        (Answer(b'{"data": {"result": [{"value": [1, "NaN"]}]}}'), "Prometheus has no data"),
        (Answer(b"{}", 401), "Prometheus answers with status 401"),
        (Answer(b"<html>"), "Prometheus does not answer: JSONDecodeError"),
    ],
)
def test_what_prometheus_does_not_know_is_not_measured(server: Receiver, answer: Answer, remark: str) -> None:
    server.answers["/api/v1/query"] = answer
    assert list(asked(performance(), "production", ["errors"], server.url, "t", timeout=30)) == [
        ("errors", None, remark)
    ]


def test_prometheus_is_flys_own_but_for_what_the_environment_names() -> None:
    token = {"FLY_API_TOKEN": "t"}
    assert prometheus_server(performance(), token, sandboxed=False) == (
        "https://api.fly.io/prometheus/personal",
        "t",
    )
    assert prometheus_server(performance(), token, sandboxed=True) is None
    assert prometheus_server(performance(), {}, sandboxed=False) is None
    named = {"PROMETHEUS_URL": "http://127.0.0.1:9090/", "PROMETHEUS_TOKEN": "p"}
    assert prometheus_server(performance(), named, sandboxed=True) == ("http://127.0.0.1:9090", "p")


def record(name: str, kind: str, content: str) -> dict[str, str]:
    return {"name": name, "type": kind, "content": content}


APP = [record("app.fly.dev", "A", "192.0.2.1"), record("app.fly.dev", "AAAA", "2001:db8::1")]


@pytest.mark.parametrize(
    ("records", "value", "remark"),
    [
        ([record("a.com", "CNAME", "app.fly.dev.")], 1, ""),
        ([record("a.com", "CNAME", "old.fly.dev")], 0, "leads to old.fly.dev instead of app.fly.dev"),
        ([record("a.com", "A", "192.0.2.1"), *APP], 1, ""),
        ([record("a.com", "A", "192.0.2.9"), *APP], 0, "has 192.0.2.9, and app.fly.dev has 192.0.2.1, 2001:db8::1"),
        (APP, 0, "has no address, and app.fly.dev has 192.0.2.1, 2001:db8::1"),
    ],
)
def test_a_domain_leads_to_the_app_by_cname_or_by_its_addresses(
    records: list[dict[str, str]], value: float, remark: str
) -> None:
    found = list(leads_here("a.com", "app.fly.dev", emulated_lookup(list(records))))
    assert found == [("leads here a.com", value, remark)]


def test_dns_that_does_not_answer_is_no_trouble_of_the_domain() -> None:
    def away(name: str, kind: str) -> list[str]:
        raise dns.exception.Timeout

    assert list(leads_here("a.com", "app.fly.dev", away)) == [
        ("leads here a.com", None, "DNS does not answer: Timeout")
    ]
