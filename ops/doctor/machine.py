"""This machine: disk, caches, the shell's variables, the emulated clouds; and what a cut-off verb left behind."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from ops.doctor.finding import Finding
from ops.journal import FILE, Journal
from ops.lease import Lease
from ops.sandboxed import sandbox_home
from sandbox import control

_GB: Final = 1024**3
_LEAST_FREE: Final = 2 * _GB
"""The SDKs' bytecode, the engine's temporary files and a sandbox stay below it."""

_SLOW: Final = "PYTHONDONTWRITEBYTECODE"
_BACKEND: Final = ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN")
_PASSPHRASE: Final = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


def machine(root: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Disk, caches, variables, emulated clouds."""
    free = shutil.disk_usage(root).free
    if free < _LEAST_FREE:
        way_out = "free some; ./slipway sandbox stop --remove drops the emulated clouds"
        yield Finding("machine", "disk", "bad", f"{free / _GB:.1f} GB are free", way_out)
    else:
        yield Finding("machine", "disk", "ok", f"{free / _GB:.0f} GB are free")
    own = _bytes_below(root / ".slipway")
    yield Finding("machine", ".slipway", "ok", f"{own / 1024**2:.0f} MB of caches, records and emulated clouds")
    if any((root / "settings").rglob("*.pyc")):
        yield Finding("machine", "bytecode", "ok", "compiled")
    else:
        yield Finding("machine", "bytecode", "note", "not compiled: each verb starts slowly", "run: make setup")
    if environment.get(_SLOW):
        yield Finding("machine", _SLOW, "note", "set: every run compiles all modules anew", f"run: unset {_SLOW}")
    running = control.find(sandbox_home(root))
    said = f"run (process {running.pid})" if running else "do not run"
    yield Finding("machine", "emulated clouds", "ok", said)


def _bytes_below(folder: Path) -> int:
    """What the files take. Emulated clouds and verbs that run meanwhile make and remove some of them."""
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                found += Path(place, name).lstat().st_size
    return found


def state(environment: Mapping[str, str], records: Path, options: str) -> Iterator[Finding]:
    """Where the engine's state is, and what a cut-off verb left. Makes nothing that is not there.

    `options` are those with which another verb works on the same stack.
    """
    if any(environment.get(name) for name in _BACKEND):
        yield Finding("state", "backend", "ok", "chosen by the environment")
    else:
        way_out = f"set {_BACKEND[0]}, or log in: pulumi login"
        yield Finding("state", "backend", "note", "whatever `pulumi login` chose last", way_out)
    if not any(environment.get(name) for name in _PASSPHRASE):
        way_out = f"set {_PASSPHRASE[1]}, unless a key service encrypts the stack's secrets"
        yield Finding("state", "passphrase", "note", "not set", way_out)
    if not (records / FILE).exists():
        return
    journal = Journal(records)
    left = journal.unfinished()
    held = Lease(journal.file).now()
    if held:
        yield Finding("state", "lease", "note", f"{held.holder} is busy: {held.purpose}", "wait for it to end")
    elif left:
        said = f"number {left.number} was cut off"
        yield Finding("state", "deployment", "bad", said, f"go on with it: ./slipway deploy --resume --yes {options}")
