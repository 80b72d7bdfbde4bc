"""What DigitalOcean accepts: App Platform's regions and instance sizes.

Source: the public API description (digitalocean/openapi, `apps_instance_size` and `apps_region` examples) and the
vendor's App Platform size list, both read 2026-08.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

APP_REGIONS: Final = ("ams", "atl", "blr", "fra", "lon", "nyc", "sfo", "sgp", "syd", "tor")
"""Regions of App Platform: no number at the end."""

DATABASE_REGIONS: Final = (
    "ams2", "ams3", "atl1", "blr1", "fra1", "lon1", "nyc1", "nyc2", "nyc3", "sfo1", "sfo2", "sfo3", "sgp1", "syd1",
    "tor1",
)  # fmt: skip
"""Regions of managed databases, volumes and networks: a number at the end."""


@dataclass(frozen=True)
class InstanceSize:
    """An App Platform instance size. Memory in MB."""

    slug: str
    cpus: int
    memory_mb: int
    dedicated: bool = False
    single_instance: bool = False


INSTANCE_SIZES: Final = {
    size.slug: size
    for size in (
        InstanceSize("apps-s-1vcpu-0.5gb", 1, 512, single_instance=True),
        InstanceSize("apps-s-1vcpu-1gb-fixed", 1, 1024, single_instance=True),
        InstanceSize("apps-s-1vcpu-1gb", 1, 1024),
        InstanceSize("apps-s-1vcpu-2gb", 1, 2048),
        InstanceSize("apps-s-2vcpu-4gb", 2, 4096),
        InstanceSize("apps-d-1vcpu-0.5gb", 1, 512, dedicated=True),
        InstanceSize("apps-d-1vcpu-1gb", 1, 1024, dedicated=True),
        InstanceSize("apps-d-1vcpu-2gb", 1, 2048, dedicated=True),
        InstanceSize("apps-d-1vcpu-4gb", 1, 4096, dedicated=True),
        InstanceSize("apps-d-2vcpu-4gb", 2, 4096, dedicated=True),
        InstanceSize("apps-d-2vcpu-8gb", 2, 8192, dedicated=True),
        InstanceSize("apps-d-4vcpu-8gb", 4, 8192, dedicated=True),
        InstanceSize("apps-d-4vcpu-16gb", 4, 16384, dedicated=True),
        InstanceSize("apps-d-8vcpu-32gb", 8, 32768, dedicated=True),
    )
}

DEPRECATED_SIZES: Final = {
    "basic-xxs": "apps-s-1vcpu-0.5gb",
    "basic-xs": "apps-s-1vcpu-1gb-fixed",
    "basic-s": "apps-s-1vcpu-2gb",
    "basic-m": "apps-s-2vcpu-4gb",
    "professional-xs": "apps-s-1vcpu-1gb",
    "professional-s": "apps-s-1vcpu-2gb",
    "professional-m": "apps-s-2vcpu-4gb",
    "professional-1l": "apps-d-1vcpu-4gb",
    "professional-l": "apps-d-2vcpu-8gb",
    "professional-xl": "apps-d-4vcpu-16gb",
}
"""Slugs that App Platform no longer takes, with their successors."""
