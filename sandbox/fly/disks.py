"""The files of the emulated disks: real folders, so that a snapshot, a restore and a checksum are about real bytes.

A folder each for a volume, a snapshot, and what a machine writes outside of its volume. A snapshot is a copy, made at
once and whole; the real one is incremental and taken while the machine writes.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path


class Disks:
    """The folders below one folder, by the id of what they belong to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def at(self, id_: str) -> str:
        """Where the files of a volume, snapshot or machine are."""
        return str(self._of(id_))

    def create(self, volume: str, snapshot: str | None) -> None:
        """An empty volume, or one with the files of a snapshot."""
        if snapshot and self._of(snapshot).exists():
            shutil.copytree(self._of(snapshot), self._of(volume), symlinks=True)
        else:
            self._of(volume).mkdir(parents=True, exist_ok=True)

    def snapshot(self, volume: str, snapshot: str) -> int:
        """Copy the files of a volume as they are now; how many bytes they are."""
        self.create(volume, None)
        shutil.copytree(self._of(volume), self._of(snapshot), symlinks=True)
        return sum(file.stat().st_size for file in self._of(snapshot).rglob("*") if file.is_file())

    def first_use(self, volume: str) -> None:
        """What an emulated app leaves on a volume that it finds empty: one file."""
        folder = self._of(volume)
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            (folder / "data").mkdir()
            (folder / "data" / "data.json").write_text(json.dumps({"emulated": True, "made_on": volume}))

    def remove(self, id_: str) -> None:
        """The files are gone, if there were any."""
        shutil.rmtree(self._of(id_), ignore_errors=True)

    def _of(self, id_: str) -> Path:
        return self._folder / id_
