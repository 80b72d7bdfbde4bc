"""Small whole backups for tests."""

from __future__ import annotations

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from ops.backup.files import sums_of_archive, written_sums
from ops.backup.manifest import Kept, KeptApp, KeptVolume, Manifest
from ops.backup.shelf import Shelf
from ops.backup.store import Folder

VOLUME = "vol_1"


def archive(files: dict[str, str]) -> bytes:
    """A tar.gz as `tar -C … .` makes it."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as made:
        for path, text in files.items():
            member = tarfile.TarInfo(f"./{path}")
            member.size = len(text)
            made.addfile(member, io.BytesIO(text.encode()))
    return data.getvalue()


def objects(files: dict[str, str]) -> dict[str, bytes]:
    packed = archive(files)
    sums = written_sums(sums_of_archive(packed))
    return {"web.fly.json": b"{}", f"{VOLUME}.tar.gz": packed, f"{VOLUME}.sha256": sums}


def manifest(id_: str, kept: dict[str, bytes]) -> Manifest:
    volume = KeptVolume(
        app="web",
        id=VOLUME,
        name="data",
        region="iad",
        path="/data",
        size_gb=1,
        image="web:v1",
        snapshot="vs_1",
        sums=f"{VOLUME}.sha256",
        archive=f"{VOLUME}.tar.gz",
    )
    return Manifest(
        id=id_,
        stack="production",
        system="web",
        platform="fly",
        at=datetime(2026, 11, 22, tzinfo=UTC),
        commit="",
        apps={"web": KeptApp(image="web:v1", configuration="web.fly.json")},
        volumes=[volume],
        objects={name: Kept.of(data) for name, data in kept.items()},
    )


def shelf(folder: Path, *ids: str) -> Shelf:
    """A shelf in a folder with these backups."""
    made = Shelf(Folder(folder), "production", "web")
    for id_ in ids:
        kept = objects({"data.json": id_})
        made.add(manifest(id_, kept), kept)
    return made
