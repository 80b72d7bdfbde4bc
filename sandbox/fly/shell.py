"""What `machine exec` can do here: the commands with which files leave a volume and come back, and no other.

They are recognised by their text and done in Python on the emulated disk; no program is started. So a rehearsal says
that the commands are typed as meant and that the bytes arrive, not that an image has a shell, tar and sha256sum.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import shlex
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sandbox.fly.disks import Disks
from sandbox.store import Document

_PACKED: Final = "packed.tar.gz"
_NOT_FOUND: Final = 127
_FAILED: Final = 1


def run(command: str, machine: Document, disks: Disks) -> dict[str, Any]:
    """The answer of the Machines API: what came of it, or exit code 127 for what nobody emulates."""
    words = shlex.split(command)
    if len(words) == 3 and words[:2] == ["sh", "-c"]:
        for pattern, do in _COMMANDS:
            if found := re.fullmatch(pattern, words[2]):
                return do(_Inside(machine, disks), **found.groupdict())
    return _answer(_NOT_FOUND, stderr=f"not emulated: {command}")


class _Inside:
    """What a command sees of its machine."""

    def __init__(self, machine: Document, disks: Disks) -> None:
        self._machine = machine
        self._disks = disks

    def volume(self, path: str) -> Path | None:
        """The folder of the volume that is mounted there."""
        for mount in self._machine["config"].get("mounts") or []:
            if mount["path"] == path:
                return Path(self._disks.at(mount["volume"]))
        return None

    def packed(self) -> Path:
        """Where the machine keeps its archive, outside of the volume."""
        folder = Path(self._disks.at(self._machine["id"]))
        folder.mkdir(parents=True, exist_ok=True)
        return folder / _PACKED

    def file(self, path: str) -> bytes | None:
        """A file that came with the machine's configuration."""
        for file in self._machine["config"].get("files") or []:
            if file["guest_path"] == path:
                return base64.b64decode(file["raw_value"])
        return None


def _answer(code: int, stdout: str = "", stderr: str = "") -> dict[str, Any]:
    return {"exit_code": code, "stdout": stdout, "stderr": stderr}


def _sums(inside: _Inside, path: str) -> dict[str, Any]:
    folder = inside.volume(path)
    if folder is None:
        return _answer(_FAILED, stderr=f"sh: cd: {path}: No such file or directory")
    files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  ./{file.relative_to(folder)}\n" for file in files]
    return _answer(0, "".join(lines))


def _pack(inside: _Inside, path: str) -> dict[str, Any]:
    folder = inside.volume(path)
    if folder is None:
        return _answer(_FAILED, stderr=f"tar: {path}: No such file or directory")
    with tarfile.open(inside.packed(), "w:gz") as archive:
        archive.add(folder, ".")
    data = inside.packed().read_bytes()
    return _answer(0, f"{hashlib.sha256(data).hexdigest()}  /tmp/slipway.tar.gz\n{len(data)}\n")


def _part(inside: _Inside, size: str, number: str) -> dict[str, Any]:
    start = int(size) * int(number)
    data = inside.packed().read_bytes()[start : start + int(size)]
    return _answer(0, base64.encodebytes(data).decode())


def _unpack(inside: _Inside, path: str) -> dict[str, Any]:
    folder, data = inside.volume(path), inside.file("/slipway/archive.tar.gz")
    if folder is None or data is None:
        return _answer(_FAILED, stderr="tar: /slipway/archive.tar.gz: Cannot open: No such file or directory")
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        archive.extractall(folder, filter="data")
    return _answer(0)


_COMMANDS: Final[tuple[tuple[str, Callable[..., dict[str, Any]]], ...]] = (
    (r"cd (?P<path>\S+) && find \. -type f -exec sha256sum {} \+", _sums),
    (
        r"tar -czf /tmp/slipway\.tar\.gz -C (?P<path>\S+) \. && sha256sum /tmp/slipway\.tar\.gz "
        r"&& wc -c < /tmp/slipway\.tar\.gz",
        _pack,
    ),
    (r"dd if=/tmp/slipway\.tar\.gz bs=(?P<size>\d+) skip=(?P<number>\d+) count=1 2>/dev/null \| base64", _part),
    (r"tar -xzf /slipway/archive\.tar\.gz -C (?P<path>\S+)", _unpack),
)
