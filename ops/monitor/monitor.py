"""The monitor of a stack: a round of looks, verdicts and messages; alone, or again and again."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.monitor.deliver import deliver
from ops.monitor.judge import Verdict, judge
from ops.monitor.seen import Seen
from ops.monitor.sinks.sink import Sink
from ops.monitor.store import Store
from planning.alerts.alert import Alert


@dataclass(frozen=True)
class Watched:
    """A system with all that the monitor needs of it."""

    name: str
    alerts: Sequence[Alert]
    look: Callable[[datetime], Seen]
    sinks: Sequence[Sink]
    promise: float | None
    """The share of time, in percent, that the system promises to be up."""


@dataclass(frozen=True)
class Report:
    """What came of a round: verdicts by system, and what went wrong with telling people."""

    at: datetime
    verdicts: Mapping[str, Sequence[Verdict]]
    troubles: Sequence[str]

    @property
    def beyond(self) -> list[Verdict]:
        """Those whose measured value is beyond the limit."""
        return [verdict for verdicts in self.verdicts.values() for verdict in verdicts if verdict.beyond]


class Monitor:
    """Looks, judges, tells. In a dry run nobody is told, and the store is a copy."""

    def __init__(self, environment: str, watched: Sequence[Watched], store: Store, *, dry_run: bool) -> None:
        self.watched = watched
        self.store = store
        self.dry_run = dry_run
        self._environment = environment

    def round(self, now: datetime) -> Report:
        """One round at a time, all systems at once."""
        at = now.timestamp()
        with ThreadPoolExecutor(max(1, len(self.watched))) as pool:
            seen = dict(zip(self.watched_names, pool.map(lambda one: one.look(now), self.watched), strict=True))
        verdicts = {
            one.name: judge(self.store, self._environment, one.name, one.alerts, seen[one.name], at, one.sinks)
            for one in self.watched
        }
        return Report(now, verdicts, list(self._delivered(at)))

    @property
    def watched_names(self) -> list[str]:
        return [one.name for one in self.watched]

    def _delivered(self, at: float) -> Iterator[str]:
        if not self.dry_run:
            sinks = {f"{one.name}/{sink.name}": sink for one in self.watched for sink in one.sinks}
            yield from deliver(self.store, sinks, self.watched_names, at)


@contextmanager
def alone(records: Path) -> Iterator[None]:
    """Two monitors of a stack would tell everything twice. Raises OperationError while another works."""
    with (records / "monitor.lock").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "another monitor of this stack works on this machine; stop it, or leave --yes out to just look"
            raise OperationError(message, ExitCode.REFUSED) from error
        yield
