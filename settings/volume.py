"""A volume: disk space that outlives the machine it is attached to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from settings.constraint import Text
from settings.fly import Region
from settings.model import Settings
from settings.problem import Broken

VolumePath = Annotated[str, Text("an absolute path of folders", "(/[A-Za-z0-9._-]+)+", "/data", 255)]
VolumeName = Annotated[
    str, Text("a name of at most 30 lower-case letters, digits and underscores", "[a-z0-9_]+", "app_data", 30)
]
FolderName = Annotated[
    str, Text("a name of lower-case letters, digits, hyphens and underscores", "[a-z0-9_-]+", "uploads", 64)
]


class AutoExtend(Settings):
    """Let Fly.io enlarge the volume before it is full. Bounds: flyctl appconfig/validation.go, 2026-08."""

    above_percent: Annotated[int, Field(ge=50, le=99)]
    """How full it has to be."""
    increment_gb: Annotated[int, Field(ge=1, le=100)]
    """By how much it grows each time."""
    limit_gb: Annotated[int, Field(ge=1, le=500, examples=[20])]
    """How large it may become."""

    def below(self, size_gb: int, key: str) -> Iterator[Broken]:
        """The rule of the volume that has this under `extend` and its size under `key`."""
        if self.limit_gb < size_gb:
            yield Broken(
                ("extend", "limit_gb"),
                f"{self.limit_gb} GB is less than the {size_gb} GB that it has from the start",
                f"set it to {size_gb} or more",
                compared=((key,),),
            )


class Volume(Settings):
    """One volume on each machine; a machine can have one. It only ever grows."""

    name: VolumeName
    """Its name: lower-case letters, digits and underscores."""
    path: VolumePath
    """Where the machine sees it."""
    size_gb: Annotated[int, Field(ge=1, le=500, examples=[8])]
    """Its size. It can be raised later, never lowered."""
    region: Region | None = None
    """Where it lies; it can be nowhere but where the machines run, which is where it lies when left out."""
    count: Annotated[int, Field(ge=1, le=100, examples=[2])] | None = None
    """How many there are; one for each machine when left out. More are spare."""
    folders: Annotated[dict[VolumePath, FolderName], Field(max_length=50)] = Field(default_factory=dict)
    """Folders inside it, by the path under which the app expects them; the image links one to the other at start."""
    snapshot_days: Annotated[int, Field(ge=1, le=60)] = 5
    """For how many days Fly.io keeps its daily snapshots."""
    extend: AutoExtend | None = None
    """Grow by itself."""
    holds: Literal["state", "logs"] = "state"
    """`state`: files that exist nowhere else, so only one machine may run. `logs`: each machine has its own."""

    def broken(self) -> Iterator[Broken]:
        if self.extend:
            yield from self.extend.below(self.size_gb, "size_gb")
        for path in self.folders:
            if path == self.path or path.startswith(f"{self.path}/"):
                yield Broken(
                    ("folders", path),
                    f"{path} lies on the volume already",
                    "name the path that the app uses outside it",
                    compared=(("path",),),
                )
