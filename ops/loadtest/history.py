"""The results of load tests, in SQLite, so that each is compared with the one before it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.loadtest.result import Document

_FILE: Final = "load-tests.sqlite"
_KEPT: Final = 500
"""How many results are kept; one takes about 4 KB."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS test (
    id INTEGER PRIMARY KEY, system TEXT NOT NULL, host TEXT NOT NULL, plan TEXT NOT NULL, document TEXT NOT NULL
)
"""


class History:
    """The tests of one stack."""

    def __init__(self, records: Path) -> None:
        self._file = records / _FILE

    def add(self, document: Document) -> None:
        """Keep a result. Raises OperationError."""
        row = (*self._key(document), json.dumps(document))
        with self._open() as connection:
            connection.execute("INSERT INTO test (system, host, plan, document) VALUES (?, ?, ?, ?)", row)
            connection.execute("DELETE FROM test WHERE id <= (SELECT MAX(id) FROM test) - ?", (_KEPT,))

    def before(self, document: Document) -> Document | None:
        """The last result of the same plan against the same host; None for the first. Raises OperationError."""
        query = "SELECT document FROM test WHERE system = ? AND host = ? AND plan = ? ORDER BY id DESC LIMIT 1"
        with self._open() as connection:
            row = connection.execute(query, self._key(document)).fetchone()
        found: Document | None = json.loads(row[0]) if row else None
        return found

    @staticmethod
    def _key(document: Document) -> tuple[str, str, str]:
        return document["system"], document["host"], document["plan"]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._file, timeout=10)
            try:
                with connection:
                    connection.execute(_SCHEMA)
                    yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            message = f"{self._file} cannot be used ({error}); move it away to begin a new history"
            raise OperationError(message, ExitCode.FAILED) from error
