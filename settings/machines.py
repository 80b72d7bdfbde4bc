"""Machines on Fly.io: their size, their number, and how much each of them takes on.

Sources: fly-go (machine_types.go) and the fly.io docs `reference/configuration`, read 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from settings.constraint import refusal
from settings.fly import MACHINE_SIZES, MEMORY_STEP_MB, SUSPEND_MEMORY_MB
from settings.model import Settings
from settings.problem import Broken, did_you_mean, shown


def _known_size(value: str) -> str:
    if value in MACHINE_SIZES:
        return value
    raise refusal(f"{shown(value)} is not a machine size of Fly.io", did_you_mean(value, MACHINE_SIZES))


Size = Annotated[
    str, AfterValidator(_known_size), Field(json_schema_extra={"enum": list(MACHINE_SIZES)}, examples=["shared-cpu-1x"])
]


Memory = Annotated[int, Field(ge=256, le=131072, multiple_of=MEMORY_STEP_MB)]


def memory_outside(size_name: str, memory_mb: int) -> Iterator[Broken]:
    """The rule of a model with `size` and `memory_mb`: each size has its range of memory."""
    size = MACHINE_SIZES[size_name]
    if not size.memory_minimum <= memory_mb <= size.memory_maximum:
        yield Broken(
            ("memory_mb",),
            f"{memory_mb} MB is outside the {size.memory_minimum} to {size.memory_maximum} MB of {size.name}",
            "choose memory in that range, or another size",
            compared=(("size",),),
        )


class Machines(Settings):
    """How large machines are, how many there are, and who starts and stops them."""

    size: Size
    """The machine size: CPUs and their kind."""
    memory_mb: Memory
    """Memory of each machine, in steps of 256 MB."""
    swap_mb: Annotated[int, Field(ge=1, le=65536, examples=[512])] | None = None
    """Swap space of each machine."""
    minimum: Annotated[int, Field(ge=0, le=500, examples=[2])]
    """How many keep running when there is nothing to do (in the app's region)."""
    maximum: Annotated[int, Field(ge=1, le=500, examples=[6])]
    """How many there are. Fly.io's proxy starts and stops machines that exist, it never makes any."""
    when_idle: Literal["stop", "suspend", "keep", "autoscaler"] = "stop"
    """What happens to machines above the minimum that have nothing to do. `autoscaler`: that is left to the system's
    autoscaler, and Fly.io's proxy starts and stops none."""

    def broken(self) -> Iterator[Broken]:
        yield from memory_outside(self.size, self.memory_mb)
        if self.minimum > self.maximum:
            yield Broken(
                ("minimum",),
                f"{self.minimum} is more than the maximum of {self.maximum}",
                "swap the two",
                compared=(("maximum",),),
            )
        if self.when_idle == "suspend" and (self.memory_mb > SUSPEND_MEMORY_MB or self.swap_mb):
            yield Broken(
                ("when_idle",),
                f"only machines with at most {SUSPEND_MEMORY_MB} MB of memory and without swap can be suspended",
                "set when_idle: stop",
                compared=(("memory_mb",), ("swap_mb",)),
            )
        if self.when_idle == "keep" and self.minimum != self.maximum:
            yield Broken(
                ("minimum",),
                f"{self.minimum} has no effect while idle machines are kept: all {self.maximum} run",
                "set it to the maximum, or set when_idle: stop",
                compared=(("maximum",), ("when_idle",)),
            )


class Concurrency(Settings):
    """When Fly.io's proxy takes a machine for busy, and when for full."""

    counts: Literal["requests", "connections"]
    """What is counted; `connections` for WebSockets."""
    soft: Annotated[int, Field(ge=1, le=100_000, examples=[150])]
    """From here on other machines are preferred, and started."""
    hard: Annotated[int, Field(ge=1, le=100_000, examples=[200])]
    """From here on a machine gets nothing more."""

    def broken(self) -> Iterator[Broken]:
        if self.hard < self.soft:
            yield Broken(
                ("hard",),
                f"{self.hard} is below the soft limit of {self.soft}",
                "raise it or lower the soft limit",
                compared=(("soft",),),
            )
