"""A machine, as `flyctl machine list --json` prints it (fly-go machine_types.go)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

GONE = ("destroyed", "destroying")
RELEASE_VERSION = "fly_release_version"
PROCESS_GROUP = "fly_process_group"
CANARY = "fly_canary"


class ImageRef(BaseModel):
    """The image a machine runs."""

    registry: str = ""
    repository: str = ""
    tag: str = ""
    digest: str = ""

    def pinned(self) -> str:
        """`registry/repository:tag@digest` without the parts that are not known; empty when nothing is."""
        if not self.repository:
            return ""
        name = f"{self.registry}/{self.repository}" if self.registry else self.repository
        return name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    def named(self) -> str:
        """`registry/repository:tag`, for `machine run`, which adds the digest by itself; by digest without a tag."""
        return self.model_copy(update={"digest": ""}).pinned() if self.tag else self.pinned()


class ExitEvent(BaseModel):
    """How a machine's process ended."""

    exit_code: int = 0
    oom_killed: bool = False
    requested_stop: bool = False
    restarting: bool = False


class EventRequest(BaseModel):
    """What belongs to an event."""

    exit_event: ExitEvent | None = None


class Event(BaseModel):
    """Something that happened to a machine; `timestamp` is milliseconds since 1970."""

    type: str = ""
    status: str = ""
    request: EventRequest | None = None
    timestamp: int = 0


class Check(BaseModel):
    """The last result of one health check."""

    name: str = ""
    status: Literal["passing", "warning", "critical"] | str = ""
    output: str = ""
    updated_at: datetime | None = None


class Mount(BaseModel):
    """A volume inside a machine."""

    volume: str = ""
    name: str = ""
    path: str = ""


class MachineService(BaseModel):
    """A service of a machine, as far as its checks matter."""

    checks: list[dict[str, object]] | None = None


class Guest(BaseModel):
    """The size of a machine."""

    cpu_kind: str = ""
    cpus: int = 0
    memory_mb: int = 0


class MachineConfig(BaseModel):
    """What a machine was told to be."""

    image: str = ""
    guest: Guest | None = None
    metadata: dict[str, str] | None = None
    mounts: list[Mount] | None = None
    env: dict[str, str] | None = None
    checks: dict[str, dict[str, object]] | None = None
    services: list[MachineService] | None = None


class Machine(BaseModel):
    """One machine."""

    id: str
    name: str = ""
    state: str = ""
    region: str = ""
    image_ref: ImageRef = Field(default_factory=ImageRef)
    config: MachineConfig | None = None
    incomplete_config: MachineConfig | None = None
    events: list[Event] | None = None
    checks: list[Check] | None = None
    cordoned: bool = False

    @property
    def settings(self) -> MachineConfig:
        """The configuration, or what is known of it when the host does not answer."""
        return self.config or self.incomplete_config or MachineConfig()

    @property
    def metadata(self) -> dict[str, str]:
        """What flyctl noted on the machine: process group, release, canary."""
        return self.settings.metadata or {}

    @property
    def release_version(self) -> int:
        """The number of the release that made or last updated it; 0 when unknown."""
        number = self.metadata.get(RELEASE_VERSION, "")
        return int(number) if number.isdecimal() else 0

    @property
    def group(self) -> str:
        """Its process group."""
        return self.metadata.get(PROCESS_GROUP) or "app"

    @property
    def serves(self) -> bool:
        """It belongs to the app proper: not gone, not a release command, not a console."""
        return self.state not in GONE and not self.group.startswith("fly_app_")

    @property
    def results(self) -> list[Check]:
        """Check results, without the ones Fly.io adds for older versions of flyctl."""
        return [check for check in self.checks or [] if not check.name.startswith("bg_deployments_compat")]

    def configured_checks(self) -> int:
        """How many checks it should report."""
        settings = self.settings
        return len(settings.checks or {}) + sum(len(service.checks or []) for service in settings.services or [])
