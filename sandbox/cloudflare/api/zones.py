"""Zones: list, get, their DNS records and settings, and throwing away what is cached of them."""

from __future__ import annotations

from typing import Any, Final

from sandbox.cloudflare.api.lists import page
from sandbox.cloudflare.zone import KIND
from sandbox.errors import CloudError
from sandbox.spelling import renamed, snake_case
from sandbox.store import Document
from sandbox.vendor_api import Call

RECORD: Final = "cloudflare/dnsRecord"
SETTING: Final = "cloudflare/zoneSetting"
PURGE: Final = "sandbox/purge"
_FILTERS: Final = ("type", "name", "content")
_AT_ONCE: Final = {"files": 100, "prefixes": 30, "tags": 30, "hosts": 30}
"""The most entries of one request (Cloudflare API reference, zones/purge_cache, 2026-08)."""


def listed(call: Call) -> Any:
    """GET /zones?name&status."""
    zones = [
        {"id": id_, **renamed(zone, snake_case)}
        for id_, zone in call.store.all(KIND)
        if all(call.query.get(key, zone[key]) == zone[key] for key in ("name", "status"))
    ]
    return page(call, zones)


def show(call: Call) -> Any:
    """GET /zones/{zone}."""
    return {"result": {"id": call.path["zone"], **renamed(_require(call), snake_case)}}


def records(call: Call) -> Any:
    """GET /zones/{zone}/dns_records?type&name&content."""
    _require(call)
    found = [
        {"id": id_, **renamed(record, snake_case)}
        for id_, record in call.store.find(RECORD, zoneId=call.path["zone"])
        if all(call.query.get(key, record.get(key)) == record.get(key) for key in _FILTERS)
    ]
    return page(call, found)


def settings(call: Call) -> Any:
    """GET /zones/{zone}/settings: those that the program set."""
    _require(call)
    found = call.store.find(SETTING, zoneId=call.path["zone"])
    return {"result": [{"id": body["settingId"], "value": body.get("value"), "editable": True} for _, body in found]}


def purge(call: Call) -> Any:
    """POST /zones/{zone}/purge_cache {purge_everything | files | prefixes | tags | hosts}."""
    _require(call)
    asked = {key: value for key, value in call.body.items() if value}
    if len(asked) != 1 or not set(asked) <= {*_AT_ONCE, "purge_everything"}:
        message = "Request must contain one of 'purge_everything', 'files', 'tags', 'hosts' or 'prefixes'"
        raise CloudError(400, message, code=1012)
    (kind, entries), *_ = asked.items()
    if kind in _AT_ONCE and len(entries) > _AT_ONCE[kind]:
        raise CloudError(400, f"You can only purge up to {_AT_ONCE[kind]} {kind} at once", code=1094)
    number = call.store.next_number(PURGE)
    call.store.put(PURGE, str(number), {"zone": call.path["zone"], **asked})
    return {"result": {"id": call.path["zone"]}}


def _require(call: Call) -> Document:
    zone = call.store.get(KIND, call.path["zone"])
    if zone is None:
        raise CloudError(
            404, f"Could not route to /zones/{call.path['zone']}, perhaps your object identifier is invalid?", code=7003
        )
    return zone
