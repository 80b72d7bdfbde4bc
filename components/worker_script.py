"""The programs in workers/ that run at the edge."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent.parent / "workers"


class WorkerNotFoundError(Exception):
    """The settings name a Worker that is not in the project."""


def worker_source(name: str) -> str:
    """The ES module of a Worker. Raises WorkerNotFoundError."""
    file = _FOLDER / name / "worker.mjs"
    if not file.is_file():
        known = ", ".join(sorted(found.parent.name for found in _FOLDER.glob("*/worker.mjs")))
        raise WorkerNotFoundError(f"there is no workers/{name}/worker.mjs; known Workers: {known}")
    return file.read_text("utf-8")
