"""Region slugs. App Platform names a city, every other product a data centre in it."""

from __future__ import annotations

from sandbox.resource import OneOf

APP_REGIONS = OneOf(
    ("ams", "atl", "blr", "fra", "lon", "nyc", "sfo", "sgp", "syd", "tor"),
    renamed={
        "ams3": "ams",
        "atl1": "atl",
        "blr1": "blr",
        "fra1": "fra",
        "lon1": "lon",
        "nyc1": "nyc",
        "nyc3": "nyc",
        "sfo3": "sfo",
        "sgp1": "sgp",
        "syd1": "syd",
        "tor1": "tor",
    },
)

_DATACENTERS = "ams2 ams3 atl1 blr1 fra1 lon1 nyc1 nyc2 nyc3 ric1 sfo1 sfo2 sfo3 sgp1 syd1 tor1"
DATACENTERS = OneOf(tuple(_DATACENTERS.split()), renamed={slug: f"{slug}1" for slug in ("fra", "lon", "sgp", "tor")})
