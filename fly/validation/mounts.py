"""Volumes inside machines."""

from __future__ import annotations

from fly.config import FlyConfig
from fly.config.machines import Mount
from fly.errors import Problem


def mount_problems(path: str, config: FlyConfig) -> list[Problem]:
    """More than one volume for a machine, sizes out of range, and half an automatic extension."""
    problems = []
    for group in config.groups():
        mounted = [mount for mount in config.mounts or [] if not mount.processes or group in mount.processes]
        if len(mounted) > 1:
            sources = "+".join(mount.source for mount in mounted)
            rule = f"a machine can mount one volume, group {group} has {len(mounted)}"
            way_out = f"merge {sources} into one volume with a sub-directory for each"
            problems.append(Problem(f"{path}.mounts", sources, rule, way_out))
    for index, mount in enumerate(config.mounts or []):
        problems += _one(f"{path}.mounts[{index}]", mount)
    return problems


def _one(path: str, mount: Mount) -> list[Problem]:
    problems = []
    for key, most in (("initial_size", 500), ("auto_extend_size_increment", 100), ("auto_extend_size_limit", 500)):
        text = getattr(mount, key)
        if text is not None and not 1 <= gigabytes(text) <= most:
            problems.append(Problem(f"{path}.{key}", text, f"must be 1 to {most} GB", "choose a size in that range"))
    parts = (mount.auto_extend_size_threshold, mount.auto_extend_size_increment, mount.auto_extend_size_limit)
    if any(part is not None for part in parts) and None in parts:
        rule = "automatic extension needs threshold, increment and limit together"
        problems.append(Problem(f"{path}.auto_extend_size_threshold", parts[0], rule, "set all three or none"))
    limit, first = mount.auto_extend_size_limit, mount.initial_size
    if limit and first and gigabytes(limit) < gigabytes(first):
        rule = f"the limit must not be below the initial size {first}"
        problems.append(Problem(f"{path}.auto_extend_size_limit", limit, rule, "raise the limit"))
    return problems


def gigabytes(text: str) -> float:
    """`"8gb"` as 8.0, `"512mb"` as 0.512, as flyctl's own reader does (decimal units)."""
    low = text.lower().replace(" ", "")
    return float(low[:-2]) * (1 if low.endswith("gb") else 0.001)
