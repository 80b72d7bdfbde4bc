"""What a machine is made of: its size, volume, files, restart policy and metrics."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from fly.config.section import AbsolutePath, Port, Section

SizeText = Annotated[str, StringConstraints(pattern=r"^[0-9]+ ?(gb|GB|mb|MB)$")]


class Vm(Section):
    """`[[vm]]`: a size of Fly.io's list, and memory such as `"512mb"` or `"2gb"`."""

    size: str | None = None
    memory: SizeText | None = None
    processes: list[str] | None = None

    def memory_mb(self) -> int | None:
        """The memory in MB (a gb is 1024 MB for Fly.io), None when the size's own applies."""
        if self.memory is None:
            return None
        text = self.memory.lower().replace(" ", "")
        return int(text[:-2]) * (1024 if text.endswith("gb") else 1)


class Mount(Section):
    """`[[mounts]]`: the one volume of each machine."""

    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,30}$")]
    destination: AbsolutePath
    initial_size: SizeText | None = None
    snapshot_retention: Annotated[int, Field(ge=1, le=60)] | None = None
    scheduled_snapshots: bool | None = None
    auto_extend_size_threshold: Annotated[int, Field(ge=50, le=99)] | None = None
    auto_extend_size_increment: SizeText | None = None
    auto_extend_size_limit: SizeText | None = None
    processes: list[str] | None = None


class File(Section):
    """`[[files]]`: a file that Fly.io writes into the machine, from text here or from a secret."""

    guest_path: AbsolutePath
    raw_value: str | None = None
    secret_name: str | None = None
    processes: list[str] | None = None


class Static(Section):
    """`[[statics]]`: files of the image that the proxy serves by itself."""

    guest_path: AbsolutePath
    url_prefix: AbsolutePath
    index_document: str | None = None


class Restart(Section):
    """`[[restart]]`"""

    policy: Literal["always", "never", "on-failure"]
    retries: Annotated[int, Field(ge=0)] | None = None
    processes: list[str] | None = None


class Metrics(Section):
    """`[[metrics]]`: where Fly.io's Prometheus scrapes."""

    port: Port
    path: AbsolutePath
    https: bool | None = None
    processes: list[str] | None = None
