"""One set-up at a time for each user: two clones share the cache, and two builds would share two cores."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.engine.console import Console
from tools.engine.errors import CacheNotWritableError


@contextmanager
def held(cache: Path, console: Console) -> Iterator[None]:
    """Hold the user's set-up lock, waiting for whoever has it. The system lets go of it when a holder dies."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        file = (cache / "lock").open("a", encoding="utf-8")
    except OSError as error:
        message = (
            f"The cache folder {cache} cannot be written ({error.strerror}). "
            "Make it writable, or point XDG_CACHE_HOME at a folder that is."
        )
        raise CacheNotWritableError(message) from error
    # The programs that set-up runs hold the lock with it: when it is killed, the next one waits until they are done.
    os.set_inheritable(file.fileno(), True)
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.line("Another set-up of this user is under way; waiting for it to end.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
