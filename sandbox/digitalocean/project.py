"""A project: a named group of an account's resources."""

from __future__ import annotations

from sandbox.errors import CloudError
from sandbox.resource import OneOf, Request, ResourceType

KIND = "digitalocean/project"


def default_project(request: Request) -> str:
    """The id of the account's default project, where resources go that name none."""
    for id_, project in request.store.all(KIND):
        if project.get("isDefault"):
            return id_
    raw = request.vault.digest("default project")
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:32]}"


def _refuse(request: Request) -> None:
    name = request.document["name"]
    if any(other["name"] == name for _, other in request.others()):
        raise CloudError(409, f"project name {name!r} is already in use; choose another")


def _fill(request: Request) -> None:
    project = request.document
    project.setdefault("resources", [])
    if request.old is None:
        project["createdAt"] = request.now
        project["ownerId"] = 1
        project["ownerUuid"] = default_project(request)
    project["updatedAt"] = request.now


PROJECT = ResourceType(
    pulumi_type="digitalocean:index/project:Project",
    title="Project",
    url="v2/projects",
    checks={"environment": OneOf(("Development", "Staging", "Production"))},
    refuse=_refuse,
    fill=_fill,
    sets=("resources",),
    defaults={"purpose": "Web Application"},
    computed=("resources",),
    autoname=True,
)
