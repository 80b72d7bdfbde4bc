"""The emulated resource types and functions of DigitalOcean, and how its provider words an API error."""

from __future__ import annotations

from sandbox.cloud import Cloud
from sandbox.digitalocean.app import APP
from sandbox.digitalocean.dns_record import DNS_RECORD
from sandbox.digitalocean.domain import DOMAIN
from sandbox.digitalocean.project import PROJECT
from sandbox.digitalocean.uptime_alert import UPTIME_ALERT
from sandbox.digitalocean.uptime_check import UPTIME_CHECK
from sandbox.errors import CloudError
from sandbox.resource import ResourceType
from sandbox.values import Properties

TYPES = (APP, DNS_RECORD, DOMAIN, PROJECT, UPTIME_ALERT, UPTIME_CHECK)

# godo's retrying client: the first try and four more (digitalocean provider, http_retry_max = 4).
ATTEMPTS = 5

_VERBS = {"create": ("creating", "POST"), "read": ("reading", "GET"), "update": ("updating", "PUT")}
_DELETE = ("deleting", "DELETE")


def say(type_: ResourceType, operation: str, id_: str, error: CloudError) -> str:
    """An API error in the words of the real provider."""
    doing, method = _VERBS.get(operation, _DELETE)
    url = f"https://api.digitalocean.com/{type_.url}{f'/{id_}' if id_ else ''}"
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
