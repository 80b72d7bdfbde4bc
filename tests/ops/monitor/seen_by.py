"""A monitor whose looks are written down beforehand, on a store in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ops.monitor.message import Message
from ops.monitor.monitor import Monitor, Report, Watched
from ops.monitor.seen import Seen
from ops.monitor.sinks.sink import SinkError
from ops.monitor.store import Store
from planning.alerts.alert import Alert
from planning.alerts.incident import simulated
from tests.planning.alerts.watched import alerts

START = datetime(2026, 11, 22, tzinfo=UTC).timestamp()


class Box:
    """A sink that keeps what it gets, and fails as often as it is told to."""

    def __init__(self, name: str = "box", failures: int = 0) -> None:
        self.name = name
        self.failures = failures
        self.got: list[Message] = []

    def wants(self, message: Message) -> bool:
        return True

    def send(self, message: Message) -> None:
        if self.failures:
            self.failures -= 1
            raise SinkError(f"{self.name} is away")
        self.got.append(message)


def in_memory() -> Store:
    return Store(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def monitor(
    name: str,
    rounds: Mapping[float, Seen],
    *sinks: Box,
    store: Store | None = None,
    promise: float | None = None,
    dry_run: bool = False,
    listed: Sequence[Alert] | None = None,
) -> Monitor:
    """Watches the system `name` of the repository, which is in each round, by its time, as `rounds` says."""
    watched = Watched(name, listed or alerts(name), lambda now: rounds[now.timestamp()], sinks, promise)
    return Monitor("production", [watched], store or in_memory(), dry_run=dry_run)


def incident(name: str, kind: str) -> dict[float, Seen]:
    """The rounds of a simulated incident, at real times."""
    return {START + round_.at: Seen(dict(round_.measured)) for round_ in simulated(kind, alerts(name)).rounds}


def through(of: Monitor, rounds: Mapping[float, Seen]) -> list[Report]:
    """The reports of all rounds."""
    return [of.round(datetime.fromtimestamp(at, UTC)) for at in rounds]
