"""Regions and machine sizes that exist."""

from __future__ import annotations

from difflib import get_close_matches

from fly.config.machines import Vm
from fly.errors import Problem

# fly.io/docs/reference/regions, 2026-08
REGIONS = (
    *("ams", "arn", "bom", "cdg", "dfw", "ewr", "fra", "gru", "iad"),
    *("jnb", "lax", "lhr", "nrt", "ord", "sin", "sjc", "syd", "yyz"),
)
# fly-go machine_types.go, MachinePresets, v0.9.2
SHARED = {f"shared-cpu-{cpus}x": cpus for cpus in (1, 2, 4, 6, 8)}
PERFORMANCE = {f"performance-{cpus}x": cpus for cpus in (1, 2, 4, 6, 8, 10, 12, 14, 16)}
# MB per CPU, smallest and largest (fly-go machine_types.go, MIN_ and MAX_MEMORY_MB_PER_*)
SHARED_MB = (256, 2048)
PERFORMANCE_MB = (2048, 8192)
MEMORY_STEP_MB = 256


def region_problems(path: str, region: str) -> list[Problem]:
    """A region that Fly.io does not have."""
    if region in REGIONS:
        return []
    close = get_close_matches(region, REGIONS, 1)
    hint = f"did you mean {close[0]}?" if close else f"choose one of {' '.join(REGIONS)}"
    return [Problem(path, region, "is no region of Fly.io", hint)]


def memory_bounds_mb(size: str) -> tuple[int, int] | None:
    """The smallest and largest memory of a size in MB; None for a size that does not exist."""
    if size in SHARED:
        return SHARED[size] * SHARED_MB[0], SHARED[size] * SHARED_MB[1]
    if size in PERFORMANCE:
        return PERFORMANCE[size] * PERFORMANCE_MB[0], PERFORMANCE[size] * PERFORMANCE_MB[1]
    return None


def vm_problems(path: str, vm: Vm) -> list[Problem]:
    """A size that does not exist, or memory outside what the size can have."""
    size = vm.size or "shared-cpu-1x"
    bounds = memory_bounds_mb(size)
    if bounds is None:
        close = get_close_matches(size, [*SHARED, *PERFORMANCE], 1, 0)
        return [Problem(f"{path}.size", size, "is no machine size of Fly.io", f"did you mean {close[0]}?")]
    memory = vm.memory_mb()
    if memory is None:
        return []
    if memory % MEMORY_STEP_MB:
        near = max(bounds[0], round(memory / MEMORY_STEP_MB) * MEMORY_STEP_MB)
        rule = f"memory comes in steps of {MEMORY_STEP_MB} MB"
        return [Problem(f"{path}.memory", vm.memory, rule, f'write "{near}mb"')]
    if not bounds[0] <= memory <= bounds[1]:
        rule = f"{size} has {bounds[0]} to {bounds[1]} MB"
        fit = [s for s in (*SHARED, *PERFORMANCE) if (b := memory_bounds_mb(s)) and b[0] <= memory <= b[1]]
        return [Problem(f"{path}.memory", vm.memory, rule, f"change the memory, or the size to {' or '.join(fit[:2])}")]
    return []


def memory_mb(vms: list[Vm] | None, group: str) -> int:
    """How much memory a machine of a process group has, in MB."""
    vm = next((vm for vm in vms or [] if not vm.processes or group in vm.processes), Vm())
    bounds = memory_bounds_mb(vm.size or "shared-cpu-1x")
    return vm.memory_mb() or (bounds[0] if bounds else SHARED_MB[0])
