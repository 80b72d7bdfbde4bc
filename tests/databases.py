"""What DigitalOcean adds to managed databases, for the strict engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

NETWORK = "5a4981aa-9653-4bd1-bef5-d6bff52042e4"


def _cluster(name: str) -> dict[str, Any]:
    return {
        "host": f"{name}.db.example.com",
        "privateHost": f"private-{name}.db.example.com",
        "port": 25060,
        "user": "doadmin",
        "password": "planted/made by the cloud",
        "privateNetworkUuid": NETWORK,
    }


def _pool(name: str) -> dict[str, Any]:
    return {"host": f"{name}.db.example.com", "privateHost": f"private-{name}.db.example.com", "port": 25061}


COMPUTED: dict[str, Callable[[str], dict[str, Any]]] = {
    "digitalocean:index/databaseCluster:DatabaseCluster": _cluster,
    "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": _pool,
    **{
        f"digitalocean:index/{name[0].lower()}{name[1:]}:{name}": lambda _: {}
        for name in ("DatabaseDb", "DatabaseFirewall", "DatabasePostgresqlConfig", "DatabaseValkeyConfig")
    },
}
