"""What belongs to no app: regions, organisations, builds, and waiting."""

from __future__ import annotations

from sandbox.fly import organizations, regions
from sandbox.fly.apps import NO_BUILDER
from sandbox.fly.call import Call, Json
from sandbox.fly.errors import FlyError, NotFoundError, TooLateError

_LONGEST_WAIT_SECONDS = 60.0


def list_regions(call: Call) -> Json:
    """GET /v1/platform/regions → {Regions, Nearest}."""
    return {"Regions": regions.listed(call.store), "Nearest": "iad"}


def list_organizations(call: Call) -> Json:
    """GET /api/v1/organizations."""
    return {"organizations": [organizations.as_uiex(document) for document in organizations.members(call.store)]}


def show_organization(call: Call) -> Json:
    """GET /api/v1/organizations/{slug}."""
    return {"organization": organizations.as_uiex(organizations.find(call.store, call.path["slug"]))}


def create_build(_: Call) -> Json:
    """POST /api/v1/builds: flyctl announces each deployment here, also that of a ready image."""
    return {"id": 1, "status": "started", "wallclock_time_ms": 0}


def finish_build(_: Call) -> Json:
    """POST /api/v1/builds/finish."""
    return {"id": 1, "status": "completed", "wallclock_time_ms": 0}


def refuse_builder(_: Call) -> Json:
    """POST for a builder: there is none here, images come ready-made."""
    raise FlyError(NO_BUILDER)


async def wait(call: Call) -> Json:
    """GET …/wait?state&timeout&version&instance_id → {ok} as soon as the state is reached."""
    call.app()
    id_ = call.path["machine"]
    states = call.query_lists.get("state") or ["started"]
    known = call.store.get("fly/machine", id_)
    if (known is None or known["app"] != call.app_name) and "destroyed" not in states:
        raise NotFoundError(f"machine not found: {id_}")
    instance = call.query.get("instance_id") or call.query.get("version") or ""
    timeout = min(float(call.query.get("timeout") or _LONGEST_WAIT_SECONDS), _LONGEST_WAIT_SECONDS)
    if await call.runner.wait(call.app_name, id_, states, instance, timeout):
        return {"ok": True}
    state = (call.store.get("fly/machine", id_) or {"state": "destroyed"})["state"]
    raise TooLateError(
        f"deadline_exceeded: machine failed to reach desired state, currently {state}, wanted {', '.join(states)}"
    )
