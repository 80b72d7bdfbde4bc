"""Which commit a deployment comes from."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

_SECONDS = 10.0


def commit(root: Path) -> str:
    """The commit that is checked out, shortened, with a `+` where files differ from it; "" outside of a repository."""
    git = shutil.which("git")
    head = _git(git, root, "rev-parse", "--short=12", "HEAD") if git else None
    if not git or not head:
        return ""
    return head + ("+" if _git(git, root, "status", "--porcelain") else "")


def _git(git: str, root: Path, *arguments: str) -> str | None:
    """What git prints; None when it refuses."""
    try:
        done = subprocess.run(  # noqa: S603  git from PATH, arguments of this module
            [git, "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
