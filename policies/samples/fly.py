"""Apps, volumes and addresses on Fly.io for samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from inventory.planned.plan import Plan
from inventory.resource import Resource
from inventory.unknown import UNKNOWN, Unknown
from policies.sample import STACK
from policies.samples.merged import merged

_CHECK: Final = {"method": "GET", "path": "/ready", "interval": "15s", "timeout": "5s", "grace_period": "10s"}
_CONFIG: Final[dict[str, Any]] = {
    "primary_region": "fra",
    "kill_signal": "SIGTERM",
    "kill_timeout": "30s",
    "deploy": {"strategy": "rolling", "max_unavailable": 1, "wait_timeout": "5m"},
    "env": {"PORT": "8080"},
    "vm": [{"size": "shared-cpu-1x", "memory": "512mb"}],
}
_SERVICE: Final[dict[str, Any]] = {
    "internal_port": 8080,
    "force_https": True,
    "auto_stop_machines": "stop",
    "auto_start_machines": True,
    "min_machines_running": 2,
    "concurrency": {"type": "requests", "soft_limit": 150, "hard_limit": 200},
    "checks": [_CHECK],
    "http_options": {
        "response": {
            "headers": {
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
            }
        }
    },
}
_IMAGE: Final = f"registry.fly.io/shop@sha256:{'0' * 64}"


def fly_app(
    config: Mapping[str, Any] | None = None,
    *,
    service: Mapping[str, Any] | None = None,
    system: str = "shop",
    secrets: Iterable[str] = ("API_KEY",),
    counts: Any = None,
    image: Any = _IMAGE,
    gate: Mapping[str, Any] | None = None,
    protect: bool = True,
    **properties: Any,
) -> tuple[Resource, ...]:
    """An app with two machines in Frankfurt that answers HTTP. `config` and `service` change fly.toml and its
    `http_service`; `gate` and further properties are the release's."""
    plan = Plan(STACK)
    wanted = merged({**_CONFIG, "http_service": merged(_SERVICE, service or {})}, config or {})
    release = {"image": image, "gate": {"path": "/ready", "successes": 3, **(gate or {})}, **properties}
    _release(plan, "App", system, system, wanted, counts or {"fra": 2}, secrets, release, protect=protect)
    return tuple(plan.resources)


def fly_part(
    role: str,
    config: Mapping[str, Any] | None = None,
    *,
    system: str = "shop",
    files: Sequence[Mapping[str, Any]] = (),
    secrets: Iterable[str] = (),
    counts: Any = None,
    addresses: Iterable[Any] = (),
    protect: bool = True,
) -> tuple[Resource, ...]:
    """An app beside a system's: `Redis`, `PgBouncer` or `Autoscaler`. `files` are fly.toml's."""
    plan = Plan(STACK)
    name = f"{system}-{role.lower()}"
    wanted = merged({**_CONFIG, "files": list(files)}, config or {})
    release = {"image": _IMAGE, "gate": {"successes": 0}}
    component = _release(plan, role, system, name, wanted, counts or {"fra": 1}, secrets, release, protect=protect)
    for kind in addresses:
        plan.fly("Address", f"{name}-{kind}", component, app=name, type=kind)
    return tuple(plan.resources)


def fly_volume(
    *, system: str = "shop", role: str = "App", protect: bool = True, **properties: Any
) -> tuple[Resource, ...]:
    """Two volumes of 8 GB in Frankfurt, kept in snapshots for two weeks."""
    plan = Plan(STACK)
    name = system if role == "App" else f"{system}-{role.lower()}"
    component = plan.component(role, name, plan.component("System", system))
    sound = {
        "app": name,
        "name": "data",
        "region": "fra",
        "sizeGb": 8,
        "count": 2,
        "snapshotRetentionDays": 14,
        "scheduledSnapshots": True,
        "extendsToGb": 20,
    }
    plan.fly("Volume", f"{name}-volume", component, protect=protect, **{**sound, **properties})
    return tuple(plan.resources)


def fly_address(kind: Any, *, system: str = "shop") -> tuple[Resource, ...]:
    """An address of the app."""
    plan = Plan(STACK)
    component = plan.component("App", system, plan.component("System", system))
    plan.fly("Address", f"{system}-address", component, app=system, type=kind)
    return tuple(plan.resources)


def written(path: str, text: str | Unknown) -> list[dict[str, str | Unknown]]:
    """The files of a machine: one, with this text at this path."""
    return [{"guest_path": path, "raw_value": text}]


def mount(**changes: Any) -> dict[str, Any]:
    """An entry of `[[mounts]]`, for the volume of `fly_volume`."""
    return {"source": "data", "destination": "/data", "scheduled_snapshots": True, **changes}


def _release(
    plan: Plan,
    role: str,
    system: str,
    name: str,
    config: Any,
    counts: Any,
    secrets: Iterable[str],
    properties: Mapping[str, Any],
    *,
    protect: bool,
) -> Resource:
    component = plan.component(role, name, plan.component("System", system))
    plan.fly("App", f"{name}-app", component, protect=protect, name=name, org="acme")
    if names := sorted(secrets):
        plan.fly("Secrets", f"{name}-secrets", component, app=name, values=dict.fromkeys(names, UNKNOWN))
    release = {"app": name, "config": config, "counts": counts, **properties}
    plan.fly("Release", f"{name}-release", component, **release)
    return component
