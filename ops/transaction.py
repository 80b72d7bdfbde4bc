"""A transaction of its own in one of the stack's SQLite files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

_BUSY_SECONDS: Final = 10.0


@contextmanager
def transaction(file: Path) -> Iterator[sqlite3.Connection]:
    """Opens the file, and commits what was done in it unless that raised.

    Each has a connection of its own, for any thread. Raises sqlite3.OperationalError when others write for 10 seconds.
    """
    with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
            database.execute("COMMIT")
        finally:
            if database.in_transaction:
                database.execute("ROLLBACK")
