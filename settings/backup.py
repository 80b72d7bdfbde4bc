"""Backups: how many are kept, where, and how much of a volume's files they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from settings.constraint import Text
from settings.model import Settings
from settings.problem import Broken

BucketName = Annotated[
    str,
    Text(
        "the name of a bucket: 3 to 63 lower-case letters, digits, hyphens and dots",
        "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "acme-backups",
        63,
    ),
]
Endpoint = Annotated[
    str,
    Text(
        "an https URL without a path", r"https://[a-z0-9.-]+(:[0-9]{1,5})?", "https://fra1.digitaloceanspaces.com", 255
    ),
]
RegionName = Annotated[str, Text("the name of a region of the storage", "[a-z0-9-]+", "us-east-1", 32)]


class Bucket(Settings):
    """A bucket of an S3-compatible storage. It must exist; the credentials are those that the AWS tools would find."""

    name: BucketName
    """Its name."""
    endpoint: Endpoint | None = Field(None, examples=["https://fly.storage.tigris.dev"])
    """Where the storage answers; AWS itself when left out."""
    region: RegionName = "auto"
    """Its region; `auto` where the storage has none."""

    def broken(self) -> Iterator[Broken]:
        if self.endpoint is None and self.region == "auto":
            yield Broken(
                ("region",), "AWS has no region auto", "name the bucket's region, or the endpoint of another storage"
            )


class Backup(Settings):
    """What `backup` keeps of a system."""

    keep: Annotated[int, Field(ge=1, le=1000)] = 14
    """So many backups are kept; older ones are removed once a new one is known to be whole."""
    bucket: Annotated[Bucket, Field(examples=[{"name": "acme-backups", "region": "us-east-1"}])] | None = None
    """Where they are kept; a private folder on this machine when left out."""
    files_mb: Annotated[int, Field(ge=0, le=1024)] = 100
    """A volume's files are archived up to this compressed size, beside the snapshot that Fly.io has; 0 for none."""
