"""`loadtest`: says what it would do; with `--yes` does it, reports, compares and judges."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.loadtest.allowed import own_url, production_word, refuse_production
from ops.loadtest.export import export
from ops.loadtest.generator import Generator, Told
from ops.loadtest.history import History
from ops.loadtest.progress import shown
from ops.loadtest.report import html
from ops.loadtest.result import Document, Result, document, result
from ops.loadtest.schedule import schedule
from ops.loadtest.skip_header import skip_headers
from ops.loadtest.sockets import Sockets
from ops.loadtest.summary import lines
from ops.loadtest.target import Target
from ops.surroundings import Surroundings, surroundings
from planning.load_plan import LoadPlan, load_plan

MOST_REQUESTS: Final = 2_000_000
"""Of one test, so that none is endless: their times are kept in memory, 10 bytes each."""
FASTEST: Final = 4000.0
"""Requests a second that one core can be relied on to send in time; half of what was measured (`make bench`)."""


@dataclass(frozen=True)
class Wish:
    """What the command line asks for. `confirmed` is the host that is named to allow a test of production."""

    system: str | None
    sandbox: bool
    host: str = ""
    confirmed: str = ""
    seed: int = 1
    within_seconds: float | None = None
    report: Path | None = None


def plan_tests(root: Path, stack: str, wish: Wish, *, bounded: bool = True) -> tuple[Surroundings, dict[str, LoadPlan]]:
    """The load tests that are meant, by system. Raises OperationError where there is none, or one is too large."""
    around = surroundings(root, stack, sandbox=wish.sandbox)
    found = {name: load_plan(name, system) for name, system in around.systems(wish.system).items()}
    plans = {name: plan for name, plan in found.items() if plan}
    if not plans:
        what = wish.system or f"no system of {stack}"
        message = f"{what} has {'no' if wish.system else 'a'} load test; describe it in systems/NAME.yaml: load_test"
        raise OperationError(message, ExitCode.USAGE)
    if wish.report and len(plans) > 1:
        message = f"{len(plans)} tests would write the one report {wish.report}; choose a system, or leave --report out"
        raise OperationError(message, ExitCode.USAGE)
    if wish.within_seconds:
        plans = {name: plan.within(wish.within_seconds) for name, plan in plans.items()}
    too_large = [
        f"{name}: {plan.total} requests, up to {plan.fastest:g} a second"
        for name, plan in plans.items()
        if plan.total > MOST_REQUESTS or plan.fastest > FASTEST
    ]
    if too_large and bounded:
        message = (
            f"more than one machine should send (at most {MOST_REQUESTS} requests, {FASTEST:g} a second): "
            f"{'; '.join(too_large)}; export it and run it in segments: --export k6 DIR"
        )
        raise OperationError(message, ExitCode.USAGE)
    return around, plans


def load_tests(root: Path, stack: str, wish: Wish, *, yes: bool, as_json: bool) -> Iterator[str]:
    """Run the tests one after the other, or say what they would do. Raises OperationError for targets missed."""
    around, plans = plan_tests(root, stack, wish)
    urls = {name: own_url(around, name, wish.host) for name in plans}
    if not yes:
        yield from _intentions(around, plans, urls, as_json=as_json)
        return
    refuse_production(around, urls.values(), wish.confirmed)
    targets = {name: Target(urls[name], skip_headers(around, plan)) for name, plan in plans.items()}
    missed: list[str] = []
    told: list[Document] = []
    for name, plan in plans.items():
        found, before, report = _run(around, plan, targets[name], wish, silent=as_json)
        told.append({**document(found), "before": before, "report": str(report)})
        if not as_json:
            yield from lines(found, before)
            yield f"report: {report}"
        if found.verdict != "reached":
            missed += [f"{name}: {word}" for word in _misses(found)]
    if as_json:
        yield json.dumps({"tests": told})
    if missed:
        raise OperationError("\n".join(["the load test was not passed:", *missed]), ExitCode.TARGETS_MISSED)


def export_tests(root: Path, stack: str, wish: Wish, tool: str, folder: Path) -> Iterator[str]:
    """Write the tests for another tool into a folder, and send nothing. Raises OperationError."""
    around, plans = plan_tests(root, stack, wish, bounded=False)
    for name, plan in plans.items():
        yield from export(tool, folder, plan, own_url(around, name, wish.host))


def _run(
    around: Surroundings, plan: LoadPlan, target: Target, wish: Wish, *, silent: bool
) -> tuple[Result, Document | None, Path]:
    begun = datetime.now(UTC)
    with shown(plan, _aside, silent=silent) as tell:
        found = asyncio.run(_all(plan, target, wish.seed, begun, tell, emulated=around.sandboxed))
    history, told = History(around.records), document(found)
    before = history.before(told)
    history.add(told)
    report = wish.report or _report_file(around.records, plan.system, begun)
    _write(report, html(found, before))
    return found, before, report


async def _all(plan: LoadPlan, target: Target, seed: int, begun: datetime, tell: Told, *, emulated: bool) -> Result:
    """Requests and WebSockets beside each other."""
    generator = Generator(plan, schedule(plan, seed), target)
    sockets = Sockets(plan, plan.socket, target) if plan.socket else None
    beside = asyncio.create_task(sockets.run()) if sockets else None
    # A thread that draws gives way after half a millisecond, not after the usual five.
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        recording = await generator.run(tell)
        if beside and not recording.stopped:
            await beside
    finally:
        sys.setswitchinterval(usual)
        if beside:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
    return result(plan, target.host, seed, begun, recording, sockets.recording if sockets else None, emulated=emulated)


def _intentions(
    around: Surroundings, plans: dict[str, LoadPlan], urls: dict[str, str], *, as_json: bool
) -> Iterator[str]:
    if as_json:
        wanted = [{"system": name, "url": urls[name], "requests": plan.total} for name, plan in plans.items()]
        yield json.dumps({"would_test": wanted})
        return
    for name, plan in plans.items():
        yield f"would send {plan.total} requests in {plan.seconds:.0f} s to {urls[name]} ({name}):"
        for phase in plan.phases:
            rate = f"{phase.begin:g}/s" if phase.begin == phase.end else f"{phase.begin:g} to {phase.end:g}/s"
            users = plan.users(max(phase.begin, phase.end))
            yield f"  {phase.name:<12} {phase.seconds:>6.1f} s  {rate:<16} {users:>5} users{'  judged' * phase.judged}"
        yield "  " + ", ".join(f"{request.method} {request.path}" for request in plan.requests.values())
        if plan.socket:
            yield f"  {plan.socket.users} users with a WebSocket at {plan.socket.path}"
        for header, secret in plan.secret_headers.items():
            yield f"  {header} with the secret {secret}, which makes the edge let it pass"
    word = production_word(around, urls.values())
    yield f"to do it, add: --yes{f' {word}' if word else ''}"


def _misses(found: Result) -> Iterator[str]:
    if found.recording.stopped:
        yield f"stopped {found.recording.stopped}"
    for judgement in found.judgements:
        if judgement.missed and judgement.measured is not None:
            limit = judgement.threshold
            side = "at most" if limit.above else "at least"
            yield f"{limit.measure}: {judgement.measured:.1f}, {side} {limit.value:g} {limit.unit} is wanted"


def _aside(text: str) -> None:
    """To the side of errors, so that the output is the result alone."""
    sys.stderr.write(f"{text}\n")


def _report_file(records: Path, system: str, begun: datetime) -> Path:
    return records / "load-tests" / f"{system}-{begun:%Y%m%d-%H%M%S}.html"


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"the report cannot be written to {file} ({error.strerror}); name another file with --report"
        raise OperationError(message, ExitCode.USAGE) from error
