"""Finds what a create that was cut off has made after all: by inputs in the emulated clouds, by name in real ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ops.clouds.cloudflare import Cloudflare
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import NotThere
from ops.engine import Finder
from ops.errors import OperationError
from ops.exit_code import ExitCode
from sandbox.client import Client


def emulated(client: Client) -> Finder:
    """Looks into the emulated clouds, where everything can be listed."""

    def find(resource: Mapping[str, Any], known: Collection[object]) -> str:
        return _made(client, resource, known)

    return find


def live(environment: Mapping[str, str]) -> Finder:
    """Looks into the accounts of the tokens in the environment, for the kinds that have names of their own there."""

    def find(resource: Mapping[str, Any], known: Collection[object]) -> str:
        inputs: Mapping[str, Any] = resource.get("inputs") or {}
        match str(resource["type"]):
            case "digitalocean:index/app:App":
                return _app(DigitalOcean(environment), str(inputs.get("spec", {}).get("name")))
            case "digitalocean:index/uptimeCheck:UptimeCheck":
                checks = DigitalOcean(environment).uptime_checks()
                same = (check for check in checks if (check.name, check.target) == _two(inputs, "name", "target"))
                return next((check.id for check in same if check.id not in known), "")
            case "digitalocean:index/databaseCluster:DatabaseCluster":
                databases = DigitalOcean(environment).databases()
                return next((database.id for database in databases if database.name == inputs.get("name")), "")
            case "cloudflare:index/dnsRecord:DnsRecord":
                records = Cloudflare(environment).records(str(inputs["zoneId"]))
                alike = (record for record in records if (record.name, record.type) == _two(inputs, "name", "type"))
                return next((record.id for record in alike if record.content == inputs.get("content")), "")
            case kind:
                raise _cannot_tell(kind, str(resource["urn"]).rpartition("::")[2])

    return find


def _app(client: DigitalOcean, name: str) -> str:
    try:
        return client.app_named(name).id
    except NotThere:
        return ""


def _two(inputs: Mapping[str, Any], one: str, other: str) -> tuple[Any, Any]:
    return inputs.get(one), inputs.get(other)


def _cannot_tell(kind: str, name: str) -> OperationError:
    return OperationError(
        f"the create of {kind} {name} was cut off, and whether it was made cannot be asked for its kind. Look for it "
        "at the vendor: where it exists, delete it there; then forget the create with "
        "`pulumi refresh --clear-pending-creates` and run this again",
        ExitCode.REFUSED,
    )


def _made(client: Client, resource: Mapping[str, Any], known: Collection[object]) -> str:
    """The one that the state does not know and that has the plain inputs that were sent."""
    sent = {key: value for key, value in (resource.get("inputs") or {}).items() if isinstance(value, str | int | bool)}
    name = (resource.get("inputs") or {}).get("spec", {}).get("name")
    for entry in client.resources(_kind(str(resource["type"]))).popitem()[1]:
        properties = entry["properties"]
        same_name = name is None or properties.get("spec", {}).get("name") == name
        if entry["id"] not in known and same_name and all(properties.get(key) == value for key, value in sent.items()):
            return str(entry["id"]).rpartition("/")[2]
    return ""


def _kind(token: str) -> str:
    """`digitalocean:index/app:App` → `digitalocean/app`, as the emulated cloud files it."""
    package, module, _ = token.split(":")
    return f"{package}/{module.rpartition('/')[2]}"
