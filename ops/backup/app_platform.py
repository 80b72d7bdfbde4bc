"""What a backup keeps of a system on App Platform, which has no volumes; DigitalOcean itself backs its databases up."""

from __future__ import annotations

import json
from datetime import datetime

from ops.backup.fly_system import Found
from ops.backup.manifest import KeptApp, KeptDatabase
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import NotThere, RequestRefused
from settings.digitalocean_system import DigitalOceanSystem


def keep_app(api: DigitalOcean, name: str, system: DigitalOceanSystem) -> Found:
    """The spec as the API takes it back, secrets in it encrypted by DigitalOcean, and the deployments it had."""
    found = Found()
    try:
        app = api.app_named(name)
    except NotThere:
        return found
    spec, history = f"{name}.spec.json", f"{name}.deployments.json"
    deployments = [
        {"id": one.id, "phase": one.phase, "cause": one.cause, "at": one.created_at and one.created_at.isoformat()}
        for one in api.deployments(app.id)
    ]
    found.objects[spec] = json.dumps(app.spec, indent=1).encode()
    found.objects[history] = json.dumps(deployments, indent=1).encode()
    image = app.active_deployment.id if app.active_deployment else ""
    found.apps[name] = KeptApp(image=image, secrets=sorted(system.app.secrets), configuration=spec)
    return found


def databases(api: DigitalOcean, wanted: set[str]) -> list[KeptDatabase]:
    """Which backups DigitalOcean has of these clusters."""
    found = []
    for database in api.databases():
        if database.name in wanted:
            times = _backups(api, database.id)
            newest = max(times, default=None)
            found.append(KeptDatabase(name=database.name, engine=database.engine, backups=len(times), newest=newest))
    return found


def _backups(api: DigitalOcean, cluster: str) -> list[datetime]:
    try:
        return [backup.created_at for backup in api.backups(cluster)]
    except RequestRefused:
        # Valkey is a cache to DigitalOcean: it has no backups.
        return []
