"""Apps: list, get, change the spec, and have a spec checked without changing anything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sandbox.check import check, rule_problems
from sandbox.deployment_history import ENDED
from sandbox.deployments import KIND
from sandbox.digitalocean.api.app_spec import from_api, to_api
from sandbox.digitalocean.api.deployments import as_api as deployment_as_api
from sandbox.digitalocean.api.deployments import begun, require_app
from sandbox.digitalocean.api.pages import page
from sandbox.digitalocean.api.places import region
from sandbox.digitalocean.app import APP
from sandbox.errors import CloudError
from sandbox.store import Document
from sandbox.vendor_api import Call

_CERTIFICATE_DAYS: Final = 90
_RENEWED_BEFORE_DAYS: Final = 30


def listed(call: Call) -> Any:
    """GET /v2/apps."""
    return page(call, "apps", [as_api(call, id_, app) for id_, app in call.store.all(KIND)])


def show(call: Call) -> Any:
    """GET /v2/apps/{app}."""
    return {"app": as_api(call, call.path["app"], require_app(call))}


def update(call: Call) -> Any:
    """PUT /v2/apps/{app} {spec, update_all_source_versions}: the whole spec anew, and a deployment of it."""
    require_app(call)
    spec = _checked(call)
    document = call.cloud.write(APP, call.path["app"], {"spec": spec})
    begun(call, document["spec"], "app spec updated", "UPDATE_SPEC")
    return show(call)


def propose(call: Call) -> Any:
    """POST /v2/apps/propose {spec, app_id}: what would be made of a spec."""
    spec = _checked(call)
    taken = [id_ for id_, app in call.store.all(KIND) if app["spec"]["name"] == spec.get("name")]
    return {"app_name_available": not set(taken) - {call.body.get("app_id")}, "spec": to_api(spec)}


def as_api(call: Call, id_: str, app: Document) -> dict[str, Any]:
    """The API's JSON of an app."""
    history = call.deployments.history
    found = {key: deployment_as_api(key, deployment) for key, deployment in history.of_app(id_)}
    newest = [told for key, told in found.items() if told["phase"] not in ENDED]
    told: dict[str, Any] = {
        "id": id_,
        "owner_uuid": call.cloud.vault.digest("account")[:32],
        "spec": to_api(app["spec"]),
        "default_ingress": app["defaultIngress"],
        "live_url": app["liveUrl"],
        "live_url_base": app["liveUrl"],
        "live_domain": app["liveDomain"],
        "created_at": _rfc3339(app["createdAt"]),
        "updated_at": _rfc3339(app["updatedAt"]),
        "region": region(app["spec"].get("region", "")),
        "tier_slug": "basic",
        "domains": [_domain(call, app, domain) for domain in app["spec"].get("domainNames") or []],
        "project_id": app.get("projectId", ""),
        "dedicated_ips": app.get("dedicatedIps") or [],
    }
    active, pinned = history.active(id_), history.pinned(id_)
    if active:
        told["active_deployment"] = found[active]
        told["last_deployment_active_at"] = found[active]["phase_last_updated_at"]
    if newest:
        waiting = newest[0]["phase"] == "PENDING_BUILD"
        told["pending_deployment" if waiting else "in_progress_deployment"] = newest[0]
    if pinned in found:
        told["pinned_deployment"] = found[pinned]
    if found:
        told["last_deployment_created_at"] = list(found.values())[-1]["created_at"]
    return told


def _checked(call: Call) -> Document:
    """The spec of the request, as it is stored. Raises CloudError when it is none."""
    if not isinstance(call.body.get("spec"), dict):
        raise CloudError(400, "spec is required")
    spec = from_api(call.body["spec"])
    problems = check(APP, {"spec": spec}) or rule_problems(APP.limits, {"spec": spec})
    if problems:
        raise CloudError(400, f"error validating app spec: {'; '.join(f'{path}: {why}' for path, why in problems)}")
    return spec


def _domain(call: Call, app: Document, domain: Document) -> dict[str, Any]:
    """A domain works once DNS points at the app: directly, or through a zone that DigitalOcean holds."""
    told = {
        "id": call.cloud.vault.digest("domain", domain["name"])[:32],
        "spec": to_api({"domainNames": [domain]})["domains"][0],
        "rotate_validation_records": False,
    }
    if domain.get("zone") or _points_at(call, domain["name"], app):
        return {**told, "phase": "ACTIVE", "certificate_expires_at": app.get("certificateExpiresAt") or _expiry(app)}
    reason = {"code": "CNAMEMismatch", "message": f"{domain['name']} does not point to {_host(app)}"}
    return {
        **told,
        "phase": "CONFIGURING",
        "progress": {"steps": [{"name": "verify-cname", "status": "RUNNING", "reason": reason}]},
    }


def _points_at(call: Call, name: str, app: Document) -> bool:
    return any(
        record["name"] == name and record["type"] == "CNAME" and str(record.get("content")).rstrip(".") == _host(app)
        for _, record in call.store.all("cloudflare/dnsRecord")
    )


def _host(app: Document) -> str:
    return str(app["defaultIngress"]).removeprefix("https://")


def _expiry(app: Document) -> str:
    """Certificates run 90 days and are renewed a month before their end."""
    made = datetime.fromisoformat(_rfc3339(app["createdAt"]))
    lived = (datetime.now(UTC) - made) % timedelta(days=_CERTIFICATE_DAYS - _RENEWED_BEFORE_DAYS)
    return (datetime.now(UTC) - lived + timedelta(days=_CERTIFICATE_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rfc3339(time: str) -> str:
    return time.replace(" +0000 UTC", "Z").replace(" ", "T")
