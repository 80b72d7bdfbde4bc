"""What a system on Fly.io leads to: its app and the apps beside it."""

from __future__ import annotations

from typing import Any

from inventory.planned.plan import Plan
from inventory.resource import Resource
from inventory.unknown import UNKNOWN
from planning.app import app_name, fly_toml, machine_counts
from planning.autoscaler import autoscaler_app_name, autoscaler_toml
from planning.pgbouncer import FILE_SECRETS, pgbouncer_app_name, pgbouncer_toml
from planning.redis import PASSWORD_FILE_SECRET, PORT, redis_app_name, redis_host, redis_toml
from settings.any_system import DATABASE_VARIABLES
from settings.autoscaler import API_SECRET, METRICS_SECRET
from settings.fly import Region
from settings.fly_system import FlySystem
from settings.volume import Volume


def plan_fly(plan: Plan, name: str, system: FlySystem, environment: str, above: Resource) -> None:
    """The app, and its Redis, PgBouncer and autoscaler, under the system's component."""
    given: dict[str, Any] = {}
    secrets = set(system.app.secrets)
    if system.redis:
        host = redis_host(redis_app_name(system, environment))
        given = {"REDIS_HOST": host, "REDIS_PORT": str(PORT)}
        secrets.add("REDIS_URL")
        _redis(plan, f"{name}-redis", system, environment, above)
    if system.database:
        secrets.update(DATABASE_VARIABLES)
        if system.pgbouncer:
            _pgbouncer(plan, f"{name}-pgbouncer", system, environment, above)
    _app(plan, name, system, environment, above, given, secrets)
    if system.autoscaler:
        _autoscaler(plan, f"{name}-autoscaler", system, environment, above)


def _app(
    plan: Plan,
    name: str,
    system: FlySystem,
    environment: str,
    above: Resource,
    given: dict[str, Any],
    secrets: set[str],
) -> None:
    wanted, physical = system.app, app_name(system.app, environment)
    component = plan.component("App", name, above)
    plan.fly("App", f"{name}-app", component, protect=True, name=physical, org=wanted.organization)
    for kind in ("shared_v4", "v6"):
        plan.fly("Address", f"{name}-{kind}", component, app=physical, type=kind)
    if wanted.volume:
        volumes = plan.component("Volumes", name, component)
        _volume(plan, name, wanted.volume, volumes, physical, wanted.region, wanted.machines.maximum)
    if secrets:
        _secrets(plan, name, component, physical, secrets)
    plan.fly(
        "Release",
        f"{name}-release",
        component,
        app=physical,
        config=fly_toml(wanted, given),
        counts=machine_counts(wanted),
        image=wanted.image,
        gate={"path": wanted.deploy.gate_path, "successes": wanted.deploy.gate_successes},
        singleInstance=wanted.single or None,
    )
    for host in system.host_names:
        plan.fly("Certificate", f"{name}-{host}", component, app=physical, hostname=host)


def _redis(plan: Plan, name: str, system: FlySystem, environment: str, above: Resource) -> None:
    if system.redis is None:
        return
    physical, region = redis_app_name(system, environment), system.app.region
    component = plan.component("Redis", name, above)
    plan.fly("App", f"{name}-app", component, protect=True, name=physical, org=system.app.organization)
    _volume(plan, name, system.redis.volume, plan.component("Volumes", name, component), physical, region, 1)
    _secrets(plan, name, component, physical, {PASSWORD_FILE_SECRET})
    plan.fly(
        "Release",
        f"{name}-release",
        component,
        app=physical,
        config=redis_toml(system.redis, region),
        counts={region: 1},
        image=system.redis.image,
        singleInstance=True,
    )


def _pgbouncer(plan: Plan, name: str, system: FlySystem, environment: str, above: Resource) -> None:
    if system.pgbouncer is None:
        return
    physical, region = pgbouncer_app_name(system, environment), system.app.region
    component = plan.component("PgBouncer", name, above)
    plan.fly("App", f"{name}-app", component, protect=True, name=physical, org=system.app.organization)
    plan.fly("Address", f"{name}-private", component, app=physical, type="private_v6")
    _secrets(plan, name, component, physical, set(FILE_SECRETS.values()))
    plan.fly(
        "Release",
        f"{name}-release",
        component,
        app=physical,
        config=pgbouncer_toml(system.pgbouncer, region),
        counts={region: system.pgbouncer.machines},
        image=system.pgbouncer.image,
        gate={"successes": 0},
    )


def _autoscaler(plan: Plan, name: str, system: FlySystem, environment: str, above: Resource) -> None:
    if system.autoscaler is None:
        return
    physical = autoscaler_app_name(system, environment)
    component = plan.component("Autoscaler", name, above)
    plan.fly("App", f"{name}-app", component, protect=True, name=physical, org=system.app.organization)
    _secrets(plan, name, component, physical, {API_SECRET, METRICS_SECRET})
    plan.fly(
        "Release",
        f"{name}-release",
        component,
        app=physical,
        config=autoscaler_toml(system.autoscaler, system.app, app_name(system.app, environment)),
        counts={system.app.region: 1},
        image=system.autoscaler.image,
        singleInstance=True,
    )


def _volume(
    plan: Plan, name: str, volume: Volume, component: Resource, app: str, region: Region, machines: int
) -> None:
    plan.fly(
        "Volume",
        f"{name}-volume",
        component,
        protect=True,
        app=app,
        name=volume.name,
        region=volume.region or region,
        sizeGb=volume.size_gb,
        count=volume.count or machines,
        snapshotRetentionDays=volume.snapshot_days,
        scheduledSnapshots=True,
        extendsToGb=volume.extend.limit_gb if volume.extend else None,
    )


def _secrets(plan: Plan, name: str, component: Resource, app: str, names: set[str]) -> None:
    plan.fly("Secrets", f"{name}-secrets", component, app=app, values=dict.fromkeys(sorted(names), UNKNOWN))
