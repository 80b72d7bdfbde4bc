"""The machine that set-up runs on: its names for archives, the user's cache folder, free disk space."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from pathlib import Path

from tools.engine.errors import NoDiskSpaceError


def system() -> str:
    """`linux` or `darwin`, or whatever Python calls another system."""
    return sys.platform


def architecture() -> str:
    """`x86_64` or `arm64`, or the machine's own name for another one."""
    name = platform.machine().lower()
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(name, name)


def cache_home() -> Path:
    """The per-user folder that all clones share: `$XDG_CACHE_HOME/slipway/engine`, by default below `~/.cache`."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG base directory specification has relative paths ignored.
    root = Path(base) if base.startswith("/") else Path.home() / ".cache"
    return root / "slipway" / "engine"


def require_free_space(folder: Path, needed_bytes: int, purpose: str) -> None:
    """Raise NoDiskSpaceError unless the disk of `folder` (or of its first existing parent) has `needed_bytes` free."""
    existing = folder
    while not existing.exists():
        existing = existing.parent
    free = shutil.disk_usage(existing).free
    if free < needed_bytes:
        message = (
            f"{purpose} needs {needed_bytes / 1024**3:.1f} GB of free disk space; "
            f"{folder} has {free / 1024**3:.1f} GB.\n"
            "Free some space, or point XDG_CACHE_HOME (this project), GOMODCACHE and GOCACHE (Go) at a larger disk."
        )
        raise NoDiskSpaceError(message)
