"""`drill`: restores a backup into a scratch volume and compares every file, so that a restore is more than a hope."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from fly.errors import FlyError
from fly.facts import Facts
from ops.backup import scratch
from ops.backup.files import Sums, differences, parse_sums, sums_of_archive
from ops.backup.made import checked, source_of
from ops.backup.manifest import KeptVolume, Manifest
from ops.backup.places import LEASE, shelf_of
from ops.backup.shelf import Shelf
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.lease import Lease
from ops.surroundings import Surroundings
from policies.drill import FILE
from settings.fly_system import FlySystem


@dataclass(frozen=True)
class Tried:
    """A drill as it goes on record. RPO is how old the restored data was, RTO how long the restore took."""

    system: str
    at: str
    ok: bool
    rpo_seconds: float | None
    rto_seconds: float | None
    backup: str
    files: int
    problems: list[str]


def drill(there: Surroundings, only: str | None, backup: str | None, *, yes: bool, as_json: bool) -> Iterator[str]:
    """Try a backup of each system that has data. Raises OperationError when one is not whole, with all on record."""
    systems = {name: system for name, system in there.systems(only).items() if _holds_data(system)}
    if not systems:
        message = f"{only or there.stack.name} has no volume to restore; databases restore at DigitalOcean"
        raise OperationError(message, ExitCode.USAGE)
    if backup and len(systems) > 1:
        raise OperationError(f"say whose backup {backup} is: --system with one of {', '.join(systems)}", ExitCode.USAGE)
    if not yes:
        for name in systems:
            manifest = shelf_of(there, name).manifest(backup)
            volumes = ", ".join(volume.name for volume in manifest.volumes) or "no volume"
            yield f"{name}: would restore {volumes} of backup {manifest.id} beside the app and compare all files"
        yield "to do it, add: --yes"
        return
    done = []
    with Lease(there.records / LEASE).held(f"drill {only or 'all'}"):
        for name in systems:
            tried = _tried(there, shelf_of(there, name), name, backup)
            record(there.records, tried)
            done.append(tried)
            if not as_json and tried.ok:
                yield (
                    f"{name}: backup {tried.backup} restores: {tried.files} files are as they were kept; "
                    f"RPO {tried.rpo_seconds:.0f} s, RTO {tried.rto_seconds:.1f} s"
                )
    if as_json:
        yield json.dumps([asdict(tried) for tried in done], indent=1)
    bad = [f"{tried.system}: backup {tried.backup}: {problem}" for tried in done for problem in tried.problems]
    if bad:
        way_out = f"take a new one: ./slipway backup {there.options} --yes, and try it"
        raise OperationError("\n".join([*bad, f"the restore failed; {way_out}"]), ExitCode.BACKUP)


def record(records: Path, tried: Tried) -> None:
    """Append to the record that the policy `restore-tried` reads. Raises OperationError when it is no such record."""
    file = records / FILE
    try:
        entries = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    except ValueError as error:
        raise OperationError(
            f"{file} is no record of drills ({error}); mend it or move it away", ExitCode.FAILED
        ) from error
    draft = file.with_name(f".{file.name}.new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps([*entries, asdict(tried)], indent=1), encoding="utf-8")
    draft.replace(file)


def _holds_data(system: object) -> bool:
    return isinstance(system, FlySystem) and bool(system.volumes)


def _tried(there: Surroundings, shelf: Shelf, name: str, backup: str | None) -> Tried:
    manifest = shelf.manifest(backup)
    at, started = datetime.now(UTC), time.monotonic()
    problems, files = _kept_badly(shelf, manifest), 0
    if not problems:
        try:
            files, problems = asyncio.run(_restored(there, shelf, manifest))
        except (FlyError, OperationError) as error:
            problems = [str(error)]
    seconds = time.monotonic() - started
    age = (at - manifest.at).total_seconds()
    good = not problems
    return Tried(
        name, at.isoformat(), good, age if good else None, seconds if good else None, manifest.id, files, problems
    )


def _kept_badly(shelf: Shelf, manifest: Manifest) -> list[str]:
    """What is wrong with the objects, and with archives that hold other files than were in the volume."""
    if problems := shelf.problems(manifest):
        return problems
    if not manifest.volumes:
        return ["it holds no volume"]
    for volume in manifest.volumes:
        if volume.archive:
            found = sums_of_archive(shelf.object(manifest, volume.archive))
            problems += [f"{volume.archive}: {one}" for one in differences(_sums(shelf, manifest, volume), found)]
    return problems


async def _restored(there: Surroundings, shelf: Shelf, manifest: Manifest) -> tuple[int, list[str]]:
    """How many files came out of scratch volumes, and what was wrong with them."""
    files, problems = 0, []
    with there.fly() as facts:
        for kept in manifest.volumes:
            sums, found = _sums(shelf, manifest, kept), await _out_of(facts, shelf, manifest, kept)
            files += len(found)
            if not found:
                problems.append(f"volume {kept.id}: it holds no file, so nothing was tried")
            problems += [f"volume {kept.id}: {one}" for one in differences(sums, found)]
    return files, problems


async def _out_of(facts: Facts, shelf: Shelf, manifest: Manifest, kept: KeptVolume) -> Sums:
    source = await source_of(facts, kept)
    like = kept.as_volume()
    async with scratch.scratch_volume(facts, kept.app, like=like, size_gb=kept.size_gb, source=source) as volume:
        return await checked(facts, shelf, manifest, kept, volume, source)


def _sums(shelf: Shelf, manifest: Manifest, kept: KeptVolume) -> Sums:
    return parse_sums(shelf.object(manifest, kept.sums).decode())
