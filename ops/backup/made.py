"""A volume with the files of a backup: from the snapshot where Fly.io still has it, else from the archive."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from fly.facts import Facts
from fly.models.volume import Volume
from ops.backup import scratch
from ops.backup.files import Sums, sums_inside, unpack_inside
from ops.backup.manifest import KeptVolume, Manifest
from ops.backup.shelf import Shelf
from ops.errors import OperationError
from ops.exit_code import ExitCode

_MOST_BYTES: Final = 4 * 1024 * 1024
"""An archive goes back as a file in a machine's configuration. Fly.io states no limit for that; this is ours."""


async def source_of(facts: Facts, kept: KeptVolume) -> str | None:
    """The snapshot, None where only the archive is left. Raises OperationError where that is missing or too large."""
    if any(found.ready and found.id == kept.snapshot for found in await scratch.snapshots(facts, kept.app, kept.id)):
        return kept.snapshot
    if kept.archive is None:
        message = f"Fly.io no longer has snapshot {kept.snapshot} of volume {kept.id}, and there is no archive"
        raise OperationError(f"{message}; use a newer backup", ExitCode.BACKUP)
    return None


async def checked(
    facts: Facts, shelf: Shelf, manifest: Manifest, kept: KeptVolume, volume: Volume, source: str | None
) -> Sums:
    """The checksums of the files in a volume that was made from `source`; without one the archive is unpacked first."""
    if source:
        async with scratch.holding(facts, kept.app, volume, image=kept.image, path=kept.path) as machine:
            return await sums_inside(facts, kept.app, machine, kept.path)
    data = shelf.object(manifest, kept.archive or "")
    if len(data) > _MOST_BYTES:
        message = f"the archive has {len(data)} bytes, and {_MOST_BYTES} can be put back through Fly.io's API"
        way_out = "restore from a backup whose snapshot is still there, or copy it with flyctl ssh sftp"
        raise OperationError(f"{message}; {way_out}", ExitCode.BACKUP)
    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        file = Path(folder) / "archive.tar.gz"
        file.write_bytes(data)
        async with scratch.holding(
            facts, kept.app, volume, image=kept.image, path=kept.path, archive=str(file)
        ) as machine:
            await unpack_inside(facts, kept.app, machine, kept.path)
            return await sums_inside(facts, kept.app, machine, kept.path)
