"""The app of a system on App Platform: its deployment, replicas, domains and certificates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ops.clouds.app_platform import App
from ops.clouds.digitalocean import DigitalOcean
from ops.verify.check import Check, judged, skipped
from settings.digitalocean_system import DigitalOceanSystem


def app_platform_checks(name: str, system: DigitalOceanSystem, client: DigitalOcean, app: App) -> Iterator[Check]:
    """Everything about it. Raises what the client raises."""
    yield _deployment(name, app)
    least, most = system.app.instances
    running = client.instances(app.id)
    said = f"{app.name} has {len(running)} instances"
    wanted = f"{least}" if least == most else f"{least} to {most}"
    wrong = [] if least <= len(running) <= most else [f"{said}, {wanted} are wanted"]
    yield judged(name, "instances", wrong, said)
    parts = client.health(app.id)
    ill = [
        f"{part.name} has {part.replicas_ready} of {part.replicas_desired} replicas ready"
        for part in parts
        if part.replicas_ready < part.replicas_desired
    ]
    yield judged(name, "checks", ill, ", ".join(f"{part.name} {part.state.lower()}" for part in parts) or "none")
    yield from _domains(name, system, app)


def _deployment(name: str, app: App) -> Check:
    troubles = []
    if app.active_deployment is None:
        troubles.append(f"{app.name} has no active deployment")
    if app.under_way:
        troubles.append(f"the deployment {app.under_way.id} is still {app.under_way.phase}")
    if app.pinned_deployment:
        troubles.append(f"{app.name} is pinned to {app.pinned_deployment.id} until its rollback is committed")
    active = app.active_deployment.id if app.active_deployment else ""
    return judged(name, "deployment", troubles, f"{active} is active")


def _domains(name: str, system: DigitalOceanSystem, app: App) -> Iterator[Check]:
    """Those that App Platform serves itself."""
    if not system.edge or system.edge.mode == "cloudflare":
        yield skipped(name, "certificates", "Cloudflare serves the domains, with certificates of its own")
        return
    known = {domain.spec.domain: domain for domain in app.domains}
    days = system.monitoring.certificate_days if system.monitoring else 0
    for host in system.host_names:
        domain = known.get(host)
        phase = domain.phase if domain else "not known to the app"
        why = f": {domain.reason}" if domain and domain.reason else ""
        wrong = [] if phase == "ACTIVE" else [f"{host} is {phase}{why}"]
        yield judged(name, "domains", wrong, f"{host} is active")
        if domain is None or domain.certificate_expires_at is None:
            yield skipped(name, "certificates", f"{host} has none yet")
            continue
        left = (domain.certificate_expires_at - datetime.now(UTC)).days
        said = f"the certificate of {host} has {left} days left"
        yield judged(name, "certificates", [said] if left < days else [], said)
