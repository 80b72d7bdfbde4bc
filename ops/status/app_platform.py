"""A system on App Platform, as its API tells it."""

from __future__ import annotations

from typing import Any

from ops.clouds.app_platform import App
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import CloudApiError, NotThere
from ops.status.seen import Domain, Instance, Seen


def seen_on_app_platform(digitalocean: DigitalOcean, name: str, app_name: str, options: str) -> Seen:
    """The instances of every component, and the domains. What cannot be read is its `trouble`.

    `options` are those with which another verb works on the same stack.
    """
    try:
        app = digitalocean.app_named(app_name)
        instances = _instances(digitalocean, app)
    except NotThere:
        return Seen(name, "digitalocean", app_name, notes=(f"{app_name} is not deployed",))
    except CloudApiError as error:
        return Seen(name, "digitalocean", app_name, trouble=str(error))
    domains = tuple(
        Domain(domain.spec.domain, domain.phase.lower(), domain.certificate_expires_at, domain.reason)
        for domain in app.domains
    )
    notes = tuple(_notes(app, f"./slipway start --system {name} {options} --yes"))
    return Seen(name, "digitalocean", app_name, instances, domains, notes)


def _instances(digitalocean: DigitalOcean, app: App) -> tuple[Instance, ...]:
    """The platform tells how many of a component are ready, not which."""
    health = {part.name: part for part in digitalocean.health(app.id)}
    deployment = app.active_deployment
    found = []
    for number, instance in _numbered(digitalocean, app):
        part = health.get(instance.component_name)
        ready = int(part is not None and number < part.replicas_ready)
        found.append(
            Instance(
                part=instance.component_name,
                id=instance.instance_alias or instance.instance_name,
                state="running",
                region=app.region.slug,
                release=deployment.id[:8] if deployment else "",
                runs=_source(app.spec, instance.component_name),
                checks=(ready, 1),
            )
        )
    return tuple(found)


def _numbered(digitalocean: DigitalOcean, app: App) -> list[tuple[int, Any]]:
    counts: dict[str, int] = {}
    found = []
    for instance in sorted(digitalocean.instances(app.id), key=lambda one: (one.component_name, one.instance_name)):
        number = counts.get(instance.component_name, 0)
        counts[instance.component_name] = number + 1
        found.append((number, instance))
    return found


def _source(spec: dict[str, Any], component: str) -> str:
    parts = [*(spec.get("services") or []), *(spec.get("workers") or [])]
    part: dict[str, Any] = next((entry for entry in parts if entry["name"] == component), {})
    image, github = part.get("image") or {}, part.get("github") or {}
    if image:
        return f"{image.get('repository', '')}:{image.get('tag') or image.get('digest', '')[:19]}"
    return f"{github['repo']}@{github.get('branch', '')}" if github else ""


def _notes(app: App, back: str) -> list[str]:
    notes = []
    if app.under_way:
        notes.append(f"deployment {app.under_way.id[:8]} is {app.under_way.phase}")
    if app.pinned_deployment:
        notes.append(f"pinned to the rollback {app.pinned_deployment.id[:8]}: no deployment until it is committed")
    maintenance = app.spec.get("maintenance") or {}
    if maintenance.get("archive"):
        notes.append(f"archived: nothing runs, visitors see the offline page; back with: {back}")
    elif maintenance.get("enabled"):
        notes.append(f"in maintenance: it runs, and visitors see the offline page; back with: {back}")
    return notes
