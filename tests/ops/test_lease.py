"""One deployment at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from ops import lease as leases
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.holder import Holder, alive, read, this_process
from ops.lease import EXPIRY_SECONDS, Lease
from tests.patience import eventually

ELSEWHERE = Holder("ada", "other-machine", 4711, "another boot pid:[1]", "9")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def gone() -> Holder:
    """A process of this machine that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return replace(this_process(), pid=process.pid)


def test_a_holder_survives_being_written_down() -> None:
    assert read(this_process().text()) == this_process()


def test_a_process_lives_until_it_ended_even_when_nobody_has_waited_for_it() -> None:
    assert this_process().ended() is False
    process = subprocess.Popen([sys.executable, "-c", ""])
    eventually(lambda: not alive(process.pid))
    process.wait()


def test_another_process_with_the_number_of_the_holder_is_not_the_holder() -> None:
    assert replace(this_process(), began="1").ended() is True


def test_from_elsewhere_nobody_can_tell_whether_a_process_lives() -> None:
    assert ELSEWHERE.ended() is None


def test_a_living_holder_keeps_the_lease_and_is_named(tmp_path: Path, clock: Clock) -> None:
    Lease(tmp_path / "lease", clock=clock).take("deploying staging")
    other = Lease(tmp_path / "lease", me=ELSEWHERE, clock=clock)
    clock.now += 7
    with pytest.raises(OperationError) as refused, other.held("rolling back"):
        raise AssertionError("both hold it")
    assert refused.value.exit_code is ExitCode.REFUSED
    me = this_process()
    assert str(refused.value) == (
        f"{me.user}@{me.host} (process {me.pid}) is busy with this stack: deploying staging; it gave a sign of life "
        "7 s ago. Run this again when it has ended, or stop that process: the lease of a dead one is taken over"
    )


def test_only_a_verb_that_can_wait_is_told_to_wait(tmp_path: Path, clock: Clock) -> None:
    Lease(tmp_path / "lease", clock=clock).take("deploying staging")
    other = Lease(tmp_path / "lease", me=ELSEWHERE, clock=clock)
    with pytest.raises(OperationError, match=r"ago\. Wait for it to end \(--wait SECONDS does\), or stop that"):
        other.held("rolling back", wait_seconds=0.0).__enter__()


def test_the_lease_of_a_dead_process_is_taken_over_at_once(tmp_path: Path, clock: Clock) -> None:
    Lease(tmp_path / "lease", me=gone(), clock=clock).take("deploying")
    assert Lease(tmp_path / "lease", clock=clock).take("deploying") is None


@pytest.mark.parametrize(("seconds", "taken"), [(EXPIRY_SECONDS, False), (EXPIRY_SECONDS + 1, True)])
def test_a_holder_elsewhere_is_taken_for_dead_only_after_its_silence(
    tmp_path: Path, clock: Clock, seconds: float, *, taken: bool
) -> None:
    Lease(tmp_path / "lease", me=ELSEWHERE, clock=clock).take("deploying")
    clock.now += seconds
    assert (Lease(tmp_path / "lease", clock=clock).take("deploying") is None) is taken


def test_a_silent_holder_on_this_machine_keeps_the_lease_while_it_lives(tmp_path: Path, clock: Clock) -> None:
    Lease(tmp_path / "lease", clock=clock).take("deploying")
    clock.now += 10 * EXPIRY_SECONDS
    assert Lease(tmp_path / "lease", me=ELSEWHERE, clock=clock).take("deploying") is not None


def test_a_heartbeat_keeps_the_lease_and_says_when_it_was_lost(tmp_path: Path, clock: Clock) -> None:
    mine = Lease(tmp_path / "lease", me=ELSEWHERE, clock=clock)
    mine.take("deploying")
    clock.now += EXPIRY_SECONDS
    mine.require("--stack staging")
    clock.now += EXPIRY_SECONDS
    other = Lease(tmp_path / "lease", clock=clock)
    assert other.take("deploying") is not None
    clock.now += 1
    assert other.take("deploying") is None
    see = r"see: \./slipway history --stack staging --sandbox$"
    with pytest.raises(OperationError, match=f"the lease on the stack was lost .*{see}"):
        mine.require("--stack staging --sandbox")
    mine.release()
    assert other.now() is not None


def test_waiting_gets_the_lease_when_the_other_one_is_through(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Lease(tmp_path / "lease", me=ELSEWHERE, clock=clock)
    first.take("deploying")
    monkeypatch.setattr(leases.time, "sleep", lambda seconds: first.release())
    second = Lease(tmp_path / "lease", clock=clock)
    with second.held("deploying", wait_seconds=60):
        assert second.now() is not None
    assert second.now() is None


def test_a_heartbeat_that_finds_the_disk_busy_beats_again(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "HEARTBEAT_SECONDS", 0.001)
    mine = Lease(tmp_path / "lease", clock=clock)
    beats: list[int] = []
    enough = threading.Event()

    def beat() -> bool:
        beats.append(1)
        if len(beats) > 2:
            enough.set()
        raise OperationError("the records cannot be used: database is locked", ExitCode.FAILED)

    monkeypatch.setattr(mine, "beat", beat)
    with mine.held("deploying"):
        assert enough.wait(60)
