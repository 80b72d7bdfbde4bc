"""A transaction of its own in one of the stack's SQLite files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from ops.errors import OperationError
from ops.exit_code import ExitCode

_BUSY_SECONDS: Final = 10.0


@contextmanager
def transaction(file: Path, *tables: str) -> Iterator[sqlite3.Connection]:
    """Opens the file, and commits what was done in it unless that raised.

    The file, for its owner only, and the tables are made where they are missing. Each has a connection of its own, for
    any thread. Raises OperationError where the file cannot be used, as when others write for 10 seconds.
    """
    try:
        file.touch(mode=0o600)
        with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                for table in tables:
                    database.execute(table)
                yield database
                database.execute("COMMIT")
            finally:
                if database.in_transaction:
                    database.execute("ROLLBACK")
    except (sqlite3.Error, OSError) as error:
        message = f"the records in {file} cannot be used: {error}; make room, or mend the file or move it away"
        raise OperationError(message, ExitCode.FAILED) from error
