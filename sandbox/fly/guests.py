"""Machine sizes: CPU kinds, counts and how much memory each may have.

Source: MachinePresets and the MIN/MAX_MEMORY constants of github.com/superfly/fly-go v0.9.2
(machine_types.go), read 2026-11.
"""

from __future__ import annotations

from typing import Any

from sandbox.fly.errors import RefusedError

SHARED_CPUS = (1, 2, 4, 6, 8)
PERFORMANCE_CPUS = (1, 2, 4, 6, 8, 10, 12, 14, 16)
# (smallest, largest) memory in MB for each CPU of a kind.
MEMORY_MB_PER_CPU = {"shared": (256, 2048), "performance": (2048, 8192)}
MEMORY_STEP_MB = {"shared": 256, "performance": 1024}
_CPUS = {"shared": SHARED_CPUS, "performance": PERFORMANCE_CPUS}


def checked(guest: dict[str, Any] | None) -> dict[str, Any]:
    """The guest with defaults filled in; raises `RefusedError` when the platform has no such size."""
    filled: dict[str, Any] = {"cpu_kind": "shared", "cpus": 1, **(guest or {})}
    kind, count = filled["cpu_kind"], filled["cpus"]
    if kind not in _CPUS:
        raise RefusedError(f"invalid config.guest.cpu_kind, '{kind}' must be one of: {', '.join(_CPUS)}")
    if count not in _CPUS[kind]:
        allowed = ", ".join(str(number) for number in _CPUS[kind])
        raise RefusedError(f"invalid config.guest.cpus for {kind}, {count} must be one of: {allowed}")
    low, high = (count * each for each in MEMORY_MB_PER_CPU[kind])
    memory = filled.setdefault("memory_mb", low)
    if not low <= memory <= high:
        raise RefusedError(
            f"invalid config.guest.memory_mb, minimum required {low} MiB and maximum allowed {high} MiB"
            f" for {count} {kind} CPUs, got {memory} MiB"
        )
    if memory % MEMORY_STEP_MB[kind]:
        step = MEMORY_STEP_MB[kind]
        raise RefusedError(f"invalid config.guest.memory_mb, must be in a {step} MiB increment, got {memory}")
    return filled
