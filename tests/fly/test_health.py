"""What the machines say: crashes of the new release are told from those of the old one, and rest from sickness."""

from __future__ import annotations

from typing import Any

import pytest

from fly.config import FlyConfig
from fly.models.machine import Machine
from fly.models.release import Release
from fly.release.health import crashes, ended, must_start, not_healthy
from fly.release.leftovers import leftovers
from tests.fly.test_release import CONFIG, machine

PLAIN = FlyConfig.model_validate(CONFIG)


def exit_(at: int, *, code: int = 1, asked: bool = False, again: bool = True, memory: bool = False) -> dict[str, Any]:
    end = {"exit_code": code, "requested_stop": asked, "restarting": again, "oom_killed": memory}
    return {"type": "exit", "timestamp": at, "request": {"exit_event": end}}


def event(type_: str, at: int) -> dict[str, Any]:
    return {"type": type_, "timestamp": at}


def with_events(*events: dict[str, Any], state: str = "started", release: int = 2) -> list[Machine]:
    return [Machine.model_validate({**machine("m1", "v2", release), "state": state, "events": list(reversed(events))})]


@pytest.mark.parametrize(
    ("events", "seen"),
    [
        ([exit_(5), exit_(6)], "it crashed: its process ended with exit code 1, 2 times"),
        ([exit_(5, again=False)], "it crashed: its process ended with exit code 1"),
        (
            [exit_(5, code=0, memory=True), exit_(6, code=0, memory=True)],
            "it crashed: its process ran out of memory, 2 times",
        ),
        (
            [event("update", 4), event("start", 5), exit_(6), exit_(7)],
            "it crashed: its process ended with exit code 1, 2 times",
        ),
    ],
)
def test_a_process_that_ends_again_and_again_has_crashed(events: list[dict[str, Any]], seen: str) -> None:
    found = crashes(with_events(*events), PLAIN, {}, 1)
    assert [trouble.what for trouble in found] == [seen]
    assert str(found[0]).startswith("machine m1 in sjc: it crashed")


@pytest.mark.parametrize(
    "events",
    [
        [exit_(5)],
        [exit_(5, asked=True), exit_(6, asked=True)],
        [exit_(5, code=0), exit_(6, code=0)],
        [exit_(1), exit_(2)],
        [exit_(5), exit_(6), event("update", 7), event("start", 8)],
        [exit_(5), event("update", 6), exit_(7), event("start", 8)],
    ],
)
def test_one_end_an_asked_for_end_and_ends_of_what_ran_before_are_no_crash(events: list[dict[str, Any]]) -> None:
    assert crashes(with_events(*events), PLAIN, {"m1": 3}, 1) == []


def test_a_machine_that_still_runs_the_old_release_does_not_decide_over_the_new_one() -> None:
    assert crashes(with_events(exit_(5), exit_(6), release=1), PLAIN, {}, 1) == []
    assert ended(with_events(exit_(5), release=1), PLAIN, {}, 1) == 0
    assert ended(with_events(exit_(5)), PLAIN, {}, 1) == 1


def test_a_machine_that_cannot_start_is_named() -> None:
    assert str(crashes(with_events(state="failed"), PLAIN, {}, 1)[0]) == "machine m1 in sjc: it failed to start"


def stopping(least: int = 0) -> FlyConfig:
    service = {**CONFIG["http_service"], "auto_stop_machines": "stop", "min_machines_running": least}  # type: ignore[dict-item]
    return FlyConfig.model_validate({**CONFIG, "http_service": service})


def resting(*states: str) -> list[Machine]:
    return [Machine.model_validate({**machine(f"m{n}", "v2", 2), "state": s}) for n, s in enumerate(states, 1)]


def test_machines_that_the_proxy_stopped_are_fine_down_to_the_least_number() -> None:
    assert not_healthy(resting("started", "stopped"), stopping()) == []
    assert not_healthy(resting("started", "stopped"), stopping(1)) == []
    assert [t.what for t in not_healthy(resting("started", "stopped"), stopping(2))] == [
        "only 1 of at least 2 machines run"
    ]
    assert [t.what for t in not_healthy(resting("started", "stopped"), PLAIN)] == ["it is stopped"]


def test_a_check_that_did_not_report_yet_is_waited_for() -> None:
    quiet = [Machine.model_validate({**machine("m1", "v2", 2), "checks": []})]
    assert [trouble.what for trouble in not_healthy(quiet, PLAIN)] == ["1 of its checks did not report yet"]


def test_only_machines_that_should_run_are_started() -> None:
    assert must_start(resting("stopped", "started", "stopped"), PLAIN) == ["m1", "m3"]
    assert must_start(resting("stopped", "started", "stopped"), stopping()) == []
    assert must_start(resting("stopped", "started", "stopped"), stopping(2)) == ["m1"]


def test_too_many_machines_of_an_unfinished_release_are_left_over() -> None:
    blue = [Machine.model_validate(machine(name, "v1", 1)) for name in ("b1", "b2")]
    green = [Machine.model_validate(machine(name, "v2", 2)) for name in ("g1", "g2")]
    finished = [Release.model_validate({"Version": 1, "Status": "complete"})]
    running = [*finished, Release.model_validate({"Version": 2, "Status": "running"})]
    assert leftovers([*blue, *green], running, PLAIN, {"sjc": 2}, "app") == ["g1", "g2"]
    assert leftovers([*blue, green[0]], running, PLAIN, {"sjc": 2}, "app") == ["g1"]
    assert leftovers([blue[0], green[0]], running, PLAIN, {"sjc": 2}, "app") == []
    assert leftovers(green, running, PLAIN, {"sjc": 1}, "app") == []
