"""The second way to get a program: the vendor's release archive, checked against the vendor's list of sums."""

from __future__ import annotations

import fnmatch
import hashlib
import http.client
import ssl
import tarfile
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath

from tools.engine import machine
from tools.engine.console import Console
from tools.engine.errors import WayClosedError
from tools.engine.program import Program

# Short: where a firewall swallows packets, this is how long set-up waits before it goes on to the next way.
CONNECT_TIMEOUT_SECONDS = 5.0
CHUNK_BYTES = 1024 * 1024


def download(program: Program, folder: Path, console: Console) -> None:
    """Put the kept files of the vendor's archive into `folder`. Raises WayClosedError with a one-line reason."""
    vendor = program.vendor
    names = {
        "version": program.version,
        "os": vendor.os_names.get(machine.system()),
        "arch": vendor.arch_names.get(machine.architecture()),
    }
    if None in names.values():
        raise WayClosedError(f"the vendor has no release for {machine.system()} on {machine.architecture()}")
    base = vendor.base.format(**names)
    archive = vendor.archive.format(**names)
    try:
        expected = _expected_sum(f"{base}/{vendor.checksums.format(**names)}", archive)
        fetched = folder / archive
        _fetch(f"{base}/{archive}", fetched, expected, console)
        _unpack(fetched, folder, vendor.keep)
        fetched.unlink()
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError, ssl.SSLError) as error:
        reason = getattr(error, "reason", error)
        raise WayClosedError(f"{base} cannot be reached ({reason})") from error
    except tarfile.TarError as error:
        raise WayClosedError(f"{archive} is not a readable archive ({error})") from error


def _expected_sum(address: str, archive: str) -> str:
    with urllib.request.urlopen(address, timeout=CONNECT_TIMEOUT_SECONDS) as answer:  # noqa: S310 - https, from pins.py
        listing = answer.read().decode("utf-8", "replace")
    for line in listing.splitlines():
        total, _, name = line.partition(" ")
        if name.strip().lstrip("*") == archive:
            return str(total).lower()
    raise WayClosedError(f"{address} does not list {archive}")


def _fetch(address: str, target: Path, expected: str, console: Console) -> None:
    digest = hashlib.sha256()
    received = 0
    with (
        urllib.request.urlopen(address, timeout=CONNECT_TIMEOUT_SECONDS) as answer,  # noqa: S310 - https, from pins.py
        target.open("wb") as file,
        console.ticking(lambda: f"{received / 1e6:.0f} MB downloaded"),
    ):
        while chunk := answer.read(CHUNK_BYTES):
            file.write(chunk)
            digest.update(chunk)
            received += len(chunk)
    if digest.hexdigest() != expected:
        raise WayClosedError(f"{address} has SHA-256 {digest.hexdigest()}, and the vendor's list says {expected}")


def _unpack(archive: Path, folder: Path, keep: tuple[str, ...]) -> None:
    """Regular files only, by their last name part: nothing in an archive can name a place outside `folder`."""
    with tarfile.open(archive) as members:
        for member in members:
            name = PurePosixPath(member.name).name
            content = members.extractfile(member) if member.isfile() else None
            if content is None or not any(fnmatch.fnmatchcase(name, pattern) for pattern in keep):
                continue
            target = folder / name
            with target.open("wb") as file:
                while chunk := content.read(CHUNK_BYTES):
                    file.write(chunk)
            target.chmod(0o755)
