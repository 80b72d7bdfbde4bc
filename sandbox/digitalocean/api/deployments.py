"""Deployments of an app: list, get, start, cancel; and the restart, which is a deployment of what was built before.

Assumed: while an app is pinned, whatever would make a deployment is refused with 409.
"""

from __future__ import annotations

from typing import Any, Final

from sandbox.deployment_history import ENDED
from sandbox.deployments import KIND
from sandbox.digitalocean.api.app_spec import to_api
from sandbox.digitalocean.api.pages import page
from sandbox.errors import CloudError
from sandbox.store import Document
from sandbox.vendor_api import Call

_STEPS: Final = ("PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING")
_CAUSES: Final = {"ROLLBACK_APP": "MANUAL_ROLLBACK", "REVERT_APP_ROLLBACK": "MANUAL_ROLLBACK"}


def require_app(call: Call) -> Document:
    """The stored app in the path. Raises CloudError when there is none."""
    app = call.store.get(KIND, call.path["app"])
    if app is None:
        raise CloudError(404, "app not found")
    return app


def refuse_pinned(call: Call) -> None:
    """Raises CloudError for an app that a rollback pinned."""
    if call.deployments.history.pinned(call.path["app"]):
        raise CloudError(409, "the app is pinned to a rollback; commit or revert it before another deployment")


def listed(call: Call) -> Any:
    """GET /v2/apps/{app}/deployments, newest first."""
    require_app(call)
    found = reversed(call.deployments.history.of_app(call.path["app"]))
    return page(call, "deployments", [as_api(id_, document) for id_, document in found])


def show(call: Call) -> Any:
    """GET /v2/apps/{app}/deployments/{deployment}."""
    return {"deployment": as_api(call.path["deployment"], require(call, call.path["deployment"]))}


def create(call: Call) -> Any:
    """POST /v2/apps/{app}/deployments {force_build}."""
    app = require_app(call)
    refuse_pinned(call)
    forced = bool(call.body.get("force_build"))
    return begun(call, app["spec"], "manual", "CREATE_DEPLOYMENT", build=forced or _is_built(app["spec"]))


def cancel(call: Call) -> Any:
    """POST /v2/apps/{app}/deployments/{deployment}/cancel."""
    id_ = call.path["deployment"]
    if require(call, id_)["phase"] in ENDED:
        raise CloudError(409, "the deployment has ended already and cannot be canceled")
    call.deployments.cancel(call.path["app"], id_)
    return {"deployment": as_api(id_, require(call, id_))}


def restart(call: Call) -> Any:
    """POST /v2/apps/{app}/restart {components}: a rolling restart of all components or of some."""
    app = require_app(call)
    refuse_pinned(call)
    names = [part["name"] for kind in ("services", "workers") for part in app["spec"].get(kind) or []]
    unknown = sorted(set(call.body.get("components") or []) - set(names))
    if unknown:
        raise CloudError(400, f"component {unknown[0]!r} is no service or worker of this app")
    return begun(call, app["spec"], "app restarted", "RESTART", build=False)


def begun(
    call: Call, spec: Document, cause: str, action: str, *, cloned_from: str = "", build: bool = True
) -> dict[str, Any]:
    """Start a deployment and give the API's answer about it."""
    deployments = call.deployments
    id_ = deployments.begin(call.path["app"], spec, cause=cause, action=action, cloned_from=cloned_from, build=build)
    return {"deployment": as_api(id_, require(call, id_))}


def require(call: Call, id_: str) -> Document:
    """The stored deployment of the app in the path. Raises CloudError when there is none."""
    require_app(call)
    found = call.deployments.history.get(call.path["app"], id_)
    if found is None:
        raise CloudError(404, "deployment not found")
    return found


def as_api(id_: str, document: Document) -> dict[str, Any]:
    """The API's JSON of a deployment."""
    action = document.get("action", "UPDATE_SPEC")
    told = {
        "id": id_,
        "spec": to_api(document["spec"]),
        "services": [{"name": service["name"]} for service in document["spec"].get("services") or []],
        "cause": document.get("cause", ""),
        "cause_details": {
            "type": _CAUSES.get(action, "MANUAL"),
            "digitalocean_user_action": {"name": action, "email": "sandbox@example.invalid"},
        },
        "phase": document["phase"],
        "phase_last_updated_at": document.get("phaseAt", ""),
        "created_at": document.get("createdAt", ""),
        "updated_at": document.get("phaseAt", ""),
        "progress": _progress(document),
        "tier_slug": "basic",
    }
    for key, name in (("clonedFrom", "cloned_from"), ("previous", "previous_deployment_id")):
        if document.get(key):
            told[name] = document[key]
    return told


def _progress(document: Document) -> dict[str, Any]:
    phase = document["phase"]
    done = _STEPS.index(phase) if phase in _STEPS else len(_STEPS)
    failed = int(phase in ("ERROR", "CANCELED"))
    steps: list[dict[str, Any]] = [
        {"name": "build", "status": "SUCCESS" if done > 1 else "RUNNING"},
        {"name": "deploy", "status": "SUCCESS" if done == len(_STEPS) else "PENDING"},
    ]
    if failed:
        steps[-1] = {
            "name": "deploy",
            "status": "ERROR",
            "reason": {"code": "DeployFailed", "message": document.get("reason", "")},
        }
    return {
        "pending_steps": len(_STEPS) - done,
        "success_steps": done - failed,
        "error_steps": failed,
        "total_steps": len(_STEPS),
        "steps": steps,
    }


def _is_built(spec: Document) -> bool:
    """Whether some component comes from source, not from an image."""
    return any(not part.get("image") for kind in ("services", "workers") for part in spec.get(kind) or [])
