"""What a killed run leaves is mended: its lock released, the creates without an answer taken in or forgotten."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ops import recovery
from ops.engine import Finder, Outcome
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.pending import emulated
from ops.recovery import dead_locks, recover

APP = "urn:pulumi:staging::slipway::slipway:index:System$digitalocean:index/app:App::tetrix-app"
CHECK = "urn:pulumi:staging::slipway::slipway:index:System$digitalocean:index/uptimeCheck:UptimeCheck::tetrix-health"

STATE = "state/.pulumi/stacks/slipway/staging.json"
DONE = Outcome(ok=True)


class FakeEngine:
    """Remembers what it is told to do; `resources` are what its state holds."""

    stack = "staging"

    def __init__(self, *resources: dict[str, Any], outcome: Outcome = DONE) -> None:
        self.calls: list[tuple[str, ...]] = []
        self._resources = list(resources)
        self._outcome = outcome
        self.pending: list[dict[str, Any]] = []

    def state(self) -> dict[str, Any]:
        return {"resources": self._resources, "pending_operations": self.pending}

    def cancel(self) -> None:
        self.calls.append(("cancel",))

    def settle_creates(self, made: Finder, folder: Path) -> None:
        known = {resource["id"] for resource in self._resources}
        creating = [entry["resource"] for entry in self.pending or under_way(folder) if entry["type"] == "creating"]
        found = {resource["urn"]: made(resource, known) for resource in creating}
        self.calls.append(("settle", *(f"{urn} is {id_}" for urn, id_ in found.items() if id_)))

    def refresh(self, listener: None, *options: str) -> Outcome:
        self.calls.append(("refresh", *options))
        return self._outcome


class Cloud:
    """What exists in the emulated cloud."""

    def __init__(self, **resources: list[dict[str, Any]]) -> None:
        self._resources = {f"digitalocean/{kind}": entries for kind, entries in resources.items()}

    def resources(self, kind: str) -> dict[str, list[dict[str, Any]]]:
        return {kind: self._resources.get(kind, [])}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "_SETTLE_SECONDS", 0.0)


def mend(home: Path, engine: FakeEngine, cloud: Cloud | None = None) -> str:
    made = emulated(cloud or Cloud())  # type: ignore[arg-type]  # stand-ins, here and below
    return recover(engine, made, sandboxed=True, scratch=home, state=home / "state")  # type: ignore[arg-type]


def lock(home: Path, pid: int, hostname: str = "") -> None:
    folder = home / "state" / ".pulumi" / "locks" / "organization" / "slipway" / "staging"
    folder.mkdir(parents=True, exist_ok=True)
    holder = {"pid": pid, "username": "u", "hostname": hostname or socket.gethostname(), "timestamp": "12:00"}
    (folder / f"{pid}.json").write_text(json.dumps(holder))


def pending(home: Path, *operations: tuple[str, str, dict[str, Any]]) -> None:
    """Operations that were under way, as (kind, URN, inputs)."""
    entries = [
        {"type": kind, "resource": {"urn": urn, "type": urn.split("::")[2].rpartition("$")[2], "inputs": inputs}}
        for kind, urn, inputs in operations
    ]
    file = home / STATE
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"checkpoint": {"latest": {"pending_operations": entries}}}))


def under_way(home: Path) -> list[dict[str, Any]]:
    """What `pending` wrote."""
    checkpoint = json.loads((home / STATE).read_text())["checkpoint"]
    return list(checkpoint["latest"]["pending_operations"])


@pytest.fixture
def dead() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_where_nothing_is_wrong_nothing_is_done(tmp_path: Path) -> None:
    pending(tmp_path)
    engine = FakeEngine()
    assert mend(tmp_path, engine) == ""
    assert engine.calls == []


def test_a_new_stack_has_nothing_to_mend(tmp_path: Path) -> None:
    assert mend(tmp_path, FakeEngine()) == ""


def test_the_lock_of_a_dead_process_is_released(tmp_path: Path, dead: int) -> None:
    lock(tmp_path, dead)
    engine = FakeEngine()
    assert mend(tmp_path, engine) == "released the lock of a process that is gone"
    assert engine.calls == [("cancel",)]


def test_the_lock_of_a_living_process_is_respected_and_its_holder_named(tmp_path: Path) -> None:
    lock(tmp_path, os.getpid())
    engine = FakeEngine()
    with pytest.raises(OperationError) as raised:
        mend(tmp_path, engine)
    assert str(raised.value) == (
        f"another run holds the stack: process {os.getpid()} of u on {socket.gethostname()}, since 12:00; wait for it "
        f"to end, or stop it with `kill -INT {os.getpid()}` and run this again, which releases the lock of what is "
        f"gone. If process {os.getpid()} is another program by now, which `ps -p {os.getpid()}` shows, release the "
        "lock: ./slipway sandbox pulumi staging cancel --yes. Not while it runs: two engines would overwrite each "
        "other's state, and what one of them made would be forgotten"
    )
    assert raised.value.exit_code is ExitCode.REFUSED
    assert engine.calls == []


def test_nobody_can_tell_whether_a_process_of_another_machine_lives(tmp_path: Path, dead: int) -> None:
    lock(tmp_path, dead, hostname="elsewhere")
    with pytest.raises(OperationError) as raised:
        mend(tmp_path, FakeEngine())
    assert f"process {dead} of u on elsewhere, since 12:00" in str(raised.value)
    assert "stop it on elsewhere. If it is gone, which only a look at elsewhere shows, release" in str(raised.value)
    assert "kill" not in str(raised.value)


def test_one_living_holder_is_enough_to_touch_nothing(tmp_path: Path, dead: int) -> None:
    lock(tmp_path, dead)
    lock(tmp_path, os.getpid())
    engine = FakeEngine()
    with pytest.raises(OperationError):
        mend(tmp_path, engine)
    assert engine.calls == []


def test_a_living_holder_is_waited_for_when_there_is_time(
    tmp_path: Path, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(tmp_path, os.getpid())
    held = tmp_path / "state/.pulumi/locks/organization/slipway/staging" / f"{os.getpid()}.json"
    monkeypatch.setattr(recovery.time, "sleep", lambda seconds: held.unlink(missing_ok=True))
    engine = FakeEngine()
    made = emulated(Cloud())  # type: ignore[arg-type]  # stand-ins
    place: dict[str, Any] = {"sandboxed": True, "scratch": tmp_path, "state": tmp_path / "state"}
    assert recover(engine, made, **place, wait_seconds=60) == ""  # type: ignore[arg-type]
    assert engine.calls == []


def said(pid: int, host: str) -> str:
    """What the CLI says about a lock in a bucket."""
    return (
        "the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock "
        f"file with `pulumi cancel`.\n  s3://states/locks/a.json: created by u@{host} (pid {pid}) at 2026-11-22T12:00"
    )


def test_a_lock_in_a_bucket_is_dead_when_its_process_of_this_machine_is_gone(dead: int) -> None:
    here = socket.gethostname()
    assert dead_locks([said(dead, here)], "production", sandboxed=False)
    assert not dead_locks(["the region is full"], "production", sandboxed=False)


def test_a_lock_in_a_bucket_that_may_be_in_use_is_refused_with_the_command_for_this_stack(dead: int) -> None:
    here = socket.gethostname()
    for errors in ([said(dead, "elsewhere")], [said(dead, here), said(os.getpid(), here)]):
        with pytest.raises(OperationError, match=r"lock: pulumi cancel --yes --stack production\. Not") as no:
            dead_locks(errors, "production", sandboxed=False)
        assert no.value.exit_code is ExitCode.REFUSED


def test_without_a_state_in_files_the_engine_tells_what_was_under_way_and_nothing_of_fly_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = FakeEngine()
    engine.pending = [{"type": "creating", "resource": {"urn": CHECK, "type": "fly:index:App", "inputs": {}}}]
    monkeypatch.setattr(recovery, "_SETTLE_SECONDS", 60.0)
    made = emulated(Cloud())  # type: ignore[arg-type]  # stand-ins
    done = recover(engine, made, sandboxed=False, scratch=tmp_path)  # type: ignore[arg-type]
    assert done == "settled what was being created: tetrix-health"


def test_what_a_cut_off_create_made_is_taken_in_by_its_plain_inputs(tmp_path: Path) -> None:
    inputs = {"name": "tetrix health", "target": "https://a.example/health", "regions": ["eu_west"]}
    pending(tmp_path, ("creating", CHECK, inputs))
    others = [
        {"id": "1", "properties": {**inputs, "target": "https://b.example/health"}},
        {"id": "2", "properties": {**inputs, "id": "2"}},
    ]
    engine = FakeEngine()
    assert mend(tmp_path, engine, Cloud(uptimeCheck=others)) == "settled what was being created: tetrix-health"
    assert engine.calls == [("settle", f"{CHECK} is 2"), ("refresh", "--yes", "--skip-preview")]


def test_an_app_is_known_by_the_name_in_its_spec(tmp_path: Path) -> None:
    pending(tmp_path, ("creating", APP, {"spec": {"name": "tetrix"}}))
    apps = [
        {"id": "1", "properties": {"spec": {"name": "other"}}},
        {"id": "2", "properties": {"spec": {"name": "tetrix"}}},
    ]
    engine = FakeEngine()
    mend(tmp_path, engine, Cloud(app=apps))
    assert engine.calls[0] == ("settle", f"{APP} is 2")


def test_all_that_was_being_created_is_waited_for_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pending(tmp_path, *(("creating", f"{CHECK}-{number}", {"name": str(number)}) for number in range(3)))
    passed = [0.0]
    monkeypatch.setattr(recovery, "_SETTLE_SECONDS", 5.0)
    monkeypatch.setattr(recovery.time, "monotonic", lambda: passed[0])
    monkeypatch.setattr(recovery.time, "sleep", lambda seconds: passed.append(passed.pop() + seconds))
    mend(tmp_path, FakeEngine())
    assert passed[0] == pytest.approx(5.0, abs=0.2)


def test_what_the_state_knows_already_is_not_what_the_create_made(tmp_path: Path) -> None:
    pending(tmp_path, ("creating", APP, {"spec": {"name": "tetrix"}}))
    engine = FakeEngine({"id": "2"})
    mend(tmp_path, engine, Cloud(app=[{"id": "2", "properties": {"spec": {"name": "tetrix"}}}]))
    assert engine.calls == [("settle",), ("refresh", "--yes", "--skip-preview")]


def test_a_create_that_made_nothing_is_forgotten(tmp_path: Path) -> None:
    pending(tmp_path, ("creating", APP, {"spec": {"name": "tetrix"}}))
    engine = FakeEngine()
    assert mend(tmp_path, engine) == "settled what was being created: tetrix-app"
    assert engine.calls == [("settle",), ("refresh", "--yes", "--skip-preview")]


def test_a_cut_off_update_is_left_to_the_next_up(tmp_path: Path) -> None:
    pending(tmp_path, ("updating", APP, {"spec": {"name": "tetrix"}}))
    engine = FakeEngine()
    assert mend(tmp_path, engine) == ""
    assert engine.calls == []


def test_a_refresh_that_fails_ends_the_rehearsal_with_its_errors(tmp_path: Path) -> None:
    pending(tmp_path, ("creating", APP, {}))
    engine = FakeEngine(outcome=Outcome(ok=False, errors=("no answer", "really")))
    with pytest.raises(OperationError) as raised:
        mend(tmp_path, engine)
    assert (str(raised.value), raised.value.exit_code) == ("no answer\nreally", ExitCode.ENGINE)
