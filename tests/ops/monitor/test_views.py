"""What a person sees: lines, the terminal's table, the page, the metrics."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from xml.etree import ElementTree

import pytest
import urllib3
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console

from ops.errors import OperationError
from ops.monitor import log
from ops.monitor.dashboard import bars, view
from ops.monitor.endpoint import Endpoint
from ops.monitor.monitor import Monitor, Report
from ops.monitor.page import page
from ops.monitor.run import Wish, duration, moments, run
from ops.monitor.seen import Seen
from ops.monitor.sparkline import sparkline
from ops.monitor.words import plain, uptime
from ops.surroundings import Surroundings
from planning.alerts.rules import rule_file
from planning.thresholds import Threshold
from tests.ops.monitor.seen_by import START, incident, monitor, through
from tests.planning.alerts.watched import alerts, system

pytestmark = pytest.mark.server

LIMIT = Threshold("memory", 80, "percent", "alert")
ANSWERS = Threshold("answers", 1, "yes or no", "alert", above=False, subject="/")


@pytest.fixture(scope="module")
def outage() -> tuple[Monitor, Report]:
    """TETRIX in the middle of an outage."""
    rounds = {at: seen for at, seen in incident("tetrix", "outage").items() if at <= START + 20 * 60}
    of = monitor("tetrix", rounds, promise=99.9)
    return of, through(of, rounds)[-1]


def test_lines_say_what_is_measured_where_trouble_begins_and_why(outage: tuple[Monitor, Report]) -> None:
    lines = list(plain(outage[1]))
    assert "00:20:00  tetrix  critical  answers /api/health: no" in lines
    assert "00:20:00  tetrix  well      memory: 40 %, trouble above 80 %" in lines
    seen = Seen({}, {"memory": "nobody knows"})
    report = monitor("tetrix", {START: seen}).round(datetime.fromtimestamp(START, UTC))
    assert "00:00:00  tetrix  unknown   memory: not measured, trouble above 80 % (nobody knows)" in plain(report)


def test_the_terminal_shows_a_table_with_the_last_hour_and_what_was_told(outage: tuple[Monitor, Report]) -> None:
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(view(*outage))
    text = console.export_text()
    assert "tetrix: critical  up in 47.62 % of 21 rounds; 99.9 % promised: broken" in text
    assert re.search(r"critical +answers /api/health +no +█{10}▁{11}", text)
    assert "told 00:12:00  CRITICAL tetrix: / does not answer as it must for 2m" in text


def test_on_a_low_terminal_trouble_comes_before_what_is_well(outage: tuple[Monitor, Report]) -> None:
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(view(*outage, 15))
    text = console.export_text()
    assert "answers /api/health" in text
    assert "memory" not in text
    assert re.search(r"well +8 others +0 not measured", text)


def test_bars_are_full_at_the_limit() -> None:
    assert bars([0, 40, 79, 80, 200], Threshold("memory", 80, "MB", "alert")) == "▁▂▄▄█"
    assert bars([0, 10, 80], LIMIT) == "▁▂█"
    assert bars([], LIMIT) == ""


@pytest.mark.parametrize(
    ("good", "asked", "promise", "said"),
    [
        (0, 0, 99.9, "no round yet"),
        (10, 10, None, "up in 100 % of 10 rounds"),
        (99_999, 100_000, None, "up in 99.99 % of 100000 rounds"),
        (999, 1000, 99.9, "up in 99.90 % of 1000 rounds; 99.9 % promised: kept"),
        (998, 1000, 99.9, "up in 99.80 % of 1000 rounds; 99.9 % promised: broken"),
    ],
)
def test_the_promise_is_held_against_what_was_measured(good: int, asked: int, promise: float | None, said: str) -> None:
    assert uptime(good, asked, promise) == said


def test_the_page_needs_nothing_else_and_shows_every_measure(outage: tuple[Monitor, Report]) -> None:
    made = page(*outage, "production")
    assert not re.search(r"(src|href)=|url\(|@import|<script", made)
    for alert in alerts("tetrix"):
        if alert.threshold.name != "flapping":
            assert f'<div class="name">{alert.threshold.measure}</div>' in made
    assert "CRITICAL tetrix: / does not answer as it must for 2m" in made
    assert page(*outage, "production") == made


def test_text_from_outside_is_text_on_the_page() -> None:
    seen = Seen({"answers /api/health": 0.0}, {"answers /api/health": "<script>alert(1)</script>"})
    of = monitor("tetrix", {START: seen})
    made = page(of, of.round(datetime.fromtimestamp(START, UTC)), "<b>")
    assert "<script>" not in made
    assert "&lt;script&gt;" in made


def drawing(points: list[tuple[float, float]], limit: Threshold = LIMIT, end: float = 100) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(sparkline(points, [limit], 0, end)))  # noqa: S314  the project's own


def test_a_peak_is_never_lost_to_the_width() -> None:
    day = [(float(at), 200.0 if at == 50_000 else 10.0) for at in range(0, 86_400, 60)]
    day.append((50_000.0, 200.0))
    [_, _, line] = drawing(sorted(day), end=86_400)
    heights = [float(pair.partition(",")[2]) for pair in line.attrib["points"].split()]
    assert len(heights) <= 241
    assert min(heights) < 10


def test_where_nothing_was_measured_is_no_line() -> None:
    points = [(float(at), 10.0) for at in (*range(30), *range(60, 90))]
    assert [part.tag for part in drawing(points)] == ["title", "line", "polyline", "polyline"]
    assert [part.tag for part in drawing([])] == ["title", "line"]


def test_answers_are_a_strip_of_good_and_bad() -> None:
    points = [(float(at), float(not 40 <= at < 60)) for at in range(100)]
    [title, *blocks] = drawing(points, ANSWERS)
    assert title.text == "answers /: no in 20 of 100 rounds"
    assert {block.attrib["class"] for block in blocks} == {"good", "bad"}


def test_the_metrics_are_those_that_the_generated_rules_ask_for(outage: tuple[Monitor, Report]) -> None:
    endpoint = Endpoint()
    endpoint.listen(0)
    try:
        endpoint.show(outage[1])
        answer = urllib3.request("GET", f"http://127.0.0.1:{endpoint.port}/metrics", retries=False)
    finally:
        endpoint.close()
    found = {
        (sample.name, sample.labels["system"], sample.labels.get("subject", "")): sample.value
        for family in text_string_to_metric_families(answer.data.decode())
        for sample in family.samples
        if "subject" in sample.labels
    }
    assert found["slipway_answers", "tetrix", "/api/health"] == 0
    assert found["slipway_memory_percent", "tetrix", ""] == 40
    asked = json.dumps(rule_file("tetrix", system("tetrix"), "production"))
    assert {name for name, _, _ in found} == set(re.findall(r"slipway_[a-z_]+", asked))


def test_a_port_that_is_taken_is_refused() -> None:
    endpoint = Endpoint()
    endpoint.listen(0)
    try:
        with pytest.raises(OperationError, match="is taken; choose another --metrics-port"):
            Endpoint().listen(endpoint.port)
    finally:
        endpoint.close()


def test_the_log_is_a_line_a_system_and_a_full_one_is_put_aside(
    tmp_path: Path, outage: tuple[Monitor, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "monitor.jsonl"
    log.append(file, outage[1])
    log.append(file, outage[1])
    [first, second] = map(json.loads, file.read_text().splitlines())
    assert first == second
    assert first["measured"]["answers /"] == 0
    assert first["firing"] == ["machines", "machines-critical", "answers-api-health", "answers-root"]
    monkeypatch.setattr(log, "_LARGEST_BYTES", 10)
    log.append(file, outage[1])
    assert len(file.read_text().splitlines()) == 1
    assert len((tmp_path / "monitor.jsonl.1").read_text().splitlines()) == 2
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_watch_there_is_one_round_and_with_a_time_limit_as_many_as_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    clock = SimpleNamespace(monotonic=lambda: sum(passed), sleep=passed.append)
    monkeypatch.setattr("ops.monitor.run.time", clock)
    second = duration("1s", "--interval")
    assert second
    assert len(list(moments(second, None, watch=False))) == 1
    assert len(list(moments(second, second * 2, watch=True))) == 3


@pytest.mark.parametrize("text", ["5", "x", "0s", "-1s"])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(OperationError, match=r"^--for: "):
        duration(text, "--for")


def test_a_page_in_no_folder_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    wish = Wish(page=tmp_path / "nowhere" / "page.html")
    with pytest.raises(OperationError, match=r"^--page: there is no folder .*/nowhere; make it first$"):
        run(cast("Surroundings", None), None, wish, Console())
