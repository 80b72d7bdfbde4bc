"""The set-up from beginning to end."""

from __future__ import annotations

import time
from pathlib import Path

from tools.engine import lock, machine, obtain, pins, place, stamp, virtualenv
from tools.engine.console import Console


def set_up(project: Path, console: Console) -> None:
    """Make the project ready to run: packages, Pulumi CLI, flyctl. Doing it again repairs and costs little.

    Raises SetupError with a message for the user. Killed at any point, it leaves a state that the next run repairs.
    """
    cache = machine.cache_home()
    with lock.held(cache, console):
        if stamp.is_fresh(project):
            console.line("Set-up is up to date.")
            return
        started = time.monotonic()
        stamp.remove(project)
        obtain.remove_unfinished(cache)
        steps = 1 + len(pins.PROGRAMS)
        console.line(f"[1/{steps}] Python packages of {virtualenv.LOCK}")
        virtualenv.synchronize(project, console)
        for number, program in enumerate(pins.PROGRAMS, start=2):
            console.line(f"[{number}/{steps}] {program.title}")
            found = obtain.obtain(program, cache, project / ".venv" / "bin", console)
            place.place(found, project)
        stamp.write(project)
    console.line(f"Set-up is complete ({time.monotonic() - started:.0f} s). Next: make rehearse")
