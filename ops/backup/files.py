"""The files of a volume, seen through a machine that holds it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import tarfile
from typing import Final

from fly.answers import parsed_object
from fly.commands.command import Command, Effect
from fly.commands.volume_files import PART_BYTES, pack, read_part, sums, unpack
from fly.facts import Facts
from fly.models.executed import Executed
from ops.errors import OperationError
from ops.exit_code import ExitCode

Sums = dict[str, str]
"""By path below the volume, the SHA-256 of the file."""

_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *]\./(.+)")


async def sums_inside(facts: Facts, app: str, machine: str, path: str) -> Sums:
    """The checksums of all files below `path`. Raises OperationError, and what flyctl raises."""
    return parse_sums(await _executed(facts, sums(app, machine, path)))


async def archive_inside(facts: Facts, app: str, machine: str, path: str, most_bytes: int) -> bytes | None:
    """All files below `path` as tar.gz; None when that is larger than `most_bytes`."""
    told = (await _executed(facts, pack(app, machine, path))).split()
    digest, size = told[0], int(told[-1])
    if size > most_bytes:
        return None
    parts = [await _part(facts, app, machine, number) for number in range(-(-size // PART_BYTES))]
    data = b"".join(parts)
    if hashlib.sha256(data).hexdigest() != digest:
        message = f"the archive of {path} did not arrive as {app} packed it; run the same command again"
        raise OperationError(message, ExitCode.ENGINE)
    return data


async def unpack_inside(facts: Facts, app: str, machine: str, path: str) -> None:
    """Put the files of the archive that the machine was given below `path`."""
    await _executed(facts, unpack(app, machine, path))


def parse_sums(text: str) -> Sums:
    """What sha256sum printed. Raises OperationError for a name with a line break or a backslash, which it escapes."""
    found = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            message = f"{line!r} is no checksum of a file; rename files with line breaks or backslashes in their names"
            raise OperationError(message, ExitCode.ENGINE)
        found[match[2]] = match[1]
    return found


def written_sums(found: Sums) -> bytes:
    """The lines that `sha256sum -c` reads."""
    return "".join(f"{digest}  ./{path}\n" for path, digest in sorted(found.items())).encode()


def sums_of_archive(data: bytes) -> Sums:
    """The checksums of the files in a tar.gz. Raises OperationError when it is none."""
    found = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isreg() or member.islnk() else None
                if file:
                    found[member.name.removeprefix("./")] = hashlib.sha256(file.read()).hexdigest()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise OperationError(f"the archive cannot be read: {error}; use another backup", ExitCode.BACKUP) from error
    return found


def differences(wanted: Sums, found: Sums) -> list[str]:
    """In sentences, what is not as it was kept."""
    said = [f"{path} is missing" for path in sorted(wanted.keys() - found.keys())]
    said += [f"{path} is there and was not kept" for path in sorted(found.keys() - wanted.keys())]
    both = sorted(wanted.keys() & found.keys())
    return said + [f"{path} has other bytes than were kept" for path in both if wanted[path] != found[path]]


async def _part(facts: Facts, app: str, machine: str, number: int) -> bytes:
    text = await _executed(facts, read_part(app, machine, number))
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        message = f"part {number} of the archive of {app} is no base64; run the same command again"
        raise OperationError(message, ExitCode.ENGINE) from error


async def _executed(facts: Facts, command: Command) -> str:
    """What a command inside a machine printed. Raises OperationError when it failed."""
    asked = facts.ask if command.effect is Effect.READ else facts.do
    answer = parsed_object(command, (await asked(command)).stdout, Executed)
    if answer.exit_code:
        said = answer.stderr.strip() or "it said nothing"
        message = f"`{command}` ended with exit code {answer.exit_code} inside the machine: {said}"
        raise OperationError(message, ExitCode.ENGINE)
    return answer.stdout
