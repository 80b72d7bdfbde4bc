"""Health checks: real HTTP requests and TCP connections to the servers that stand for machines."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.fly import identity
from sandbox.fly.logs import Logs
from sandbox.store import Document

# A failing check is tried again soon and then ever more slowly; a passing one no less often than every few seconds,
# however long its interval: a rehearsal cannot wait for minutes to see a machine fail.
FIRST_RETRY_SECONDS = 0.05
SLOWEST_RETRY_SECONDS = 0.5
SLOWEST_SECONDS = 2.0
DEFAULT_TIMEOUT_SECONDS = 2.0
DEFAULT_GRACE_SECONDS = 1.0
_OUTPUT_BYTES = 200
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class Check(NamedTuple):
    """One check of a machine's configuration. `routes`: it decides whether the proxy sends requests."""

    name: str
    kind: str
    port: int
    path: str
    method: str
    interval: float
    timeout: float
    grace: float
    routes: bool


class Result(NamedTuple):
    """How a check went: `passing`, `warning` (still in its grace period) or `critical`, and what it saw."""

    status: str
    output: str
    updated_at: str


def seconds(duration: object, default: float) -> float:
    """A Go duration (`1m30s`), or nanoseconds as a number, in seconds."""
    if isinstance(duration, int | float) and duration:
        return duration / 1e9
    if not isinstance(duration, str) or not duration:
        return default
    return sum(float(number) * _UNIT_SECONDS[unit] for number, unit in _DURATION.findall(duration))


def of_config(config: dict[str, Any]) -> list[Check]:
    """The checks of a machine's configuration: top-level ones by name, service checks as `servicecheck-…`."""
    found = [_check(name, spec, routes=False) for name, spec in sorted((config.get("checks") or {}).items())]
    number = 0
    for service in config.get("services") or []:
        for spec in service.get("checks") or []:
            port = spec.get("port") or service.get("internal_port") or 0
            kind = str(spec.get("type") or "tcp").lower()
            name = f"servicecheck-{number:02d}-{kind}-{port}"
            found.append(_check(name, {**spec, "port": port}, routes=True))
            number += 1
    return found


def _check(name: str, spec: dict[str, Any], *, routes: bool) -> Check:
    return Check(
        name=name,
        kind=str(spec.get("type") or "tcp").lower(),
        port=int(spec.get("port") or 0),
        path=str(spec.get("path") or "/"),
        method=str(spec.get("method") or "GET").upper(),
        interval=seconds(spec.get("interval"), SLOWEST_SECONDS),
        timeout=seconds(spec.get("timeout"), DEFAULT_TIMEOUT_SECONDS),
        grace=seconds(spec.get("grace_period"), DEFAULT_GRACE_SECONDS),
        routes=routes,
    )


class Checks:
    """Runs the checks of all started machines and remembers their last results."""

    def __init__(self, port_of: Callable[[str], int | None], logs: Logs, changed: Callable[[str], None]) -> None:
        """`port_of(machine)` is its loopback port; `changed(machine)` is called when a status flipped."""
        self._port_of = port_of
        self._logs = logs
        self._changed = changed
        self._results: dict[str, dict[str, Result]] = {}
        self._tasks: dict[str, list[asyncio.Task[None]]] = {}

    async def watch(self, machine: Document) -> None:
        """Check this machine from now on; returns when every check ran once."""
        self.forget(machine["id"])
        started = time.monotonic()
        found = of_config(machine["config"])
        await asyncio.gather(*(self._run(machine, check, started) for check in found))
        self._tasks[machine["id"]] = [asyncio.create_task(self._repeat(machine, check, started)) for check in found]

    def forget(self, machine: str) -> None:
        """Stop checking a machine and drop its results."""
        for task in self._tasks.pop(machine, []):
            task.cancel()
        self._results.pop(machine, None)

    def statuses(self, machine: Document) -> list[dict[str, Any]]:
        """The results in the shape of a machine's `checks`."""
        results = self._results.get(machine["id"], {})
        shown = []
        for check in of_config(machine["config"]):
            result = results.get(check.name) or _unknown(machine)
            shown.append(
                {
                    "name": check.name,
                    "status": result.status,
                    "output": result.output,
                    "updated_at": result.updated_at,
                }
            )
        return shown

    def routable(self, machine: Document) -> bool:
        """Whether all checks that decide about routing pass."""
        results = self._results.get(machine["id"], {})
        return all(
            check.name in results and results[check.name].status == "passing"
            for check in of_config(machine["config"])
            if check.routes
        )

    async def _repeat(self, machine: Document, check: Check, started: float) -> None:
        retry = FIRST_RETRY_SECONDS
        while True:
            passing = self._results[machine["id"]][check.name].status == "passing"
            await asyncio.sleep(min(check.interval, SLOWEST_SECONDS) if passing else retry)
            retry = FIRST_RETRY_SECONDS if passing else min(retry * 2, SLOWEST_RETRY_SECONDS)
            await self._run(machine, check, started)

    async def _run(self, machine: Document, check: Check, started: float) -> None:
        passing, output = await self._try(machine, check)
        in_grace = time.monotonic() - started < check.grace
        status = "passing" if passing else "warning" if in_grace else "critical"
        results = self._results.setdefault(machine["id"], {})
        before = results.get(check.name)
        results[check.name] = Result(status, output, identity.now())
        if before is None or before.status != status:
            self._tell(machine, check, status, output)

    def _tell(self, machine: Document, check: Check, status: str, output: str) -> None:
        subject = f"Health check '{check.name}' on port {check.port}"
        if status == "passing":
            self._logs.write(machine, f"{subject} is now passing.", provider="health")
        else:
            self._logs.write(machine, f"{subject} has failed: {output}", level="error", provider="health")
        self._changed(machine["id"])

    async def _try(self, machine: Document, check: Check) -> tuple[bool, str]:
        port = self._port_of(machine["id"])
        listens_on = machine["behaviour"].get("listens_on")
        if port is None or (listens_on and check.port != listens_on):
            return False, "connect: connection refused"
        try:
            async with asyncio.timeout(check.timeout):
                return await (_http(port, check) if check.kind == "http" else _tcp(port))
        except TimeoutError:
            return False, f"timeout after {check.timeout:g}s waiting for {check.kind} {check.path}"
        except (OSError, EOFError, ValueError) as error:
            return False, _refusal(error)


def _refusal(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "connect: connection refused"
    if isinstance(error, ConnectionError | EOFError):
        return "connection closed before message completed"
    return str(error)


def _unknown(machine: Document) -> Result:
    if machine["state"] in ("started", "starting", "replacing"):
        return Result("warning", "waiting for status update", machine["updated_at"])
    if machine["state"] == "created":
        return Result("warning", "the machine hasn't started", machine["updated_at"])
    return Result("critical", "the machine has stopped", machine["updated_at"])


async def _tcp(port: int) -> tuple[bool, str]:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    return True, "Success"


async def _http(port: int, check: Check) -> tuple[bool, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = f"{check.method} {check.path} HTTP/1.1\r\nHost: 127.0.0.1:{check.port}\r\n"
        writer.write(f"{head}User-Agent: Consul Health Check\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        line = (await reader.readuntil(b"\r\n")).decode("latin-1").split(" ", 2)
        status, phrase = int(line[1]), line[2].strip() if len(line) > 2 else ""
        await reader.readuntil(b"\r\n\r\n")
        body = (await reader.read(_OUTPUT_BYTES)).decode("utf-8", "replace")
    finally:
        writer.close()
    return 200 <= status < 300, f"HTTP {check.method} {check.path}: {status} {phrase} Output: {body!r}"
