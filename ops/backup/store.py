"""Where backups lie: a folder, or a bucket (ops/backup/bucket.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Store(Protocol):
    """Objects by key. Keys are paths with slashes. Every method raises OperationError when the store refuses."""

    where: str
    """For people."""

    def put(self, key: str, data: bytes) -> None:
        """Keep the bytes; whoever reads finds all of them or nothing."""

    def get(self, key: str) -> bytes | None:
        """The bytes; None when there is no such object."""

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin so, sorted."""

    def remove(self, keys: list[str]) -> None:
        """Remove objects; one that is not there is no error."""


class Folder:
    """Objects as files below a folder, for its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.where = str(folder)

    def put(self, key: str, data: bytes) -> None:
        file = self._folder / key
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_name(f".{file.name}.new")
        draft.touch(mode=0o600)
        draft.write_bytes(data)
        draft.replace(file)

    def get(self, key: str) -> bytes | None:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError:
            return None

    def keys(self, prefix: str) -> list[str]:
        files = (file for file in self._folder.rglob("*") if file.is_file() and not file.name.startswith("."))
        found = (file.relative_to(self._folder).as_posix() for file in files)
        return sorted(key for key in found if key.startswith(prefix))

    def remove(self, keys: list[str]) -> None:
        for key in keys:
            file = self._folder / key
            file.unlink(missing_ok=True)
            if file.parent.is_dir() and not any(file.parent.iterdir()):
                file.parent.rmdir()
