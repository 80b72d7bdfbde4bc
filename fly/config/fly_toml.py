"""The whole of fly.toml, except `app`, which is the release's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from fly.config.checks import TopLevelCheck
from fly.config.deploy import Deploy
from fly.config.machines import File, Metrics, Mount, Restart, Static, Vm
from fly.config.section import Duration, Section
from fly.config.services import HttpService, Service

KillSignal = Literal["SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGKILL", "SIGSTOP"]


class FlyConfig(Section):
    """A fly.toml. The order of the fields is the order in the file."""

    primary_region: str
    kill_signal: KillSignal | None = None
    kill_timeout: Duration | None = None
    swap_size_mb: Annotated[int, Field(ge=1)] | None = None
    console_command: str | None = None
    deploy: Deploy | None = None
    env: dict[str, str] | None = None
    processes: dict[str, str] | None = None
    http_service: HttpService | None = None
    services: list[Service] | None = None
    checks: dict[str, TopLevelCheck] | None = None
    mounts: list[Mount] | None = None
    files: list[File] | None = None
    statics: list[Static] | None = None
    metrics: list[Metrics] | None = None
    restart: list[Restart] | None = None
    vm: list[Vm] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data with only what was said, for a resource's `config`."""
        return self.model_dump(exclude_none=True)

    def groups(self) -> list[str]:
        """The process groups; `app` when none is named."""
        return sorted(self.processes) if self.processes else ["app"]

    def serves_public(self) -> bool:
        """Whether the proxy forwards anything to it."""
        return self.http_service is not None or bool(self.services)


def from_flyctl(data: Mapping[str, Any]) -> dict[str, Any]:
    """What `flyctl config show` prints, as our keys: without `app`, `build` and everything empty.

    Its JSON writes `auto_stop_machines` as a boolean where fly.toml has a word.
    """
    known = {key: value for key, value in data.items() if key in FlyConfig.model_fields and value not in (None, {}, [])}
    for service in (known.get("http_service"), *known.get("services", [])):
        if isinstance(service, dict) and isinstance(service.get("auto_stop_machines"), bool):
            service["auto_stop_machines"] = "stop" if service["auto_stop_machines"] else "off"
    return known
