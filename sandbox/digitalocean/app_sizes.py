"""The instance sizes of App Platform (DigitalOcean's API: GET /v2/apps/tiers/instance_sizes, August 2026)."""

from __future__ import annotations

from sandbox.resource import OneOf

SINGLE_INSTANCE = ("apps-s-1vcpu-0.5gb", "apps-s-1vcpu-1gb-fixed")
_SHARED = ("apps-s-1vcpu-1gb", "apps-s-1vcpu-2gb", "apps-s-2vcpu-4gb")
_DEDICATED = (
    "apps-d-1vcpu-0.5gb",
    "apps-d-1vcpu-1gb",
    "apps-d-1vcpu-2gb",
    "apps-d-1vcpu-4gb",
    "apps-d-2vcpu-4gb",
    "apps-d-2vcpu-8gb",
    "apps-d-4vcpu-8gb",
    "apps-d-4vcpu-16gb",
    "apps-d-8vcpu-32gb",
)

SIZES = OneOf(
    (*SINGLE_INSTANCE, *_SHARED, *_DEDICATED),
    renamed={
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
    },
)

SMALLEST = "apps-s-1vcpu-0.5gb"
