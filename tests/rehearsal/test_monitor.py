"""`./slipway monitor` on a rehearsed stack: real requests, real flyctl, the emulated clouds' APIs and records."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.monitor.receiver import Answer, Receiver, receiver
from tests.rehearsal.project import Project

pytestmark = pytest.mark.engine

APP = "tetrix-minimal-staging"
LOOK = ("monitor", "--stack", "staging", "--sandbox")
OUTAGE = [
    "tetrix (staging): / does not answer as it must for 2m",
    "tetrix (staging): /api/health does not answer as it must for 2m",
    "tetrix (staging): machines below 1 for 2m",
]
ENDS = [
    "tetrix (staging): / answers as it must again",
    "tetrix (staging): /api/health answers as it must again",
    "tetrix (staging): machines no longer below 1",
]
SECRETS = ("TETRIX", "PAINTBOX", "TATTOO_CONTEST")


@pytest.fixture
def slack() -> Iterator[Receiver]:
    with receiver() as started:
        started.answers["/planted-5c1d"] = Answer()
        yield started


def told(slack: Receiver) -> list[str]:
    """The alerts, but for those of slow answers: see `trouble`."""
    return [said for said in (json.loads(got.body)["text"] for got in slack.got) if "response time" not in said]


def trouble(looked: subprocess.CompletedProcess[str]) -> set[str]:
    """The measures that are beyond their limits; how long an answer takes depends on what else the machine does."""
    said = looked.stderr.strip().rpartition("\n")[2].partition("beyond the limit: ")[2]
    return {found for found in said.split(", ") if found and "response time" not in found}


def environment(slack: Receiver) -> dict[str, str]:
    return {f"SLIPWAY_SECRET_{name}_SLACK_WEBHOOK_URL": f"{slack.url}/planted-5c1d" for name in SECRETS}


def test_a_stack_that_is_well_is_measured_everywhere(rehearsed: Project) -> None:
    looked = rehearsed.slipway(*LOOK, "--json")
    assert trouble(looked) == set()
    seen = {entry["system"]: entry["measured"] for entry in map(json.loads, looked.stdout.splitlines())}
    assert {name: sorted(key for key, value in found.items() if value is None) for name, found in seen.items()} == {
        "tetrix": ["certificate"],
        "paintbox": ["certificate"],
        "tattoo-contest": ["certificate"],
    }
    assert seen["tetrix"]["machines"] == 1
    assert seen["tetrix"]["memory"] == 25
    assert seen["paintbox"]["machines"] == 2
    assert seen["paintbox"]["memory"] == 512
    assert seen["paintbox"]["answers /.well-known/jwks.json"] == 1
    assert seen["tattoo-contest"]["leads here staging.tattoo-contest.com"] == 1
    assert not list((rehearsed.home / "records" / "staging").glob("monitor.*"))


def test_an_outage_is_told_at_the_third_round_and_its_end_by_another_run(
    rehearsed: Project, slack: Receiver, tmp_path: Path
) -> None:
    look = (*LOOK, "--yes", "--system", "tetrix")
    rehearsed.client.behave(APP, failing_paths=["/api/health"])
    for _ in range(2):
        early = rehearsed.slipway(*look, **environment(slack))
        assert early.returncode == 6, early.stderr
        assert trouble(early) == {"tetrix: answers /", "tetrix: answers /api/health", "tetrix: machines"}
    assert told(slack) == []
    rehearsed.slipway(*look, **environment(slack))
    # With no replica ready, App Platform answers for all pages.
    assert sorted(told(slack)) == [f"CRITICAL {alert}" for alert in OUTAGE]
    rehearsed.client.behave(APP)
    page = tmp_path / "page.html"
    for _ in range(2):
        well = rehearsed.slipway(*look, "--page", str(page), **environment(slack))
        assert trouble(well) == set()
    assert sorted(told(slack)[3:]) == [f"RECOVERED {end}" for end in ENDS]

    records = rehearsed.home / "records" / "staging"
    log = records / "monitor.jsonl"
    replayed = rehearsed.slipway("alerts", "test", "--stack", "staging", "--system", "tetrix", "--incident", str(log))
    lines = [line.split() for line in replayed.stdout.splitlines()[1:] if "response time" not in line]
    assert [words[2] for words in lines] == 3 * ["CRITICAL"] + 3 * ["recovered"]
    assert "answers /api/health: no in 3 of 5 rounds" in page.read_text()
    kept = b"".join(file.read_bytes() for file in records.glob("monitor.*"))
    shown = early.stdout + early.stderr + well.stdout + well.stderr + page.read_text()
    assert b"planted-5c1d" not in kept
    assert "planted-5c1d" not in shown


def test_a_record_that_leads_elsewhere_a_slow_answer_and_much_memory_are_seen(rehearsed: Project) -> None:
    name = "staging.tattoo-contest.com"
    before = rehearsed.slipway("sandbox", "drift", name, "content", '"old.example.com"')
    assert before.returncode == 0, before.stderr
    rehearsed.client.behave(APP, latency_ms=600, memory_percent=90)
    looked = rehearsed.slipway(*LOOK)
    assert looked.returncode == 6
    assert f"leads here {name}: no (leads to old.example.com instead of " in looked.stdout
    assert "  beyond    memory: 90 %, trouble above 80 %" in looked.stdout
    assert "beyond  " in next(line for line in looked.stdout.splitlines() if "response time /api/health" in line)
    rehearsed.client.behave(APP)
    rehearsed.slipway("sandbox", "drift", name, "content", '"tattoo-contest-staging.fly.dev"')
    assert trouble(rehearsed.slipway(*LOOK)) == set()
