"""Apps: created, shown, listed, and destroyed with all that belongs to them."""

from __future__ import annotations

import re
from typing import Any

from sandbox.fly import addresses, certificates, identity, organizations, releases, secrets, volumes
from sandbox.fly.call import APP_KIND, MACHINE_KIND, Call, Json, find_app
from sandbox.fly.errors import RefusedError
from sandbox.store import Document, Store

# Lower-case letters, digits and dashes, as the dashboard says it; 63 is the longest DNS label.
NO_BUILDER = "no remote builder is available in this organization: deploy a ready image with --image"
_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$")


def create(call: Call) -> Json:
    """POST /v1/apps {name, org_slug, network} → the app. An app with a role is a builder, which there is none of."""
    if call.body.get("app_role_id"):
        raise RefusedError(f"{NO_BUILDER} (role {call.body['app_role_id']})")
    return as_machines(call.store, _create(call, call.body.get("name", ""), call.body.get("org_slug", "")))


def _create(call: Call, name: str, organization: str) -> Document:
    store = call.store
    owner = organizations.find(store, organization)
    if not _NAME.match(name):
        raise RefusedError("Validation failed: Name may only contain numbers, lowercase letters and dashes")
    if store.get(APP_KIND, name) is not None:
        raise RefusedError("Validation failed: Name has already been taken")
    number = store.next_number(APP_KIND)
    document: Document = {
        "name": name,
        "organization": owner["slug"],
        "number": number,
        "network": call.body.get("network") or "default",
        "created_at": identity.now(),
        "secrets_version": 0,
    }
    store.put(APP_KIND, name, document)
    call.afterwards(lambda: call.runner.open_app(name))
    return document


def create_by_graphql(call: Call, variables: dict[str, Any]) -> Json:
    """Mutation createApp(input: {name, organizationId}) → {app}."""
    request = variables["input"]
    document = _create(call, request["name"], request["organizationId"])
    return {"app": as_graphql(call.store, document)}


def show(call: Call) -> Json:
    """GET /v1/apps/{app}."""
    return as_machines(call.store, call.app())


def listed(call: Call) -> Json:
    """GET /v1/apps?org_slug=… → {apps}; with an app_role none, as no app here has a role."""
    slug = organizations.find(call.store, call.query.get("org_slug", ""))["slug"]
    if call.query.get("app_role"):
        return {"total_apps": 0, "apps": []}
    apps = [as_machines(call.store, app) for _, app in call.store.find(APP_KIND, organization=slug)]
    return {"total_apps": len(apps), "apps": apps}


def destroy(call: Call) -> Json:
    """DELETE /v1/apps/{app}: with machines, volumes, addresses, secrets, certificates and releases."""
    call.app()
    delete(call, call.app_name)
    return None


def delete(call: Call, name: str) -> None:
    """Remove the app and everything that belongs to it, then stop what runs."""
    store = call.store
    for machine, _ in store.find(MACHINE_KIND, app=name):
        store.delete(MACHINE_KIND, machine)
        call.settle(machine)
        call.runner.disks.remove(machine)
    for disk in volumes.disks_of(store, name):
        call.runner.disks.remove(disk)
    for noun in (volumes, addresses, secrets, certificates, releases):
        noun.delete_all(store, name)
    store.delete(APP_KIND, name)
    call.afterwards(lambda: call.runner.shut_app(name))


def visible(store: Store) -> list[Document]:
    """All apps of the caller's organisations, oldest first."""
    mine = {document["slug"] for document in organizations.members(store)}
    return [app for _, app in store.all(APP_KIND) if app["organization"] in mine]


def status(store: Store, app: Document) -> str:
    """`pending` before the first release, `suspended` without a started machine, else `deployed`."""
    if releases.latest(store, app["name"]) is None:
        return "pending"
    machines = store.find(MACHINE_KIND, app=app["name"])
    return "deployed" if any(machine["state"] == "started" for _, machine in machines) else "suspended"


def as_machines(store: Store, app: Document) -> dict[str, Any]:
    """The shape of the Machines API."""
    name = app["name"]
    return {
        "id": name,
        "name": name,
        "internal_numeric_id": app["number"],
        "network": app["network"],
        "status": status(store, app),
        "machine_count": len(store.find(MACHINE_KIND, app=name)),
        "volume_count": len(store.find(volumes.KIND, app=name)),
        "organization": organizations.as_machines(organizations.find(store, app["organization"])),
        "cname_target": cname_target(name),
        "app_role": "",
    }


def cname_target(name: str) -> str:
    """What a custom host name's CNAME record points at."""
    return f"{identity.digest('cname', name)[:7]}.{name}.fly.dev"


def as_graphql(store: Store, app: Document) -> dict[str, Any]:
    """The shape of GraphQL's `App`, with every field flyctl asks for."""
    name = app["name"]
    release = releases.latest(store, name)
    shown_release = releases.as_graphql(release) if release else None
    return {
        "__typename": "App",
        "id": name,
        "internalNumericId": app["number"],
        "name": name,
        "hostname": f"{name}.fly.dev",
        "appUrl": f"https://{name}.fly.dev",
        "deployed": release is not None,
        "status": status(store, app),
        "version": release["version"] if release else 0,
        "platformVersion": "machines",
        "network": app["network"],
        "cnameTarget": cname_target(name),
        "createdAt": app["created_at"],
        "organization": organizations.as_graphql(organizations.find(store, app["organization"])),
        "currentRelease": shown_release,
        "currentReleaseUnprocessed": {**shown_release, "configDefinition": release["definition"]}
        if release and shown_release
        else None,
        "releases": {"nodes": [releases.as_graphql(entry) for entry in releases.newest_first(store, name)]},
        "releasesUnprocessed": {"nodes": [releases.as_graphql(entry) for entry in releases.newest_first(store, name)]},
        "config": {"definition": release["definition"] if release else {}},
        "services": [],
        "secrets": secrets.as_graphql(store, name),
        "role": None,
        "postgresAppRole": None,
        "machines": {"nodes": []},
        "regions": [],
        "limitedAccessTokens": {"nodes": []},
        **addresses.as_graphql(store, name),
    }


def by_graphql(store: Store, name: str) -> dict[str, Any]:
    """One app for GraphQL; raises `NotFoundError` in GraphQL's words."""
    return as_graphql(store, find_app(store, name))
