"""Releases: what was deployed when, with which image, and how it ended."""

from __future__ import annotations

from typing import Any

from sandbox.fly import identity, images, organizations
from sandbox.fly.call import Call, Json, find_app
from sandbox.fly.errors import NotFoundError, RefusedError
from sandbox.store import Document, Store

KIND = "fly/release"
STATUSES = ("pending", "running", "complete", "failed", "interrupted")


def create(call: Call) -> Json:
    """POST /api/v1/releases {app_name, image, strategy, definition} → {release}, numbered on."""
    app = find_app(call.store, call.body.get("app_name", ""))
    image = images.resolve(call.store, call.body.get("image", ""))
    previous = latest(call.store, app["name"])
    id_ = identity.release_id(call.store.next_number(KIND))
    document: Document = {
        "id": id_,
        "app": app["name"],
        "version": previous["version"] + 1 if previous else 1,
        "status": "pending",
        "strategy": call.body.get("strategy") or "ROLLING",
        "image_ref": image.reference,
        "definition": call.body.get("definition") or {},
        "created_at": identity.now(),
    }
    call.store.put(KIND, id_, document)
    return {"release": as_uiex(document)}


def update(call: Call) -> Json:
    """PATCH /api/v1/releases/{release} {status} → the release."""
    document = call.store.get(KIND, call.path["release"])
    if document is None:
        raise NotFoundError("release not found")
    status = call.body.get("status")
    if status not in STATUSES:
        raise RefusedError(f"invalid status '{status}': must be one of {', '.join(STATUSES)}")
    document["status"] = status
    call.store.put(KIND, document["id"], document)
    return as_uiex(document)


def listed(call: Call) -> Json:
    """GET /api/v1/apps/{app}/releases?limit=… → {releases}, newest first."""
    app = call.app()
    limit = int(call.query.get("limit", "25"))
    return {"releases": [as_uiex(document) for document in newest_first(call.store, app["name"])[:limit]]}


def current(call: Call) -> Json:
    """GET /api/v1/apps/{app}/releases/current; raises `NotFoundError` before the first release."""
    document = latest(call.store, call.app()["name"])
    if document is None:
        raise NotFoundError("no current release")
    return as_uiex(document)


def all_current(call: Call) -> Json:
    """GET /api/v1/releases/all_current → {app name: time of its last release}."""
    times: dict[str, Any] = {}
    for _, document in call.store.all(KIND):
        times[document["app"]] = document["created_at"]
    return times


def newest_first(store: Store, app: str) -> list[Document]:
    """The releases of an app."""
    return sorted((entry for _, entry in store.find(KIND, app=app)), key=lambda entry: -int(entry["version"]))


def latest(store: Store, app: str) -> Document | None:
    """The last release of an app, whatever became of it."""
    return next(iter(newest_first(store, app)), None)


def delete_all(store: Store, app: str) -> None:
    """Forget the releases of a destroyed app."""
    for id_, _ in store.find(KIND, app=app):
        store.delete(KIND, id_)


def as_uiex(document: Document) -> dict[str, Any]:
    """The shape of UIEX."""
    return {
        "id": document["id"],
        "version": document["version"],
        "stable": document["status"] == "complete",
        "in_progress": document["status"] in ("pending", "running"),
        "status": document["status"],
        "strategy": document["strategy"],
        "user": organizations.EMAIL,
        "created_at": document["created_at"],
        "image_ref": document["image_ref"],
    }


def as_graphql(document: Document) -> dict[str, Any]:
    """The shape of GraphQL's `Release`."""
    return {
        "__typename": "Release",
        "id": document["id"],
        "evaluationId": document["id"],
        "version": document["version"],
        "stable": document["status"] == "complete",
        "inProgress": document["status"] in ("pending", "running"),
        "status": document["status"],
        "reason": "",
        "description": "Release",
        "deploymentStrategy": document["strategy"],
        "imageRef": document["image_ref"],
        "createdAt": document["created_at"],
        "user": {"id": organizations.EMAIL, "email": organizations.EMAIL, "name": organizations.EMAIL},
    }
