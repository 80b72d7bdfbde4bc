"""The journal of a stack's deployments, in SQLite: written before and after every step, so that a cut can be seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from ops import holder as holders
from ops.deployment.steps import Direction, plans
from ops.deployment.verdict import Verdict
from ops.holder import Holder
from ops.transaction import transaction

FILE: Final = "deployments.sqlite"
"""The file in a stack's records."""

Kind = Literal["deploy", "rollback"]

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS deployment (number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, "
    "target INTEGER, returns_to INTEGER, commit_id TEXT NOT NULL, holder TEXT NOT NULL, began TEXT NOT NULL, "
    "ended TEXT, verdict TEXT, reason TEXT NOT NULL DEFAULT '', runs INTEGER, facts TEXT NOT NULL DEFAULT '{}')",
    "CREATE TABLE IF NOT EXISTS step (deployment INTEGER NOT NULL REFERENCES deployment (number), "
    "direction TEXT NOT NULL, name TEXT NOT NULL, began TEXT NOT NULL, ended TEXT, ok INTEGER, "
    "result TEXT NOT NULL DEFAULT '', PRIMARY KEY (deployment, direction, name))",
)
_COLUMNS: Final = "number, kind, target, returns_to, commit_id, holder, began, ended, verdict, reason, runs, facts"


@dataclass(frozen=True)
class Taken:
    """A step that was begun. `ok` is None while it runs, and when it was cut off."""

    direction: Direction
    name: str
    began: datetime
    ended: datetime | None
    ok: bool | None
    result: str


@dataclass(frozen=True)
class Deployment:
    """One run of `deploy` or `rollback`.

    `target` is the release that it brings, by the number of the deployment that made it; `returns_to` the one that
    ran before; `runs` the one that runs in the end, None where that cannot be promised. `facts` is what `record` found:
    images by app, deployments of App Platform by app.
    """

    number: int
    kind: Kind
    target: int
    returns_to: int | None
    commit: str
    holder: Holder
    began: datetime
    ended: datetime | None
    verdict: Verdict | None
    reason: str
    runs: int | None
    facts: Mapping[str, Any]
    steps: tuple[Taken, ...] = ()

    @property
    def direction(self) -> Direction:
        """Where it goes: back once the way back was begun."""
        turned = self.kind == "rollback" or any(step.direction == "back" for step in self.steps)
        return "back" if turned else "forward"

    @property
    def next_step(self) -> str:
        """The first step in its direction that did not end well: where it was cut off, or stands."""
        done = {step.name for step in self.steps if step.direction == self.direction and step.ok}
        return next((plan.name for plan in plans(self.direction) if plan.name not in done), "")


