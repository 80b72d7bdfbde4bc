"""Where machines can run, and how many more fit there.

Source of the codes and names: fly.io/docs/reference/regions, read 2026-11. Capacities are made up: plenty, unless
a document of kind `fly/region` says less.
"""

from __future__ import annotations

from typing import Any

from sandbox.fly.errors import NoCapacityError, RefusedError
from sandbox.store import Store

KIND = "fly/region"
PLENTY = 1000

# code: (name, latitude, longitude, geographic region)
REGIONS: dict[str, tuple[str, float, float, str]] = {
    "ams": ("Amsterdam, Netherlands", 52.37, 4.90, "europe"),
    "arn": ("Stockholm, Sweden", 59.65, 17.92, "europe"),
    "bom": ("Mumbai, India", 19.10, 72.87, "asia_pacific"),
    "cdg": ("Paris, France", 48.86, 2.35, "europe"),
    "dfw": ("Dallas, Texas (US)", 32.78, -96.81, "north_america"),
    "ewr": ("Secaucus, NJ (US)", 40.79, -74.06, "north_america"),
    "fra": ("Frankfurt, Germany", 50.17, 8.68, "europe"),
    "gru": ("Sao Paulo, Brazil", -23.55, -46.63, "south_america"),
    "iad": ("Ashburn, Virginia (US)", 39.02, -77.46, "north_america"),
    "jnb": ("Johannesburg, South Africa", -26.20, 28.04, "africa"),
    "lax": ("Los Angeles, California (US)", 33.94, -118.41, "north_america"),
    "lhr": ("London, United Kingdom", 51.52, -0.06, "europe"),
    "nrt": ("Tokyo, Japan", 35.62, 139.75, "asia_pacific"),
    "ord": ("Chicago, Illinois (US)", 41.89, -87.64, "north_america"),
    "sin": ("Singapore, Singapore", 1.30, 103.99, "asia_pacific"),
    "sjc": ("San Jose, California (US)", 37.35, -121.96, "north_america"),
    "syd": ("Sydney, Australia", -33.87, 151.21, "oceania"),
    "yyz": ("Toronto, Canada", 43.64, -79.42, "north_america"),
}


def capacity(store: Store, code: str) -> int:
    """How many more machines fit into a region; set by the document (`fly/region`, code) {"capacity": n}."""
    document = store.get(KIND, code)
    return PLENTY if document is None else int(document["capacity"])


def listed(store: Store) -> list[dict[str, Any]]:
    """All regions in the shape of `GET /v1/platform/regions`."""
    return [
        {
            "code": code,
            "name": name,
            "latitude": latitude,
            "longitude": longitude,
            "gateway_available": True,
            "requires_paid_plan": False,
            "deprecated": False,
            "geo_region": geo_region,
            "capacity": capacity(store, code),
        }
        for code, (name, latitude, longitude, geo_region) in REGIONS.items()
    ]


def checked(store: Store, code: str) -> str:
    """The code itself; raises `RefusedError` for an unknown region and for one that is full."""
    if code not in REGIONS:
        raise RefusedError(f"invalid region '{code}': must be one of {', '.join(REGIONS)}")
    if capacity(store, code) <= 0:
        raise NoCapacityError(f"insufficient resources available to fulfill request: no capacity left in region {code}")
    return code


def taken(store: Store, code: str, machines: int) -> None:
    """Count machines placed into (or, negative, gone from) a region whose capacity is limited."""
    document = store.get(KIND, code)
    if document is not None:
        store.put(KIND, code, {**document, "capacity": int(document["capacity"]) - machines})
