"""A real Prometheus that scrapes the monitor and answers its questions."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import urllib3

from ops.monitor.endpoint import Endpoint
from ops.monitor.prometheus import asked
from planning.alerts.rules import rule_file
from planning.alerts.series import series
from planning.thresholds import alerts as limits
from settings.fly_system import FlySystem
from tests.ops.monitor.receiver import Answer, Receiver, receiver
from tests.ops.monitor.seen_by import incident, monitor, through
from tests.patience import eventually
from tests.planning.alerts.watched import system
from tests.servers.program import Server, free_port, private_folder, program, write

pytestmark = pytest.mark.server

NAME = "paintbox-performance"
FLY = """
fly_instance_memory_mem_total{app="paintbox-app",instance="a"} 1073741824
fly_instance_memory_mem_available{app="paintbox-app",instance="a"} 104857600
pgbouncer_pools_client_maxwait_seconds{app="paintbox-pgbouncer"} 1.5
"""


@pytest.fixture
def fly() -> Iterator[Receiver]:
    with receiver() as started:
        started.answers["/metrics"] = Answer(FLY.lstrip().encode())
        yield started


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """The monitor's, in an outage."""
    rounds = incident(NAME, "outage")
    of = monitor(NAME, rounds)
    made = Endpoint()
    made.listen(0)
    made.show(through(of, dict(list(rounds.items())[:15]))[-1])
    yield made
    made.close()


@pytest.fixture
def prometheus(fly: Receiver, endpoint: Endpoint) -> Iterator[str]:
    """Scrapes both, with the generated rules; its base URL."""
    jobs = {"fly": fly.url.removeprefix("http://"), "slipway": f"127.0.0.1:{endpoint.port}"}
    with private_folder() as folder:
        rules = write(folder / "rules.yaml", json.dumps(rule_file(NAME, system(NAME), "production")))
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "rule_files": [str(rules)],
            "scrape_configs": [
                {"job_name": name, "static_configs": [{"targets": [target]}]} for name, target in jobs.items()
            ],
        }
        file = write(folder / "prometheus.yaml", json.dumps(config))
        port = free_port()
        command = [
            program("prometheus"),
            f"--config.file={file}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        server = Server(list(command), folder / "log", port)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.stop()


def test_prometheus_answers_the_monitors_questions_and_has_what_its_rules_compare(prometheus: str) -> None:
    of = system(NAME)
    assert isinstance(of, FlySystem)
    measures = ["memory", "wait for a connection", "errors"]

    def all_is_scraped() -> bool:
        asking = asked(of, "production", measures, prometheus, "", timeout=20)
        assert {measure: (value, said) for measure, value, said in asking} == {
            "memory": (924, ""),
            "wait for a connection": (1500, ""),
            "errors": (None, "Prometheus has no data"),
        }
        return True

    # Each job has its data at a time of its own, and loses them for a while when a scrape takes too long.
    assert eventually(all_is_scraped)
    [answers] = [limit for limit in limits(of) if limit.measure == "answers /api/simple-health"]
    [machines] = [limit for limit in limits(of) if limit.name == "machines" and limit.severity == "critical"]
    shown = [series(NAME, of, limit) for limit in (answers, machines)]
    assert eventually(lambda: [value(prometheus, query) for query in shown]) == ["0", "0"]
    groups = urllib3.request("GET", f"{prometheus}/api/v1/rules", retries=False).json()["data"]["groups"]
    assert [group["name"] for group in groups] == [f"slipway-{NAME}"]


def value(prometheus: str, query: str) -> str:
    told = urllib3.request("POST", f"{prometheus}/api/v1/query", fields={"query": query}, retries=False).json()
    results = told["data"]["result"]
    assert len(results) == 1, f"{query} has {len(results)} series"
    return str(results[0]["value"][1])
