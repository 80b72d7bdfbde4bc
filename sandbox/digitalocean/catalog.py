"""The emulated resource types and functions of DigitalOcean, and how its provider words an API error."""

from __future__ import annotations

from sandbox.cloud import Cloud
from sandbox.digitalocean.app import APP
from sandbox.digitalocean.container_registry import CONTAINER_REGISTRY
from sandbox.digitalocean.database_cluster import DATABASE_CLUSTER
from sandbox.digitalocean.database_connection_pool import DATABASE_CONNECTION_POOL
from sandbox.digitalocean.database_db import DATABASE_DB
from sandbox.digitalocean.database_firewall import DATABASE_FIREWALL
from sandbox.digitalocean.database_postgresql_config import DATABASE_POSTGRESQL_CONFIG
from sandbox.digitalocean.database_user import DATABASE_USER
from sandbox.digitalocean.database_valkey_config import DATABASE_VALKEY_CONFIG
from sandbox.digitalocean.dns_record import DNS_RECORD
from sandbox.digitalocean.domain import DOMAIN
from sandbox.digitalocean.project import PROJECT
from sandbox.digitalocean.spaces_bucket import SPACES_BUCKET
from sandbox.digitalocean.uptime_alert import UPTIME_ALERT
from sandbox.digitalocean.uptime_check import UPTIME_CHECK
from sandbox.digitalocean.vpc import VPC
from sandbox.errors import CloudError
from sandbox.resource import ResourceType
from sandbox.values import Properties

TYPES = (
    APP,
    CONTAINER_REGISTRY,
    DATABASE_CLUSTER,
    DATABASE_CONNECTION_POOL,
    DATABASE_DB,
    DATABASE_FIREWALL,
    DATABASE_POSTGRESQL_CONFIG,
    DATABASE_USER,
    DATABASE_VALKEY_CONFIG,
    DNS_RECORD,
    DOMAIN,
    PROJECT,
    SPACES_BUCKET,
    UPTIME_ALERT,
    UPTIME_CHECK,
    VPC,
)

# godo's retrying client: the first try and four more (digitalocean provider, http_retry_max = 4).
ATTEMPTS = 5

_VERBS = {"create": ("creating", "POST"), "read": ("reading", "GET"), "update": ("updating", "PUT")}
_DELETE = ("deleting", "DELETE")


def say(type_: ResourceType, operation: str, id_: str, properties: Properties, error: CloudError) -> str:
    """An API error in the words of the real provider."""
    doing, method = _VERBS.get(operation, _DELETE)
    url = f"https://api.digitalocean.com/{type_.address(properties)}{f'/{id_}' if id_ else ''}"
    return f"Error {doing} {type_.title}: {method} {url}: {error.status} {error.message}"


def get_app(cloud: Cloud, arguments: Properties) -> Properties:
    """`digitalocean:index/getApp:getApp`: one app by `appId`."""
    app = cloud.store.get(APP.kind, str(arguments.get("appId")))
    if app is None:
        raise CloudError(404, f"app {arguments.get('appId')!r} was not found")
    return {**app, "id": arguments["appId"], "appId": arguments["appId"]}


def get_account(cloud: Cloud, arguments: Properties) -> Properties:
    """`digitalocean:index/getAccount:getAccount`: the emulated account."""
    return {
        "id": "sandbox",
        "uuid": cloud.vault.digest("account")[:32],
        "email": "sandbox@example.invalid",
        "emailVerified": True,
        "dropletLimit": 10,
        "floatingIpLimit": 3,
        "status": "active",
        "statusMessage": "",
    }


LOOKUPS = {
    "digitalocean:index/getApp:getApp": get_app,
    "digitalocean:index/getAccount:getAccount": get_account,
}
