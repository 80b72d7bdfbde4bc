"""What the monitor remembers of a stack, on disk: the state of each alert, the rounds of a day, what waits to be told.

One transaction a round: a monitor that is killed has either seen a round and will tell what it means, or has not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.monitor.message import Message
from planning.alerts.state import State

_VERSION: Final = 1
_DAY_SECONDS: Final = 86_400
ROUNDS_KEPT: Final = _DAY_SECONDS + 3_600
DAYS_KEPT: Final = 31

_TABLES: Final = """
CREATE TABLE state (system TEXT, alert TEXT, body TEXT NOT NULL, PRIMARY KEY (system, alert));
CREATE TABLE round (system TEXT, at REAL, body TEXT NOT NULL, PRIMARY KEY (system, at));
CREATE TABLE up (system TEXT, day INTEGER, good INTEGER NOT NULL, asked INTEGER NOT NULL, PRIMARY KEY (system, day));
CREATE TABLE told (id INTEGER PRIMARY KEY, at REAL NOT NULL, body TEXT NOT NULL);
CREATE TABLE waiting (id INTEGER PRIMARY KEY, sink TEXT NOT NULL, tries INTEGER NOT NULL, due REAL NOT NULL,
                      body TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Waiting:
    """A message on its way to one sink: `tries` that failed, and when the next is due."""

    id: int
    sink: str
    tries: int
    due: float
    message: Message


class Store:
    """The memory of one stack's monitor. Times are seconds since 1970."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
        elif version != _VERSION:
            message = f"the monitor's records have version {version}, and this is {_VERSION}; move them away"
            raise OperationError(message, ExitCode.REFUSED)

    @classmethod
    def on_disk(cls, file: Path) -> Store:
        """What was remembered, kept from now on."""
        connection = sqlite3.connect(file, timeout=10, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        # A power cut may take the last round with it, a killed monitor never does.
        connection.execute("PRAGMA synchronous = NORMAL")
        file.chmod(0o600)
        return cls(connection)

    @classmethod
    def copy_of(cls, file: Path) -> Store:
        """What was remembered, in a copy that is forgotten at the end."""
        copy = sqlite3.connect(":memory:", isolation_level=None)
        if file.exists():
            source = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
            source.backup(copy)
            source.close()
        return cls(copy)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written in it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    def states(self, system: str) -> dict[str, State]:
        """How the alerts of a system are, but for new ones, which are quiet."""
        rows = self._all("SELECT alert, body FROM state WHERE system = ?", system)
        return {alert: State(**json.loads(body)) for alert, body in rows}

    def set_state(self, system: str, alert: str, state: State) -> None:
        body = json.dumps(asdict(state))
        self._do("INSERT OR REPLACE INTO state (system, alert, body) VALUES (?, ?, ?)", system, alert, body)

    def add_round(self, system: str, at: float, measured: Mapping[str, float], *, up: bool) -> None:
        """Remember what was measured, and whether the system was up, for a day and in the counts of a month."""
        self._do("INSERT OR REPLACE INTO round (system, at, body) VALUES (?, ?, ?)", system, at, json.dumps(measured))
        day = int(at // _DAY_SECONDS)
        self._do(
            "INSERT INTO up (system, day, good, asked) VALUES (?, ?, ?, 1) "
            "ON CONFLICT DO UPDATE SET good = good + excluded.good, asked = asked + 1",
            system,
            day,
            int(up),
        )
        self._do("DELETE FROM round WHERE system = ? AND at < ?", system, at - ROUNDS_KEPT)
        self._do("DELETE FROM up WHERE system = ? AND day <= ?", system, day - DAYS_KEPT)

    def rounds(self, system: str, since: float) -> list[tuple[float, dict[str, float]]]:
        """What was measured since then, by time."""
        found = self._all("SELECT at, body FROM round WHERE system = ? AND at >= ? ORDER BY at", system, since)
        return [(at, json.loads(body)) for at, body in found]

    def uptime(self, system: str) -> tuple[int, int]:
        """In how many rounds of the last month the system was up, and how many there were."""
        row = self._one("SELECT coalesce(sum(good), 0), coalesce(sum(asked), 0) FROM up WHERE system = ?", system)
        return (row[0], row[1]) if row else (0, 0)

    def add_message(self, message: Message, sinks: list[str]) -> None:
        """Remember a message, and that each of the sinks has yet to get it."""
        body = json.dumps(asdict(message))
        self._do("INSERT INTO told (at, body) VALUES (?, ?)", message.at, body)
        for sink in sinks:
            self._do("INSERT INTO waiting (sink, tries, due, body) VALUES (?, 0, ?, ?)", sink, message.at, body)
        self._do("DELETE FROM told WHERE at < ?", message.at - ROUNDS_KEPT)

    def messages(self, since: float) -> list[Message]:
        """What was to be told since then, newest first."""
        return [Message(**json.loads(body)) for (body,) in self._all(
            "SELECT body FROM told WHERE at >= ? ORDER BY at DESC, id DESC", since
        )]  # fmt: skip

    def waiting(self) -> list[Waiting]:
        """What has not arrived yet, oldest first."""
        return [
            Waiting(id_, sink, tries, due, Message(**json.loads(body)))
            for id_, sink, tries, due, body in self._all("SELECT id, sink, tries, due, body FROM waiting ORDER BY id")
        ]

    def arrived(self, waiting: Waiting) -> None:
        """Forget it: it arrived, or is not tried any more."""
        self._do("DELETE FROM waiting WHERE id = ?", waiting.id)

    def put_off(self, waiting: Waiting, due: float) -> None:
        """One more try failed; the next is due then."""
        later = replace(waiting, tries=waiting.tries + 1, due=due)
        self._do("UPDATE waiting SET tries = ?, due = ? WHERE id = ?", later.tries, later.due, later.id)

    def _do(self, statement: str, *values: Any) -> None:
        self._connection.execute(statement, values)

    def _all(self, statement: str, *values: Any) -> list[Any]:
        return self._connection.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: Any) -> Any:
        return self._connection.execute(statement, values).fetchone()
