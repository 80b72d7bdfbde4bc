"""What exists at the real clouds before the first deployment, put into the emulated ones:
zones, apps to adopt, and images."""

from __future__ import annotations

from sandbox.client import Client
from sandbox.fly.client import FlyClient
from settings.app_platform import AppPlatformApp
from settings.digitalocean_system import DigitalOceanSystem
from settings.edge import Edge
from settings.fly_system import FlySystem
from settings.stack import Stack

_ACCOUNT = "00000000000000000000000000005a4d"


def seed(client: Client, fly: FlyClient, stack: Stack) -> None:
    """Make what the stack's systems expect to find. What is there already stays as it is."""
    images = {entry["id"] for entry in client.resources("fly/image")["fly/image"]}
    for system in stack.systems.values():
        if system.edge:
            _zone(client, system.edge)
        if isinstance(system, DigitalOceanSystem) and system.app.adopt:
            client.seed("digitalocean/app", {"spec": _before(system.app)}, str(system.app.adopt))
        if isinstance(system, FlySystem):
            for image in sorted(system.images - images):
                fly.put_image(image)


def _zone(client: Client, edge: Edge) -> None:
    """The zone on its plan, unless the stack creates it itself."""
    if edge.zone_settings and edge.zone_settings.create_in:
        return
    zone = {"name": edge.zone, "account": {"id": _ACCOUNT}, "plan": {"legacyId": edge.plan}}
    client.seed("cloudflare/zone", zone)


def _before(app: AppPlatformApp) -> dict[str, object]:
    """An app to be adopted as somebody may have made it by hand: one small instance of the same code."""
    return {
        "name": app.name,
        "region": app.region,
        "services": [
            {
                "name": "web",
                "github": {"repo": app.github.repository, "branch": app.github.branch},
                "environmentSlug": "node-js",
                "instanceCount": 1,
                "instanceSizeSlug": "apps-s-1vcpu-0.5gb",
                "httpPort": app.port,
                "healthCheck": {"httpPath": app.health.path},
            }
        ],
    }
