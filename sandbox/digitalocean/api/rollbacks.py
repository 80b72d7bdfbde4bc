"""Rollbacks of an app: validate, roll back, commit, revert.

A rollback is a new deployment of an old one's spec. The app stays pinned to it until it is committed or reverted,
unless `skip_pin` commits it at once. Assumed: the app's own spec changes with the commit; until then it is the latest
spec before the rollback, which a revert deploys again.
"""

from __future__ import annotations

from typing import Any, Final

from sandbox.deployment_history import GOOD
from sandbox.deployments import KIND
from sandbox.digitalocean.api.deployments import begun, require, require_app
from sandbox.errors import CloudError
from sandbox.store import Document
from sandbox.vendor_api import Call

REVISIONS: Final = 10
"""How many successful deployments back a rollback goes. The API tells only that a tier has a limit; 10 is assumed."""


def validate(call: Call) -> Any:
    """POST /v2/apps/{app}/rollback/validate {deployment_id, skip_pin}."""
    error = _error(call)
    warnings = _warnings(_wanted(call)["spec"])
    return {
        "valid": error is None,
        **({"error": error} if error else {}),
        **({"warnings": warnings} if warnings else {}),
    }


def roll_back(call: Call) -> Any:
    """POST /v2/apps/{app}/rollback {deployment_id, skip_pin}."""
    error = _error(call)
    if error:
        raise CloudError(400, f"rollback is not possible: {error['code']}: {error['message']}")
    id_, target = call.body["deployment_id"], _wanted(call)
    told = begun(call, target["spec"], "rollback", "ROLLBACK_APP", cloned_from=id_, build=_needs_build(target["spec"]))
    if call.body.get("skip_pin"):
        _take_over(call, target["spec"])
    else:
        call.deployments.history.pin(call.path["app"], told["deployment"]["id"])
    return told


def commit(call: Call) -> Any:
    """POST /v2/apps/{app}/rollback/commit: the rollback stays, and the app takes deployments again."""
    spec = require(call, _pinned(call))["spec"]
    call.deployments.history.unpin(call.path["app"])
    _take_over(call, spec)


def revert(call: Call) -> Any:
    """POST /v2/apps/{app}/rollback/revert: deploys the spec from before the rollback."""
    _pinned(call)
    call.deployments.history.unpin(call.path["app"])
    return begun(call, require_app(call)["spec"], "rollback reverted", "REVERT_APP_ROLLBACK", build=False)


def _pinned(call: Call) -> str:
    require_app(call)
    pinned = call.deployments.history.pinned(call.path["app"])
    if not pinned:
        raise CloudError(409, "the app is not pinned: there is no rollback to commit or revert")
    return pinned


def _wanted(call: Call) -> Document:
    return require(call, str(call.body.get("deployment_id") or ""))


def _error(call: Call) -> dict[str, Any] | None:
    """The first condition that forbids the rollback, by the API's codes."""
    app, target, history = require_app(call), _wanted(call), call.deployments.history
    now, then = app["spec"], target["spec"]
    good = [id_ for id_, found in history.of_app(call.path["app"]) if found["phase"] in GOOD]
    if history.pinned(call.path["app"]):
        return _condition("app_pinned", "a rollback is in progress and the app is pinned")
    if target["phase"] in ("ERROR", "CANCELED"):
        return _condition("incompatible_result", 'deployment result "failed" is unsuitable for rollback')
    if target["phase"] not in GOOD:
        return _condition("incompatible_phase", f'deployment phase "{target["phase"]}" is unsuitable for rollback')
    if call.body["deployment_id"] not in good[-REVISIONS - 1 :]:
        message = f"the deployment is past the maximum historical revision limit of {REVISIONS}"
        return _condition("exceeded_revision_limit", message)
    if (now.get("databases") or []) != (then.get("databases") or []):
        names = sorted({entry["name"] for spec in (now, then) for entry in spec.get("databases") or []})
        return _condition(
            "database_config_conflict", "the deployment's databases differ from those of the app", components=names
        )
    if now.get("region") != then.get("region"):
        message = f"the deployment's region {then.get('region')} differs from the app's, {now.get('region')}"
        return _condition("region_conflict", message)
    return None


def _warnings(spec: Document) -> list[dict[str, Any]]:
    found = []
    sites = [site["name"] for site in spec.get("staticSites") or []]
    if sites:
        found.append(_condition("static_site_requires_rebuild", "static sites are built again", components=sites))
    loose = [
        part["name"]
        for kind in ("services", "workers", "jobs")
        for part in spec.get(kind) or []
        if part.get("image") and not part["image"].get("digest")
    ]
    if loose:
        message = "one or more components are missing an image digest and are not guaranteed to be the old version"
        found.append(_condition("image_source_missing_digest", message, components=loose))
    return found


def _condition(code: str, message: str, *, components: list[str] | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, **({"components": components} if components else {})}


def _needs_build(spec: Document) -> bool:
    return bool(spec.get("staticSites"))


def _take_over(call: Call, spec: Document) -> None:
    call.store.put(KIND, call.path["app"], {**require_app(call), "spec": spec})
