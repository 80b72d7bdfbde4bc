"""What exists in the emulated cloud: JSON documents by kind and id, in one SQLite file.

Every write is one transaction, so a killed process leaves the old or the new document, never half of one.
SQLite's write-ahead log lets the command line read while the server writes.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""


class Store:
    """The one store of a sandbox, shared by all emulated APIs. Safe to use from several threads and processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.folder = path.parent
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        path.chmod(0o600)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or not at all. May be nested: the outermost one commits."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def put(self, kind: str, id_: str, body: Document) -> None:
        """Create or replace a document. Its place in `all` stays that of its first `put`."""
        text = json.dumps(body, sort_keys=True)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self.transaction():
            self._db.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
                (kind, id_, text, self.next_number("documents"), now),
            )

    def get(self, kind: str, id_: str) -> Document | None:
        with self._lock:
            row = self._db.execute("SELECT body FROM documents WHERE kind = ? AND id = ?", (kind, id_)).fetchone()
        return json.loads(row[0]) if row else None

    def all(self, kind: str) -> list[tuple[str, Document]]:
        """Every document of a kind as (id, body), oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT id, body FROM documents WHERE kind = ? ORDER BY sequence", (kind,)
            ).fetchall()
        return [(id_, json.loads(body)) for id_, body in rows]

    def find(self, kind: str, **equal: object) -> list[tuple[str, Document]]:
        """The documents of a kind whose top-level keys have exactly these values, oldest first."""
        return [
            (id_, body) for id_, body in self.all(kind) if all(body.get(key) == value for key, value in equal.items())
        ]

    def kinds(self) -> dict[str, int]:
        """How many documents there are of each kind."""
        with self._lock:
            rows = self._db.execute("SELECT kind, count(*) FROM documents GROUP BY kind ORDER BY kind").fetchall()
        return dict(rows)

    def delete(self, kind: str, id_: str) -> bool:
        """Remove a document; False when there was none."""
        with self.transaction():
            return self._db.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, id_)).rowcount > 0

    def next_number(self, name: str) -> int:
        """1, 2, 3 … per name, never the same twice, also after deletes."""
        with self.transaction():
            row = self._db.execute(
                "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
                (name,),
            ).fetchone()
        return int(row[0])
