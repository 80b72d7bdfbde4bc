"""How many requests a second the load generator can send from one core, and what that costs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ops.loadtest.generator import Generator
from ops.loadtest.schedule import schedule
from ops.loadtest.target import Target
from planning.load_plan import LoadPlan, Phase
from settings.load_test import LoadRequest
from tools.bench.measured import say

WANTED: Final = 2000
RATES: Final = (WANTED, 4000, 6000)
SECONDS: Final = 10.0
USERS: Final = 100
_KEPT: Final = 0.999
"""The share of requests that must be answered while the test lasts, for the rate to be held."""


def load_generator() -> None:
    """Each rate for ten seconds, against a server in a process of its own that does nothing."""
    say(f"load generator on one core, {USERS} users:")
    with _answering() as url, _one_core():
        for rate in RATES:
            _measure(rate, url)
    say("")


def _measure(rate: int, url: str) -> None:
    plan = LoadPlan(
        system="bench",
        phases=(Phase("steady", 0, SECONDS, rate, rate, judged=True),),
        requests={"root": LoadRequest(path="/")},
        think_seconds=USERS / rate,
        timeout_seconds=5,
        targets=(),
        socket=None,
        secret_headers={},
    )
    generator = Generator(plan, schedule(plan, 1), Target(url))
    began, busy = time.monotonic(), time.process_time()
    recording = asyncio.run(generator.run(lambda _: None))
    share = (time.process_time() - busy) / (time.monotonic() - began)
    whole = recording.whole()
    in_time = sum(count for second, count in recording.answered_at.items() if second < SECONDS)
    held = in_time >= _KEPT * whole.requests and not whole.errors
    p50, p99 = (whole.latencies.percentile(percent) * 1000 for percent in (50, 99))
    late = recording.lateness.percentile(99) * 1000
    say(
        f"  {rate:>5} requests/s {'held' if held else 'NOT held'}: {in_time / SECONDS:7.1f}/s answered, "
        f"{share:4.0%} of the core, p50 {p50:.2f} ms, p99 {p99:.2f} ms, sent late p99 {late:.2f} ms"
    )


@contextmanager
def _answering() -> Iterator[str]:
    """A server that answers at once; its URL."""
    command = [sys.executable, "-m", "tools.bench.answering"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  of this project
        try:
            yield f"http://127.0.0.1:{int((process.stdout or sys.stdin).readline())}"
        finally:
            process.terminate()


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this process on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
