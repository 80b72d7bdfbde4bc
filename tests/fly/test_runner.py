"""The runner against small programs that play flyctl: time-outs, cancellation, retries, redaction, environment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fly.commands.command import Command, Effect, read, write
from fly.environment import flyctl_environment
from fly.errors import (
    Cancelled,
    FlyctlMissing,
    RateLimited,
    TimedOut,
    Unauthorized,
    Unavailable,
    UnsupportedVersion,
)
from fly.limits import READS_AT_ONCE, Backoff
from fly.redaction import redacted
from fly.runner import Finished, Runner, worth_another_try
from fly.version import SupportedOnly, is_supported
from tests.patience import eventually

TOKEN = "FlyV1 fm2_lJPECAAAAAAAAAAA"


class Counting(Runner):
    """A runner that keeps what it started."""

    def __init__(self, flyctl: str, environment: Mapping[str, str], folder: Path) -> None:
        super().__init__(flyctl, environment, folder)
        self.calls: list[list[str]] = []
        # How far flyctl must have come before its time begins to run.
        self.so_far: Callable[[], bool] = lambda: True

    async def _start(self, command: Command) -> asyncio.subprocess.Process:
        self.calls.append(command.argv)
        process = await super()._start(command)
        while not self.so_far():
            await asyncio.sleep(0.01)
        return process


def playing(folder: Path, script: str) -> Counting:
    """A runner whose flyctl is this shell script."""
    flyctl = folder / "flyctl"
    flyctl.write_text(f"#!/bin/sh\n{script}\n")
    flyctl.chmod(0o755)
    private = folder / "private"
    private.mkdir()
    runner = Counting(str(flyctl), {"PATH": os.environ["PATH"], "FLY_API_TOKEN": TOKEN}, private)
    runner._backoff = Backoff(attempts=3, first_seconds=0.01)
    return runner


def test_output_comes_back_whole(tmp_path: Path) -> None:
    runner = playing(tmp_path, 'echo "$@"; echo warned >&2')
    assert asyncio.run(runner.run(read("app", "apps", "list"))) == Finished("apps list\n", "warned\n")


def test_a_missing_flyctl_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(FlyctlMissing, match="`make setup` installs it"):
        asyncio.run(Runner("/nowhere/flyctl", {}, tmp_path).run(read("app", "apps", "list")))


def test_a_hanging_flyctl_is_stopped_with_its_children(tmp_path: Path) -> None:
    written = tmp_path / "child"
    runner = playing(tmp_path, f"sleep 60 & echo $! > {written}; wait")
    runner.so_far = lambda: written.exists() and written.read_text().endswith("\n")
    command = Command(["x"], Effect.WRITE, "app", 0.3)
    with pytest.raises(TimedOut, match=r"did not end within 0\.3 s"):
        asyncio.run(runner.run(command))
    child = int(written.read_text())
    assert eventually(lambda: not _alive(child))


def test_cancelling_stops_what_runs_and_starts_nothing_more(tmp_path: Path) -> None:
    runner = playing(tmp_path, f"echo started >> {tmp_path}/log; sleep 60")

    async def cancelled() -> None:
        running = asyncio.ensure_future(runner.run(write("app", "deploy")))
        while not (tmp_path / "log").exists() or not (tmp_path / "log").read_text():
            await asyncio.sleep(0.01)
        await runner.cancel()
        with pytest.raises(Cancelled):
            await running
        with pytest.raises(Cancelled):
            await runner.run(write("app", "deploy"))

    asyncio.run(cancelled())
    assert (tmp_path / "log").read_text() == "started\n"


def test_what_is_just_being_started_is_stopped_as_well(tmp_path: Path) -> None:
    runner = playing(tmp_path, "sleep 60")

    async def cancelled() -> None:
        cancelling: list[asyncio.Future[None]] = []

        def once_cancelled() -> bool:
            if not cancelling:
                cancelling.append(asyncio.ensure_future(runner.cancel()))
            return cancelling[0].done()

        runner.so_far = once_cancelled
        with pytest.raises(Cancelled):
            await asyncio.wait_for(runner.run(write("app", "deploy")), 30)

    asyncio.run(cancelled())


def test_a_read_is_tried_again_when_the_network_fails(tmp_path: Path) -> None:
    runner = playing(
        tmp_path,
        f"n=$(cat {tmp_path}/n 2>/dev/null || echo 0); echo $((n+1)) > {tmp_path}/n\n"
        '[ "$n" -ge 2 ] && echo "[]" && exit 0\necho "Error: connection reset" >&2; exit 1',
    )
    assert asyncio.run(runner.run(read("app", "apps", "list"))).stdout == "[]\n"
    assert len(runner.calls) == 3


def test_a_write_is_not_tried_again_when_the_network_fails(tmp_path: Path) -> None:
    runner = playing(tmp_path, 'echo "Error: connection reset" >&2; exit 1')
    with pytest.raises(Unavailable):
        asyncio.run(runner.run(write("app", "deploy")))
    assert len(runner.calls) == 1


def test_a_write_that_was_refused_for_its_rate_is_tried_again(tmp_path: Path) -> None:
    runner = playing(tmp_path, 'echo "Error: 429 too many requests" >&2; exit 1')
    with pytest.raises(RateLimited):
        asyncio.run(runner.run(write("app", "deploy")))
    assert len(runner.calls) == 3


def test_a_refused_token_is_not_tried_again(tmp_path: Path) -> None:
    runner = playing(tmp_path, 'echo "Error: You must be authenticated" >&2; exit 1')
    with pytest.raises(Unauthorized, match="set FLY_API_TOKEN"):
        asyncio.run(runner.run(read("app", "apps", "list")))
    assert len(runner.calls) == 1


def test_no_more_reads_run_at_once_than_the_limit(tmp_path: Path) -> None:
    runner = playing(
        tmp_path, f"mkdir {tmp_path}/$$.run; ls -d {tmp_path}/*.run | wc -l; sleep 0.1; rmdir {tmp_path}/$$.run"
    )

    async def many() -> list[Finished]:
        return await asyncio.gather(*(runner.run(read("app", "apps", "list")) for _ in range(3 * READS_AT_ONCE)))

    assert max(int(finished.stdout) for finished in asyncio.run(many())) <= READS_AT_ONCE


def test_tokens_and_stdin_are_taken_out_of_everything(tmp_path: Path) -> None:
    runner = playing(tmp_path, 'cat; echo "using $FLY_API_TOKEN"; cat >&2')
    command = write("app", "secrets", "import", stdin="KEY=hunter22\n", secrets=("hunter22",))
    finished = asyncio.run(runner.run(command))
    assert finished.stdout == "KEY=[redacted]\nusing [redacted]\n"


def test_an_error_holds_no_secret(tmp_path: Path) -> None:
    runner = playing(tmp_path, 'read line; echo "Error: bad line $line" >&2; exit 1')
    command = write("app", "secrets", "import", stdin="KEY=hunter22\n", secrets=("hunter22",))
    with pytest.raises(Exception, match=r"bad line KEY=\[redacted\]"):
        asyncio.run(runner.run(command))


def test_a_password_in_a_url_is_taken_out() -> None:
    assert redacted("to postgres://me:pw@host/db") == "to postgres://[redacted]@host/db"


def test_flyctl_gets_only_what_it_needs_of_the_environment() -> None:
    ours = {"PATH": "/bin", "FLY_API_TOKEN": "t", "AWS_SECRET_ACCESS_KEY": "x", "PULUMI_CONFIG_PASSPHRASE": "y"}
    theirs = flyctl_environment(ours, "/private")
    assert "AWS_SECRET_ACCESS_KEY" not in theirs
    assert "PULUMI_CONFIG_PASSPHRASE" not in theirs
    assert theirs["FLY_CONFIG_DIR"] == "/private"
    assert theirs["FLY_NO_UPDATE_CHECK"] == "1"


def test_without_a_token_the_users_own_login_is_used() -> None:
    assert "FLY_CONFIG_DIR" not in flyctl_environment({"PATH": "/bin", "HOME": "/home/me"}, "/private")


@pytest.mark.parametrize(
    ("version", "supported"),
    [("0.4.80", True), ("v0.4.0", True), ("0.3.999", False), ("2026.11.22-dev.1", True), ("unknown", False)],
)
def test_old_versions_are_not_supported(version: str, *, supported: bool) -> None:
    assert is_supported(version) is supported


def test_the_version_is_asked_once_and_before_anything_else(tmp_path: Path) -> None:
    runner = playing(tmp_path, '[ "$1" = version ] && echo \'{"Version": "0.4.80"}\' || echo "[]"')
    supported = SupportedOnly(runner)

    async def twice() -> None:
        await asyncio.gather(supported.run(read("app", "apps", "list")), supported.run(read("app", "apps", "list")))

    asyncio.run(twice())
    assert runner.calls == [["version", "--json"], ["apps", "list"], ["apps", "list"]]


def test_too_old_a_flyctl_says_how_to_get_a_new_one(tmp_path: Path) -> None:
    runner = playing(tmp_path, 'echo \'{"Version": "0.2.1"}\'')
    with pytest.raises(UnsupportedVersion, match=r"flyctl 0.2.1 is not supported.*v0.4.0 or newer; run `make setup`"):
        asyncio.run(SupportedOnly(runner).run(read("app", "apps", "list")))


def test_only_reads_and_requests_that_were_not_carried_out_are_sent_again() -> None:
    lost = TimedOut("x", 1)
    assert worth_another_try(read("app", "x"), lost)
    assert not worth_another_try(write("app", "x"), lost)


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1][:3]
    except OSError:
        return False