class Journal:
    """The deployments of one stack. What is noted first makes the file: looking leaves no trace."""

    def __init__(self, records: Path) -> None:
        """`records` is the stack's private folder."""
        self.file = records / FILE

    def begin(self, kind: Kind, *, target: int | None, commit: str, holder: Holder) -> Deployment:
        """Note a new deployment; without a target it brings a release of its own."""
        current = self.current()
        with transaction(self.file, *_TABLES) as database:
            row = (kind, target, current, commit, holder.text(), _now())
            made = database.execute(
                "INSERT INTO deployment (kind, target, returns_to, commit_id, holder, began) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
            database.execute("UPDATE deployment SET target = number WHERE target IS NULL")
        return self.deployment(int(made.lastrowid or 0))

    def take_over(self, number: int, holder: Holder) -> None:
        """Note who goes on with a deployment that was cut off."""
        with transaction(self.file, *_TABLES) as database:
            database.execute("UPDATE deployment SET holder = ? WHERE number = ?", (holder.text(), number))

    def begin_step(self, number: int, direction: Direction, name: str) -> None:
        """Note that a step begins; one that was cut off begins anew."""
        with transaction(self.file, *_TABLES) as database:
            database.execute(
                "INSERT OR REPLACE INTO step (deployment, direction, name, began) VALUES (?, ?, ?, ?)",
                (number, direction, name, _now()),
            )

    def end_step(self, number: int, direction: Direction, name: str, result: str, *, ok: bool) -> None:
        """Note how a step ended."""
        with transaction(self.file, *_TABLES) as database:
            database.execute(
                "UPDATE step SET ended = ?, ok = ?, result = ? WHERE deployment = ? AND direction = ? AND name = ?",
                (_now(), ok, result, number, direction, name),
            )

    def note(self, number: int, facts: Mapping[str, Any]) -> None:
        """Add to what is known of a deployment."""
        known = {**self.deployment(number).facts, **facts}
        with transaction(self.file, *_TABLES) as database:
            database.execute("UPDATE deployment SET facts = ? WHERE number = ?", (json.dumps(known), number))

    def explain(self, number: int, reason: str) -> None:
        """Note why it turns back."""
        with transaction(self.file, *_TABLES) as database:
            database.execute("UPDATE deployment SET reason = ? WHERE number = ?", (reason, number))

    def end(self, number: int, verdict: Verdict, *, runs: int | None) -> None:
        """Note the verdict, and which release runs."""
        with transaction(self.file, *_TABLES) as database:
            row = (_now(), verdict.value, runs, number)
            database.execute("UPDATE deployment SET ended = ?, verdict = ?, runs = ? WHERE number = ?", row)

    def deployment(self, number: int) -> Deployment:
        """One deployment with its steps. Raises KeyError."""
        found = self._read("WHERE number = ?", number)
        if not found:
            raise KeyError(number)
        return found[0]

    def deployments(self, limit: int = 0) -> list[Deployment]:
        """The newest first; all of them without a limit."""
        return self._read("ORDER BY number DESC LIMIT ?", limit or -1)

    def unfinished(self) -> Deployment | None:
        """The deployment that was begun and has no verdict."""
        found = self._read("WHERE verdict IS NULL ORDER BY number DESC LIMIT 1")
        return found[0] if found else None

    def current(self) -> int | None:
        """The release that was last seen to run well; None before the first."""
        found = self._read("WHERE runs IS NOT NULL ORDER BY number DESC LIMIT 1")
        return found[0].runs if found else None

    def good(self) -> list[int]:
        """Every release that was seen to run well, the newest first."""
        found = self._read("WHERE verdict = ? AND kind = 'deploy' ORDER BY number DESC", Verdict.DEPLOYED.value)
        return [deployment.number for deployment in found]

    def _read(self, clause: str, *values: object) -> list[Deployment]:
        if not self.file.exists():
            return []
        with transaction(self.file, *_TABLES) as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM deployment {clause}", values).fetchall()  # noqa: S608 - clauses of this class
            steps = {row[0]: self._steps(database, row[0]) for row in rows}
        return [_deployment(row, steps[row[0]]) for row in rows]

    def _steps(self, database: sqlite3.Connection, number: int) -> tuple[Taken, ...]:
        rows = database.execute(
            "SELECT direction, name, began, ended, ok, result FROM step WHERE deployment = ? ORDER BY rowid", (number,)
        )
        return tuple(
            Taken(
                direction, name, _time(began), _time(ended) if ended else None, None if ok is None else bool(ok), text
            )
            for direction, name, began, ended, ok, text in rows
        )


def _deployment(row: tuple[Any, ...], steps: tuple[Taken, ...]) -> Deployment:
    number, kind, target, returns_to, commit, holder, began, ended, verdict, reason, runs, facts = row
    return Deployment(
        number=number,
        kind=kind,
        target=target,
        returns_to=returns_to,
        commit=commit,
        holder=holders.read(holder),
        began=_time(began),
        ended=_time(ended) if ended else None,
        verdict=Verdict(verdict) if verdict else None,
        reason=reason,
        runs=runs,
        facts=json.loads(facts),
        steps=steps,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
