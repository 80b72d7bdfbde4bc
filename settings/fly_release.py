"""How a release on Fly.io replaces another, and how the machines of the old one stop.

Sources: flyctl 0.4.80 (appconfig/validation.go) and the fly.io docs `reference/configuration`, read 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from settings.constraint import Text
from settings.duration import Between, show
from settings.model import HttpPath, Percent, Settings
from settings.problem import Broken

PhaseName = Annotated[str, Text("a name of at most 30 lower-case letters and underscores", "[a-z_]+", "server", 30)]
Phase = Annotated[timedelta, Between("1s", "300s")]


class Deploy(Settings):
    """How a release replaces another, and when it counts as good."""

    strategy: Literal["rolling", "canary", "bluegreen", "immediate"] = "rolling"
    """How machines are replaced. Canary and bluegreen are impossible with volumes."""
    unavailable_percent: Percent = 25
    """How many machines may be away at once, at the most."""
    wait: Annotated[timedelta, Between("10s", "1h")] = timedelta(minutes=5)
    """How long the checks may take to pass."""
    gate_path: HttpPath
    """What is asked from outside once all checks pass."""
    gate_successes: Annotated[int, Field(ge=1, le=100)] = 3
    """How many answers in a row must be good before the release stands; otherwise it is rolled back."""


class FlyShutdown(Settings):
    """How a machine stops."""

    signal: Literal["SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2"] = "SIGTERM"
    """The signal that asks the app to stop. Fly.io's own default is SIGINT."""
    timeout: Annotated[timedelta, Between("1s", "300s")] = timedelta(seconds=30)
    """How long it may take before it is killed."""
    phases: Annotated[dict[PhaseName, Phase], Field(max_length=20)] = Field(default_factory=dict)
    """What the app does in that time, one after the other."""

    def broken(self) -> Iterator[Broken]:
        needed = sum(self.phases.values(), timedelta())
        if needed > self.timeout:
            yield Broken(
                ("timeout",),
                f"{show(self.timeout)} is shorter than the {show(needed)} that the phases take together",
                f"set it to {show(needed)} or more",
                compared=(("phases",),),
            )
