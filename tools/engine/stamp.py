"""Whether the last set-up still holds. Run as a program it exits with 0 when it does, with 1 when not.

The stamp is written last, and removed first: it exists only beside a set-up that came to its end.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

NAME = "slipway-setup"
PROGRAMS = ("python", "pulumi", "flyctl", "actionlint")


def fingerprint(project: Path) -> str:
    """A digest of all that a set-up depends on: lock files, this code, the Python version, the project's place."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {project.resolve()}".encode())
    locks = [project / "requirements.txt", project / "requirements-dev.txt"]
    for file in [*locks, *sorted((project / "tools" / "engine").glob("*.py"))]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_fresh(project: Path) -> bool:
    """Whether nothing has changed since the last set-up, and its programs are still there."""
    try:
        written = _file(project).read_text(encoding="utf-8")
    except OSError:
        return False
    programs = project / ".venv" / "bin"
    # exists() follows links: a program on PATH that was uninstalled makes the set-up stale.
    return written == fingerprint(project) and all((programs / name).exists() for name in PROGRAMS)


def write(project: Path) -> None:
    """Say that the set-up is complete."""
    new = _file(project).with_suffix(f".{os.getpid()}")
    new.write_text(fingerprint(project), encoding="utf-8")
    new.replace(_file(project))


def remove(project: Path) -> None:
    """Say that a set-up is under way."""
    _file(project).unlink(missing_ok=True)


def _file(project: Path) -> Path:
    return project / ".venv" / NAME


if __name__ == "__main__":
    sys.exit(0 if is_fresh(Path.cwd()) else 1)
