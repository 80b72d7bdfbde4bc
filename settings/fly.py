"""What Fly.io accepts: regions, machine sizes and their memory.

Source: fly.io docs `reference/regions` and `superfly/fly-go` machine_types.go (sizes and memory limits), read 2026-08.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from settings.constraint import refusal
from settings.problem import did_you_mean, shown

REGIONS: Final = (
    "ams", "arn", "bom", "cdg", "dfw", "ewr", "fra", "gru", "iad", "jnb", "lax", "lhr", "nrt", "ord", "sin", "sjc",
    "syd", "yyz",
)  # fmt: skip


def _known_region(value: str) -> str:
    if value in REGIONS:
        return value
    raise refusal(f"{shown(value)} is not a region of Fly.io", did_you_mean(value, REGIONS))


Region = Annotated[
    str, AfterValidator(_known_region), Field(json_schema_extra={"enum": list(REGIONS)}, examples=["sjc"])
]

MEMORY_STEP_MB: Final = 256


@dataclass(frozen=True)
class MachineSize:
    """A machine size: `cpus` of a kind, and the memory that it can have, in MB."""

    name: str
    cpus: int
    shared: bool

    @property
    def memory_minimum(self) -> int:
        return self.cpus * (256 if self.shared else 2048)

    @property
    def memory_maximum(self) -> int:
        return self.cpus * (2048 if self.shared else 8192)


MACHINE_SIZES: Final = {
    size.name: size
    for size in (
        *(MachineSize(f"shared-cpu-{cpus}x", cpus, shared=True) for cpus in (1, 2, 4, 6, 8)),
        *(MachineSize(f"performance-{cpus}x", cpus, shared=False) for cpus in (1, 2, 4, 6, 8, 10, 12, 14, 16)),
    )
}

SUSPEND_MEMORY_MB: Final = 2048
"""Machines with more memory cannot be suspended (fly.io docs `reference/suspend-resume`, 2026-08)."""
