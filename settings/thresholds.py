"""The numbers that say when a system is not well, and what a load test must reach. Alerts, monitors and gates take them
from here and from nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from settings.duration import Between, show
from settings.model import HttpPath, Percent, Settings
from settings.problem import Broken

ResponseTime = Annotated[timedelta, Between("1ms", "5m", "1ms")]


class EndpointTarget(Settings):
    """How fast one endpoint is to be under load."""

    p95: Annotated[ResponseTime, Field(examples=["200ms"])]
    """What 95 of 100 answers keep to."""
    p99: Annotated[ResponseTime, Field(examples=["500ms"])]
    """What 99 of 100 answers keep to."""

    def broken(self) -> Iterator[Broken]:
        if self.p99 < self.p95:
            yield Broken(
                ("p99",),
                f"{show(self.p99)} is less than the p95 of {show(self.p95)}, which fewer answers keep to",
                "swap the two",
                compared=(("p95",),),
            )


class LoadTarget(Settings):
    """What the system must carry for as long as a load test goes on."""

    requests_per_second: Annotated[int, Field(ge=1, le=100_000, examples=[50])]
    """How many requests a second."""
    users: Annotated[int, Field(ge=1, le=100_000, examples=[100])]
    """How many users at the same time."""
    p95: ResponseTime | None = Field(None, examples=["1s"])
    """What 95 of 100 answers of all endpoints together keep to."""
    error_percent: Percent | None = None
    """How many of all requests may be errors. Not set: as many as the alert of that name allows."""
    endpoints: Annotated[dict[HttpPath, EndpointTarget], Field(max_length=100)] = Field(default_factory=dict)
    """What single endpoints keep to, by path."""


class Thresholds(Settings):
    """When an alert is raised, and what a load test must reach."""

    error_percent: Percent | None = Field(None, examples=[5])
    """More answers than this are errors of the server."""
    p95: ResponseTime | None = Field(None, examples=["2s"])
    """95 of 100 answers take longer than this."""
    memory_mb: Annotated[int, Field(ge=64, le=131072, examples=[900])] | None = None
    """A machine uses more memory than this. Either this or `memory_percent` beside it."""
    cache_hit_percent: Percent | None = Field(None, examples=[70])
    """Fewer answers than this come from the cache."""
    pool_wait: ResponseTime | None = Field(None, examples=["1s"])
    """Somebody waits longer than this for a connection of the pool."""
    load: LoadTarget | None = Field(None, examples=[{"requests_per_second": 50, "users": 100}])
    """What a load test must reach."""
