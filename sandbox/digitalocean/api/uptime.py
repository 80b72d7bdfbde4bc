"""Uptime checks: list, get, their state and their alerts. A check is up while the app behind its host is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.deployments import KIND as APP
from sandbox.digitalocean.api.pages import page
from sandbox.errors import CloudError
from sandbox.spelling import snake_case
from sandbox.store import Document
from sandbox.vendor_api import Call

KIND = "digitalocean/uptimeCheck"
ALERT = "digitalocean/uptimeAlert"


def listed(call: Call) -> Any:
    """GET /v2/uptime/checks."""
    return page(call, "checks", [_as_api(id_, check) for id_, check in call.store.all(KIND)])


def show(call: Call) -> Any:
    """GET /v2/uptime/checks/{check}."""
    return {"check": _as_api(call.path["check"], _require(call))}


def state(call: Call) -> Any:
    """GET /v2/uptime/checks/{check}/state."""
    check = _require(call)
    up = _is_up(call, urlsplit(str(check["target"])).hostname or str(check["target"]))
    told = {"status": "UP" if up else "DOWN", "thirty_day_uptime_percentage": 100 if up else 99.9}
    return {"state": {"regions": dict.fromkeys(check.get("regions") or [], told)}}


def alerts(call: Call) -> Any:
    """GET /v2/uptime/checks/{check}/alerts."""
    _require(call)
    found = call.store.find(ALERT, checkId=call.path["check"])
    hidden = ("checkId",)
    return page(
        call,
        "alerts",
        [{"id": id_, **{snake_case(key): alert[key] for key in alert if key not in hidden}} for id_, alert in found],
    )


def _as_api(id_: str, check: Document) -> dict[str, Any]:
    return {"id": id_, **{key: check.get(key) for key in ("name", "type", "target", "regions", "enabled")}}


def _require(call: Call) -> Document:
    check = call.store.get(KIND, call.path["check"])
    if check is None:
        raise CloudError(404, "check not found")
    return check


def _is_up(call: Call, host: str) -> bool:
    """Whether an instance of the app with this host answers healthily. A host of no app counts as up."""
    for id_, app in call.store.all(APP):
        names = [domain["name"] for domain in app["spec"].get("domainNames") or []]
        if host in (app["liveDomain"], str(app["defaultIngress"]).removeprefix("https://"), *names):
            return any(call.instances.healthy(instance) for instance in call.deployments.running(id_))
    return True
