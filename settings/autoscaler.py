"""The autoscaler: an app that starts and stops the machines of another by their CPU and memory use.

Fly.io's proxy knows requests and connections only. Source: superfly/fly-autoscaler (README and cmd/fly-autoscaler),
read 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field

from settings.app import AppName, Image
from settings.duration import Between
from settings.model import Percent, Settings
from settings.problem import Broken

API_SECRET: Final = "FAS_API_TOKEN"  # noqa: S105  the secret's name, not its value
METRICS_SECRET: Final = "FAS_PROMETHEUS_TOKEN"  # noqa: S105  the secret's name, not its value
"""Made with `fly tokens create deploy` for the app, and with `fly tokens create readonly` for its metrics."""


class Autoscaler(Settings):
    """Starts and stops the app's machines, between its minimum and maximum, so that their average use stays at what is
    set here. It needs `app.machines.when_idle: autoscaler`. It costs one small machine."""

    name: Annotated[AppName, Field(examples=["my-app-autoscaler"])] | None = None
    """The name of its app; the system's app's with `-autoscaler` when left out."""
    image: Image = "docker.io/flyio/fly-autoscaler:0.3"
    """The image, with a version tag or a digest."""
    cpu_percent: Percent | None = Field(None, examples=[70])
    """The CPU use to keep to."""
    memory_percent: Percent | None = None
    """The memory use to keep to."""
    interval: Annotated[timedelta, Between("5s", "10m")] = timedelta(seconds=15)
    """The time from one look at the metrics to the next."""

    def broken(self) -> Iterator[Broken]:
        if self.cpu_percent is None and self.memory_percent is None:
            yield Broken((), "it has nothing to go by", "set cpu_percent, memory_percent, or both")
