"""What set-up says while it works: one line a step, and a line every few seconds during a long one."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

INTERVAL_SECONDS = 10.0


class Console:
    """Writes lines to a stream at once, so that a pipe or a CI log shows them while the work goes on."""

    def __init__(self, write: Callable[[str], object] = sys.stdout.write) -> None:
        self._write = write
        self._lock = threading.Lock()

    def line(self, text: str) -> None:
        """Write one line."""
        with self._lock:
            self._write(text + "\n")
            sys.stdout.flush()

    @contextmanager
    def ticking(self, detail: Callable[[], str], interval_seconds: float = INTERVAL_SECONDS) -> Iterator[None]:
        """While the block runs, write `<elapsed> <detail()>` every `interval_seconds`."""
        done = threading.Event()
        started = time.monotonic()

        def tick() -> None:
            while not done.wait(interval_seconds):
                minutes, seconds = divmod(int(time.monotonic() - started), 60)
                self.line(f"      {minutes}:{seconds:02d}  {detail()}")

        ticker = threading.Thread(target=tick, daemon=True)
        ticker.start()
        try:
            yield
        finally:
            done.set()
            ticker.join()
