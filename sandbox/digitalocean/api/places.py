"""What the account and App Platform offer: regions, instance sizes, the account itself."""

from __future__ import annotations

import re
from typing import Any, Final

from sandbox.digitalocean.app_sizes import SINGLE_INSTANCE, SIZES
from sandbox.digitalocean.regions import APP_REGIONS, DATACENTERS
from sandbox.vendor_api import Call

_LABELS: Final = {
    "ams": "Amsterdam",
    "atl": "Atlanta",
    "blr": "Bangalore",
    "fra": "Frankfurt",
    "lon": "London",
    "nyc": "New York",
    "sfo": "San Francisco",
    "sgp": "Singapore",
    "syd": "Sydney",
    "tor": "Toronto",
}


def region(slug: str) -> dict[str, Any]:
    """The API's JSON of a region of App Platform."""
    centers = [center for center in DATACENTERS.values if center.startswith(slug)]
    return {"slug": slug, "label": _LABELS.get(slug, slug), "data_centers": centers}


def regions(_: Call) -> Any:
    """GET /v2/apps/regions."""
    return {"regions": [region(slug) for slug in APP_REGIONS.values]}


def instance_sizes(_: Call) -> Any:
    """GET /v2/apps/tiers/instance_sizes, without prices: those are not emulated."""
    return {"instance_sizes": [_size(slug) for slug in SIZES.values]}


def _size(slug: str) -> dict[str, Any]:
    found = re.search(r"(\d+)vcpu-([\d.]+)gb", slug)
    cpus, memory_gb = (found[1], float(found[2])) if found else ("1", 0.5)
    return {
        "name": slug,
        "slug": slug,
        "cpu_type": "DEDICATED" if slug.startswith("apps-d-") else "SHARED",
        "cpus": cpus,
        "memory_bytes": str(int(memory_gb * 1024**3)),
        "scalable": slug.startswith("apps-d-"),
        "single_instance_only": slug in SINGLE_INSTANCE,
    }


def account(call: Call) -> Any:
    """GET /v2/account."""
    return {
        "account": {
            "droplet_limit": 10,
            "floating_ip_limit": 3,
            "email": "sandbox@example.invalid",
            "uuid": call.cloud.vault.digest("account")[:32],
            "email_verified": True,
            "status": "active",
            "status_message": "",
        }
    }
