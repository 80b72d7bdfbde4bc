"""Public and private addresses of apps."""

from __future__ import annotations

from typing import Any

from sandbox.fly import identity, regions
from sandbox.fly.call import Call, Json, find_app
from sandbox.fly.errors import NotFoundError, RefusedError
from sandbox.store import Document, Store

KIND = "fly/address"
TYPES = ("v4", "v6", "shared_v4", "private_v6")


def listed(call: Call) -> Json:
    """GET /v1/apps/{app}/ip_assignments → {ips}."""
    call.app()
    return {"ips": [as_machines(address) for address in _of(call.store, call.app_name)]}


def create(call: Call) -> Json:
    """POST /v1/apps/{app}/ip_assignments {type, region, network, …} → the address."""
    call.app()
    return as_machines(_allocate(call.store, call.app_name, call.body))


def release(call: Call) -> Json:
    """DELETE /v1/apps/{app}/ip_assignments/{ip}."""
    call.app()
    _release(call.store, call.app_name, call.path["ip"])
    return None


def allocate_by_graphql(call: Call, variables: dict[str, Any]) -> Json:
    """Mutation allocateIpAddress(input: {appId, type, region}) → {ipAddress, app}."""
    request = variables["input"]
    app = find_app(call.store, request["appId"])["name"]
    address = _allocate(call.store, app, request)
    shown = None if address["type"] == "shared_v4" else _node(address)
    return {"ipAddress": shown, "app": {"id": app, "name": app, **as_graphql(call.store, app)}}


def release_by_graphql(call: Call, variables: dict[str, Any]) -> Json:
    """Mutation releaseIpAddress(input: {appId, ip})."""
    request = variables["input"]
    app = find_app(call.store, request["appId"])["name"]
    _release(call.store, app, request["ip"])
    return {"clientMutationId": None, "app": {"id": app, "name": app}}


def delete_all(store: Store, app: str) -> None:
    """Give back the addresses of a destroyed app."""
    for id_, _ in store.find(KIND, app=app):
        store.delete(KIND, id_)


def _of(store: Store, app: str) -> list[Document]:
    return [address for _, address in store.find(KIND, app=app)]


def _allocate(store: Store, app: str, request: dict[str, Any]) -> Document:
    type_ = request.get("type", "")
    if type_ not in TYPES:
        raise RefusedError(f"invalid address type '{type_}': must be one of {', '.join(TYPES)}")
    region = request.get("region") or ""
    if region not in ("", "global") and region not in regions.REGIONS:
        raise RefusedError(f"invalid region '{region}': must be one of {', '.join(regions.REGIONS)}")
    for address in _of(store, app):
        if type_ == "shared_v4" == address["type"]:
            return address
    number = store.next_number(KIND)
    document: Document = {
        "app": app,
        "id": f"ip_{identity.digest('address', number)[:16]}",
        "type": type_,
        "address": _address(app, type_, number),
        "region": region or ("" if type_ in ("shared_v4", "private_v6") else "global"),
        "service_name": request.get("service_name") or "",
        "network": request.get("network") or "",
        "created_at": identity.now(),
    }
    store.put(KIND, f"{app}/{document['address']}", document)
    return document


def _address(app: str, type_: str, number: int) -> str:
    text = identity.digest("address", app, number)
    low, high = number % 250 + 1, number // 250
    # Documentation ranges (RFC 5737, RFC 3849): an emulated address must not be anybody's.
    return {
        "v4": f"203.0.113.{low}" if not high else f"198.51.100.{low}",
        "shared_v4": f"192.0.2.{int(text[:2], 16) % 250 + 1}",
        "v6": f"2001:db8:1::{text[0:4].lstrip('0') or '1'}:{number:x}",
        "private_v6": f"fdaa:0:{text[0:4]}:0:1::{number:x}",
    }[type_]


def _release(store: Store, app: str, ip: str) -> None:
    if not store.delete(KIND, f"{app}/{ip}"):
        raise NotFoundError(f"Could not find IP address {ip} of app {app}")


def as_machines(address: Document) -> dict[str, Any]:
    """The shape of the Machines API."""
    return {
        "ip": address["address"],
        "region": address["region"],
        "service_name": address["service_name"],
        "shared": address["type"] == "shared_v4",
        "created_at": address["created_at"],
    }


def as_graphql(store: Store, app: str) -> dict[str, Any]:
    """The address fields of GraphQL's `App`; the shared one is not among the nodes."""
    addresses = _of(store, app)
    shared = [address["address"] for address in addresses if address["type"] == "shared_v4"]
    return {
        "ipAddresses": {"nodes": [_node(address) for address in addresses if address["type"] != "shared_v4"]},
        "sharedIpAddress": shared[0] if shared else None,
        "egressIpAddresses": {"nodes": []},
    }


def _node(address: Document) -> dict[str, Any]:
    return {
        "id": address["id"],
        "address": address["address"],
        "type": address["type"],
        "region": address["region"],
        "serviceName": address["service_name"],
        "network": {"name": address["network"], "organization": None} if address["network"] else None,
        "createdAt": address["created_at"],
    }
