"""`records pack` and `records unpack`: takes what a stack's verbs keep from one machine to the next, encrypted."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

from ops.errors import OperationError
from ops.exit_code import ExitCode

KEY: Final = "SLIPWAY_RECORDS_KEY"
SHORTEST: Final = 20
"""Characters of the key, so that nobody guesses it from a copy of the file."""

_PACKAGES: Final = ".venv"
_HEAD: Final = b"slipway records 1\n"
_SALT_BYTES: Final = 16
_COST: Final = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
"""scrypt's, as its authors advise for what somebody waits for: 32 MB and about a tenth of a second."""


def pack(records: Path, file: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Write all of `records` into `file`, for whoever has the key. Raises OperationError."""
    key = _key(environment)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        tar.add(records, arcname=".", filter=_kept)
    salt = os.urandom(_SALT_BYTES)
    file.write_bytes(_HEAD + salt + _cipher(key, salt).encrypt(archive.getvalue()))
    yield f"packed {records} into {file} ({file.stat().st_size:,} bytes)"


def unpack(records: Path, file: Path, environment: Mapping[str, str], root: Path) -> Iterator[str]:
    """Put what `file` holds into `records`, which must be empty; no file is no error. Raises OperationError.

    Releases that were put aside run with the Python packages of the project at `root`.
    """
    key = _key(environment)
    if not file.exists():
        yield f"there is no {file}: this machine starts without records"
        return
    if any(records.iterdir()):
        message = f"{records} holds records of its own, which would be lost; remove them first if they are not needed"
        raise OperationError(message, ExitCode.REFUSED)
    head, _, rest = file.read_bytes().partition(_HEAD)
    try:
        # What has another head, or none, has nothing after it.
        archive = _cipher(key, rest[:_SALT_BYTES]).decrypt(b"" if head else rest[_SALT_BYTES:])
    except InvalidToken:
        message = f"{file} is not whole, or was not packed with this {KEY}; nothing was unpacked"
        raise OperationError(message, ExitCode.REFUSED) from None
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        tar.extractall(records, filter="data")
    for release in records.glob("releases/*/"):
        (release / _PACKAGES).symlink_to((root / _PACKAGES).resolve())
    yield f"unpacked {file} into {records}"


def _kept(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """All but what belongs to this machine: links to its packages, and bytecode."""
    return None if entry.issym() or Path(entry.name).name == "__pycache__" else entry


def _key(environment: Mapping[str, str]) -> str:
    key = environment.get(KEY, "")
    if len(key) < SHORTEST:
        message = f"{KEY} has {len(key)} characters, and {SHORTEST} are the fewest; make one with: openssl rand -hex 32"
        raise OperationError(message, ExitCode.USAGE)
    return key


def _cipher(key: str, salt: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.scrypt(key.encode(), salt=salt, dklen=32, **_COST)))
