"""One deployment at a time: a lease on a stack, held by a process, kept alive by a heartbeat.

It is a row in the stack's own records, so it reaches as far as these do: the verbs of this checkout. Against another
machine with records of its own stands the lock that Pulumi's backend holds while the engine runs.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ops import holder as holders
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.holder import Holder
from ops.transaction import transaction

HEARTBEAT_SECONDS: Final = 10.0
EXPIRY_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.2

_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS lease (one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL, "
    "purpose TEXT NOT NULL, beat REAL NOT NULL)"
)


@dataclass(frozen=True)
class Held:
    """A lease as it stands in the records; `beat` is the time of the last heartbeat in seconds since 1970."""

    holder: Holder
    purpose: str
    beat: float

    def dead(self, now: float) -> bool:
        """Whether its holder is gone: seen to be so from here, else by its silence."""
        ended = self.holder.ended()
        return now - self.beat > EXPIRY_SECONDS if ended is None else ended


class Lease:
    """The lease of one stack, in the SQLite file `file`."""

    def __init__(self, file: Path, *, me: Holder | None = None, clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._me = me or holders.this_process()
        self._clock = clock

    def now(self) -> Held | None:
        """Who holds it, None for nobody."""
        with transaction(self._file, _TABLE) as database:
            return _read(database)

    @contextmanager
    def held(self, purpose: str, *, wait_seconds: float | None = None) -> Iterator[None]:
        """Hold it while the block runs. Raises OperationError where a living process keeps it beyond `wait_seconds`,
        which is None for a verb without the option `--wait`."""
        end = time.monotonic() + (wait_seconds or 0.0)
        while (other := self.take(purpose)) is not None:
            if time.monotonic() >= end:
                raise _busy(other, self._clock(), waited=wait_seconds)
            time.sleep(_POLL_SECONDS)
        stop = threading.Event()
        beating = threading.Thread(target=self._beat_until, args=(stop,), daemon=True)
        beating.start()
        try:
            yield
        finally:
            stop.set()
            beating.join()
            self.release()

    def take(self, purpose: str) -> Held | None:
        """Take it, from nobody or from a dead holder. None when it is ours now, else who has it."""
        now = self._clock()
        with transaction(self._file, _TABLE) as database:
            found = _read(database)
            if found and found.holder != self._me and not found.dead(now):
                return found
            row = (self._me.text(), purpose, now)
            database.execute("INSERT OR REPLACE INTO lease VALUES (1, ?, ?, ?)", row)
        return None

    def beat(self) -> bool:
        """Say that the holder lives. False when somebody else has the lease by now."""
        with transaction(self._file, _TABLE) as database:
            done = database.execute("UPDATE lease SET beat = ? WHERE holder = ?", (self._clock(), self._me.text()))
            return done.rowcount == 1

    def require(self, options: str) -> None:
        """Go on only while it is ours. Raises OperationError: this machine slept until the lease had expired.

        `options` are those with which another verb looks at the same stack.
        """
        if not self.beat():
            found = self.now()
            by = f"; {found.holder} has it" if found else ""
            message = f"the lease on the stack was lost while this machine did not run{by}"
            raise OperationError(f"{message}; see: ./slipway history {options}", ExitCode.REFUSED)

    def release(self) -> None:
        """Give it back; nothing happens when it is somebody else's."""
        with transaction(self._file, _TABLE) as database:
            database.execute("DELETE FROM lease WHERE holder = ?", (self._me.text(),))

    def _beat_until(self, stop: threading.Event) -> None:
        while not stop.wait(HEARTBEAT_SECONDS):
            # A disk that is busy for once costs one beat of the six before the lease expires, not the lease.
            with suppress(OperationError):
                self.beat()


def _read(database: sqlite3.Connection) -> Held | None:
    row = database.execute("SELECT holder, purpose, beat FROM lease").fetchone()
    return Held(holders.read(row[0]), row[1], row[2]) if row else None


def _busy(held: Held, now: float, *, waited: float | None) -> OperationError:
    silent = max(0.0, now - held.beat)
    for_so_long = f" after {waited:g} s of waiting" if waited else ""
    way_out = "Run this again when it has ended" if waited is None else "Wait for it to end (--wait SECONDS does)"
    return OperationError(
        f"{held.holder} is busy with this stack: {held.purpose}{for_so_long}; it gave a sign of life {silent:.0f} s "
        f"ago. {way_out}, or stop that process: the lease of a dead one is taken over",
        ExitCode.REFUSED,
    )
