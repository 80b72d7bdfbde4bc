"""Which requests a Worker gets."""

from __future__ import annotations

from sandbox.cloudflare.zone import require_zone
from sandbox.errors import CloudError
from sandbox.resource import Request, ResourceType


def _refuse(request: Request) -> None:
    route = request.document
    zone = require_zone(request)
    host = route["pattern"].removeprefix("https://").removeprefix("http://").partition("/")[0].removeprefix("*")
    if host.lstrip(".") != zone["name"] and not host.endswith(f".{zone['name']}"):
        raise CloudError(400, f"pattern {route['pattern']!r} is not in the zone {zone['name']}", code=10082)
    if any((other["zoneId"], other["pattern"]) == (route["zoneId"], route["pattern"]) for _, other in request.others()):
        raise CloudError(409, "A route with the same pattern already exists.", code=10020)
    scripts = {script["scriptName"] for _, script in request.store.all("cloudflare/workersScript")}
    if route.get("script") and route["script"] not in scripts:
        raise CloudError(400, f"Worker {route['script']!r} was not found; create it before its route", code=10007)


WORKERS_ROUTE = ResourceType(
    pulumi_type="cloudflare:index/workersRoute:WorkersRoute",
    title="Worker route",
    url="zones/{zoneId}/workers/routes",
    named="pattern",
    required=("zoneId",),
    refuse=_refuse,
    replaces=("zoneId",),
)
