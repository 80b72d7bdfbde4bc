"""The report is one page that needs nothing else, says what the numbers say, and is drawn by a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ops.loadtest.recording import Recording
from ops.loadtest.report import html
from ops.loadtest.result import Result, document, result
from ops.loadtest.sockets import SocketRecording
from planning.load_plan import Phase
from planning.thresholds import Threshold
from settings.load_test import LoadRequest, LoadSocket
from tests.loadtest.plans import plan, steady, target

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MEASURE = """
<script>document.title = JSON.stringify({
  figures: [...document.querySelectorAll("svg")].map((each) => each.getBoundingClientRect().width),
  beyond: document.documentElement.scrollWidth - innerWidth,
  colour: getComputedStyle(document.querySelector(".badge")).backgroundColor,
  unread: [...document.querySelectorAll("polyline")].filter((each) => each.getTotalLength() === 0).length,
})</script>
"""


def sample(*, errors: int = 3, stopped: str = "") -> Result:
    """Twenty seconds with one request a second of each kind."""
    recording = Recording(stopped=stopped)
    for second in range(20):
        for request in range(2):
            bad = second < errors and request
            where = (int(second >= 5), second, request)
            recording.came(where, "500" if bad else "200", 0.01 * (second + 1), "HIT" if request else "DYNAMIC")
            recording.answered_at[second] += 1
        recording.users_at[second] = 4
    sockets = SocketRecording(wanted=2, most_open=2)
    sockets.trips.add(0.02)
    sockets.failures["<timeout>"] = 1
    wanted = plan(
        Phase("warm-up", 0, 5, 2, 2, judged=False),
        steady(15, 2, start=5),
        targets=(
            Threshold("errors", 5, "percent", "alert"),
            target("requests", 2, "per second", above=False),
            target("p95", 1000, "ms"),
            target("p99", 100, "ms", subject="/a"),
            target("p99", 100, "ms", subject="/nowhere"),
        ),
        a=LoadRequest(path="/a"),
        b=LoadRequest(path="/b"),
        socket=LoadSocket(path="/ws", users=2),
    )
    begun = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return result(wanted, "<example.com>", 1, begun, recording, sockets, emulated=True)


def test_the_page_says_what_was_measured_against_what() -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", html(sample(), None)).split())
    assert "targets missed" in page
    assert "missed errors 3 of 2 allowed errors, 150% of the budget 7.5 % at most 5 %" in page
    assert "missed p99 /a of 15 requests only 200 ms at most 100 ms" in page
    assert "not measured p99 /nowhere nothing was due in a judged phase - at most 100 ms" in page
    assert "kept p95 200 ms at most 1 s" in page
    assert "2 of 2 1 &lt;timeout&gt;" in page
    assert "nothing to compare with yet" in page


def test_what_comes_from_outside_is_escaped() -> None:
    page = html(sample(stopped="after 1 s: <b>"), None)
    assert "<example" not in page
    assert "<timeout" not in page
    assert "stopped after 1 s: &lt;b&gt;" in page


def test_a_test_before_is_compared_with() -> None:
    before = document(sample())
    before["judged"]["a"]["p99_ms"] *= 2
    before["judged"]["b"]["p50_ms"] *= 0.5
    page = html(sample(), before)
    assert 'class="better">-50%' in page
    assert 'class="worse">+100%' in page
    assert "the change since 2026-11-22T12:00:00+00:00" in page


def test_errors_are_drawn_only_where_there_are_some() -> None:
    assert html(sample(), None).count("<svg") == 4
    assert html(sample(errors=0), None).count("<svg") == 3


def test_a_recording_without_an_answer_is_drawn_as_well() -> None:
    recording = Recording(stopped="after 1 s: nothing")
    recording.came((0, 0, 0), "no connection", None)
    found = result(plan(steady(5, 1)), "example.com", 1, datetime.now(UTC), recording, None, emulated=False)
    assert "no connection (1)" in html(found, None)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_a_browser_draws_all_figures_within_the_page(width: int, tmp_path: Path) -> None:
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is on PATH: make setup-servers installs one")
    found = drawn(browser, html(sample(), None), width, tmp_path)
    assert len(found["figures"]) == 4
    assert min(found["figures"]) > 600
    assert found["beyond"] <= 0
    assert found["unread"] == 0
    assert found["colour"] not in {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}


def drawn(browser: str, page: str, width: int, folder: Path) -> dict[str, Any]:
    """What a browser measures once it has drawn the page."""
    (folder / "page.html").write_text(page + MEASURE)
    # A narrow window is not made narrower than 500 points, but a frame is.
    tell = "document.title = this.contentDocument.title"
    frame = f'<iframe src="page.html" width="{width}" height="900" style="border:0" onload="{tell}"></iframe>'
    (folder / "frame.html").write_text(frame)
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--dump-dom"]
    place = [f"--user-data-dir={folder / 'profile'}", f"--window-size={width + 200},1000", "--virtual-time-budget=5000"]
    done = subprocess.run(
        [browser, *options, *place, (folder / "frame.html").as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=90,
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout)
    assert title, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(title[1])
    return found
