"""Who runs a verb: the person, the machine, and the process in such a way that its end can be seen."""

from __future__ import annotations

import getpass
import json
import os
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES: Final = Path("/proc/self/ns/pid")


@dataclass(frozen=True)
class Holder:
    """A process. `place` is one start of one machine, and there one view of its processes: only from the same place
    can be told whether `pid` still lives. `began` tells it from a later process that got its number."""

    user: str
    host: str
    pid: int
    place: str
    began: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host} (process {self.pid})"

    @property
    def name(self) -> str:
        """`user@host`, as histories name it."""
        return f"{self.user}@{self.host}"

    def ended(self) -> bool | None:
        """Whether the process is gone; None where that cannot be seen from here."""
        if self.place != _place():
            return None
        return not alive(self.pid) or _began(self.pid) != self.began

    def text(self) -> str:
        """As `read` takes it."""
        return json.dumps(asdict(self), sort_keys=True)


def this_process() -> Holder:
    """The process that asks."""
    pid = os.getpid()
    return Holder(_user(), socket.gethostname(), pid, _place(), _began(pid))


def read(text: str) -> Holder:
    """What `Holder.text` wrote."""
    return Holder(**json.loads(text))


def alive(pid: int) -> bool:
    """Whether a process of this number runs here, whoever it belongs to."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())


def _place() -> str:
    """The machine's present start and the namespace of its processes; its name where the system tells neither."""
    try:
        return f"{_BOOT.read_text(encoding='ascii').strip()} {_PROCESSES.readlink()}"
    except OSError:
        return socket.gethostname()


def _state(pid: int) -> str:
    return next(iter(_stat(pid)), "")


def _began(pid: int) -> str:
    """When the process was started, in ticks since the machine's start; "" where the system does not tell."""
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 else ""


def _stat(pid: int) -> list[str]:
    """What follows the program's name in /proc/PID/stat, which may hold blanks and brackets itself (proc(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
