"""Which code a running sandbox has, so that one from before an update is not taken for a current one."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

_PACKAGES = ("pulumi", "pulumi-cloudflare", "pulumi-digitalocean")


def code_stamp() -> str:
    """16 hexadecimal digits that change with this package's files and with the installed SDKs."""
    digest = hashlib.sha256()
    for name in _PACKAGES:
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    folder = Path(__file__).parent
    for file in sorted(folder.rglob("*.py")):
        told = file.stat()
        digest.update(f"{file.relative_to(folder)} {told.st_size} {told.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
