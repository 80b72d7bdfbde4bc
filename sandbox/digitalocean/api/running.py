"""What runs of an app: its instances, their health, its alerts and its logs."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import PlainTextResponse, StreamingResponse

from sandbox.deployments import KIND
from sandbox.digitalocean.api.deployments import require, require_app
from sandbox.digitalocean.app import components
from sandbox.errors import CloudError
from sandbox.store import Document
from sandbox.vendor_api import Call

_LOG_TYPES: Final = ("BUILD", "DEPLOY", "RUN", "RUN_RESTARTED", "AUTOSCALE_EVENT")
_CPU_PERCENT: Final = 12.5


def instances(call: Call) -> Any:
    """GET /v2/apps/{app}/instances: those of services, which alone run here."""
    app = require_app(call)
    return {
        "instances": [
            {
                "component_name": name,
                "component_type": "SERVICE",
                "instance_name": id_,
                "instance_alias": id_.removeprefix(f"{app['spec']['name']}-"),
            }
            for name, ids in _by_component(call, app).items()
            for id_ in ids
        ]
    }


def health(call: Call) -> Any:
    """GET /v2/apps/{app}/health."""
    app = require_app(call)
    told = []
    for name, ids in _by_component(call, app).items():
        ready = sum(call.instances.healthy(id_) for id_ in ids)
        told.append(
            {
                "name": name,
                "cpu_usage_percent": _CPU_PERCENT if ids else 0,
                "memory_usage_percent": max((_memory_percent(call, id_) for id_ in ids), default=0),
                "replicas_desired": len(ids),
                "replicas_ready": ready,
                "state": "HEALTHY" if ready == len(ids) else "UNHEALTHY",
            }
        )
    return {"app_health": {"components": told}}


def _memory_percent(call: Call, instance: str) -> int:
    """What the instance's own health answer says."""
    behaviour = call.instances.behaviour(instance)
    return behaviour.memory_percent if behaviour else 0


def _by_component(call: Call, app: Document) -> dict[str, list[str]]:
    running = call.deployments.running(call.path["app"])
    found: dict[str, list[str]] = {service["name"]: [] for service in app["spec"].get("services") or []}
    for name, ids in found.items():
        prefix = f"{app['spec']['name']}-{name}-"
        ids += [id_ for id_ in running if id_.startswith(prefix) and id_.removeprefix(prefix).isdigit()]
    return found


def alerts(call: Call) -> Any:
    """GET /v2/apps/{app}/alerts: those of the spec, with who is told."""
    return {"alerts": [_alert(call, name, alert) for name, alert in _alerts(require_app(call))]}


def assign(call: Call) -> Any:
    """POST /v2/apps/{app}/alerts/{alert}/destinations {emails, slack_webhooks}."""
    app = require_app(call)
    for name, alert in _alerts(app):
        if _alert_id(call, name, alert) == call.path["alert"]:
            alert["destinations"] = {
                "emails": call.body.get("emails") or [],
                "slackWebhooks": call.body.get("slack_webhooks") or [],
            }
            call.store.put(KIND, call.path["app"], app)
            return {"alert": _alert(call, name, alert)}
    raise CloudError(404, "alert not found")


def _alerts(app: Document) -> list[tuple[str, Document]]:
    spec = app["spec"]
    of_components = [(part["name"], alert) for _, part in components(spec) for alert in part.get("alerts") or []]
    return [*(("", alert) for alert in spec.get("alerts") or []), *of_components]


def _alert(call: Call, component: str, alert: Document) -> dict[str, Any]:
    destinations = alert.get("destinations") or {}
    told = {
        "id": _alert_id(call, component, alert),
        "spec": {key: value for key, value in alert.items() if key != "destinations"},
        "emails": destinations.get("emails") or [],
        "slack_webhooks": destinations.get("slackWebhooks") or [],
        "phase": "ACTIVE",
    }
    return {**told, "component_name": component} if component else told


def _alert_id(call: Call, component: str, alert: Document) -> str:
    return call.cloud.vault.digest("alert", call.path["app"], component, str(alert.get("rule")))[:32]


def logs(call: Call) -> Any:
    """GET …/logs?type&follow&tail_lines, of the app, a component or a deployment: where the lines are to be had.

    As at the real platform the lines are behind addresses that work without a token.
    """
    require_app(call)
    if "deployment" in call.path:
        require(call, call.path["deployment"])
    if call.query.get("type", "RUN") not in _LOG_TYPES:
        raise CloudError(400, f"type must be one of {', '.join(_LOG_TYPES)}")
    component, lines = call.path.get("component", ""), call.query.get("tail_lines", "")
    place = f"{call.base}/logs/{_ticket(call)}/{call.path['app']}"
    query = f"?component={component}&tail={lines if lines.isdigit() else 0}&type={call.query.get('type', 'RUN')}"
    return {"live_url": f"{place}/live{query}", "historic_urls": [f"{place}/archive{query}"]}


def archived(call: Call) -> Any:
    """GET /logs/{ticket}/{app}/archive: the lines there are."""
    _check_ticket(call)
    found = call.deployments.logs.read(call.path["app"], call.query.get("component", ""))
    return PlainTextResponse("".join(f"{line.text}\n" for line in found[-int(call.query.get("tail") or 0) :]))


def live(call: Call) -> Any:
    """GET /logs/{ticket}/{app}/live: the lines there are and each new one, until the caller hangs up."""
    _check_ticket(call)
    lines = call.deployments.logs.follow(
        call.path["app"], call.query.get("component", ""), tail=int(call.query.get("tail") or 0)
    )
    return StreamingResponse(lines, media_type="text/plain")


def _ticket(call: Call) -> str:
    return call.cloud.vault.digest("logs", call.path["app"])[:32]


def _check_ticket(call: Call) -> None:
    if call.path["ticket"] != _ticket(call):
        raise CloudError(404, "no such log")
