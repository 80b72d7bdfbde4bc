"""What a backup consists of: one JSON document beside the objects that it names, with their checksums."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from fly.models.volume import Volume

FORMAT: Final = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kept(_Part):
    """An object of a backup: how large it is and the SHA-256 of its bytes."""

    size: int
    sha256: str

    @classmethod
    def of(cls, data: bytes) -> Kept:
        """What is true of these bytes."""
        return cls(size=len(data), sha256=hashlib.sha256(data).hexdigest())


class KeptApp(_Part):
    """What ran: the image by digest, the release, machines by region, and the names of the secrets."""

    image: str
    release: int = 0
    machines: dict[str, int] = {}
    secrets: list[str] = []
    configuration: str
    """The object with the configuration, as the platform takes it back."""


class KeptVolume(_Part):
    """A volume as it was when its snapshot was taken."""

    app: str
    id: str
    name: str
    region: str
    path: str
    size_gb: int
    image: str
    """The image whose programs read its files."""
    snapshot: str
    sums: str
    """The object with the SHA-256 of every file, as `sha256sum -c` reads it."""
    archive: str | None = None
    """The object with the files; none where they are too large for the settings."""

    def as_volume(self) -> Volume:
        """What a volume beside it has to be like."""
        return Volume(id=self.id, name=self.name, region=self.region, size_gb=self.size_gb)


class KeptDatabase(_Part):
    """A managed database, whose backups the platform keeps."""

    name: str
    engine: str
    backups: int
    newest: datetime | None = None


class Manifest(_Part):
    """A whole backup of one system. Written last: without it there is no backup."""

    format: Literal[1] = FORMAT
    id: str
    stack: str
    system: str
    platform: Literal["fly", "digitalocean"]
    at: datetime
    commit: str
    apps: dict[str, KeptApp]
    volumes: list[KeptVolume] = []
    databases: list[KeptDatabase] = []
    objects: dict[str, Kept]
