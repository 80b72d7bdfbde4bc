"""`monitor`: one round, or one after the other until a person or a time limit ends it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.live import Live

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.monitor import log
from ops.monitor.dashboard import view
from ops.monitor.endpoint import Endpoint
from ops.monitor.look import Looker
from ops.monitor.monitor import Monitor, Report, Watched, alone
from ops.monitor.page import page
from ops.monitor.sink_secrets import sink_secrets
from ops.monitor.sinks.of_system import sinks
from ops.monitor.store import Store
from ops.monitor.words import plain
from ops.surroundings import Surroundings
from planning.alerts.alert import system_alerts
from settings.duration import parse

RECORDS: Final = "monitor.sqlite"
LOG: Final = "monitor.jsonl"

Show = Callable[[Report], None]


@dataclass(frozen=True)
class Wish:
    """How the monitor is to run. Durations are None for what the settings say, and for without end."""

    yes: bool = False
    as_json: bool = False
    watch: bool = False
    interval: timedelta | None = None
    lasts: timedelta | None = None
    page: Path | None = None
    metrics_port: int | None = None


def duration(text: str | None, option: str) -> timedelta | None:
    """An option's duration. Raises OperationError."""
    try:
        found = parse(text) if text else None
    except ValueError as error:
        raise OperationError(f"{option}: {error}", ExitCode.USAGE) from error
    if found is not None and not found:
        raise OperationError(f"{option}: {text} is no time at all; write such as 30s", ExitCode.USAGE)
    return found


def run(surroundings: Surroundings, only: str | None, wish: Wish, console: Console) -> None:
    """Look, judge, tell, show. Raises OperationError when a number is beyond its limit in the last round."""
    if wish.page and not wish.page.absolute().parent.is_dir():
        raise OperationError(f"--page: there is no folder {wish.page.absolute().parent}; make it first", ExitCode.USAGE)
    try:
        report = _rounds(surroundings, only, wish, console)
    except (sqlite3.Error, OSError) as error:
        message = f"what the monitor keeps cannot be written: {error}; make room in {surroundings.records}"
        raise OperationError(message, ExitCode.FAILED) from error
    if report.beyond:
        names = sorted({f"{verdict.alert.system}: {verdict.alert.threshold.measure}" for verdict in report.beyond})
        raise OperationError(f"beyond the limit: {', '.join(names)}", ExitCode.UNVERIFIED)


def _rounds(surroundings: Surroundings, only: str | None, wish: Wish, console: Console) -> Report:
    """All rounds; the report of the last."""
    with ExitStack() as stack:
        if wish.yes:
            stack.enter_context(alone(surroundings.records))
        monitor = prepare(surroundings, only, yes=wish.yes)
        stack.callback(monitor.store.close)
        shows: list[Show] = []
        if wish.yes:
            shows.append(lambda report: log.append(surroundings.records / LOG, report))
        if wish.metrics_port is not None:
            endpoint = Endpoint()
            endpoint.listen(wish.metrics_port)
            stack.callback(endpoint.close)
            shows.append(endpoint.show)
        if wish.page:
            file, title = wish.page, f"{surroundings.stack.name}{' (emulated)' if surroundings.sandboxed else ''}"
            shows.append(lambda report: _write(file, page(monitor, report, title)))
        shows.append(_shown(stack, monitor, wish, console))
        for now in moments(_interval(monitor, wish), wish.lasts, watch=wish.watch):
            report = monitor.round(now)
            for show in shows:
                show(report)
        return report


def prepare(surroundings: Surroundings, only: str | None, *, yes: bool) -> Monitor:
    """The monitor of a stack's watched systems. Without `yes` it tells nobody and remembers nothing."""
    systems = {
        name: system.monitoring for name, system in surroundings.systems(only).items() if system.monitoring is not None
    }
    if not systems:
        where = only or surroundings.stack.name
        raise OperationError(f"{where} has no monitoring; describe it in the system file", ExitCode.USAGE)
    secrets = sink_secrets(surroundings, systems) if yes else {}
    watched = [
        Watched(
            name,
            system_alerts(name, surroundings.stack.systems[name]),
            Looker(surroundings, name, surroundings.stack.systems[name], monitoring).look,
            sinks(surroundings.stack.name, name, monitoring, secrets[name], surroundings.environment) if yes else [],
            monitoring.uptime_percent,
        )
        for name, monitoring in systems.items()
    ]
    file = surroundings.records / RECORDS
    store = Store.on_disk(file) if yes else Store.copy_of(file)
    return Monitor(surroundings.stack.environment, watched, store, dry_run=not yes)


def moments(interval: timedelta, lasts: timedelta | None, *, watch: bool) -> Iterator[datetime]:
    """When rounds begin. One that takes too long leaves out the rounds that it missed."""
    start, number = time.monotonic(), 0
    step = interval.total_seconds()
    while True:
        yield datetime.now(UTC)
        passed = time.monotonic() - start
        number = max(number + 1, int(passed // step) + 1)
        if not watch or (lasts is not None and number * step > lasts.total_seconds()):
            return
        time.sleep(max(0.0, number * step - (time.monotonic() - start)))


def _interval(monitor: Monitor, wish: Wish) -> timedelta:
    return wish.interval or min(watched.alerts[0].watch.interval for watched in monitor.watched)


def _shown(stack: ExitStack, monitor: Monitor, wish: Wish, console: Console) -> Show:
    """What a person or a program sees of each round."""
    if wish.as_json:
        return lambda report: console.out("\n".join(log.lines(report)), highlight=False)
    if not console.is_terminal:
        return lambda report: console.out("\n".join(plain(report)), highlight=False)
    if not wish.watch:
        return lambda report: console.print(view(monitor, report))
    live = stack.enter_context(Live(console=console, screen=False, auto_refresh=False))
    return lambda report: live.update(view(monitor, report, console.height), refresh=True)


def _write(file: Path, text: str) -> None:
    """Whole or not at all: somebody may be reading it."""
    draft = file.with_name(f".{file.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
