"""The GraphQL API: finds the fields a request asks for and answers each with everything that field may hold.

Answers carry more than was selected; flyctl ignores what it did not ask for. Nested fields are not resolved one by
one: aliases below the first level are answered under both names (see `apps.as_graphql`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from sandbox.fly import addresses, apps, images, organizations, regions
from sandbox.fly.call import MACHINE_KIND, Call, find_app
from sandbox.fly.errors import FlyError, NotFoundError, UnauthorizedError
from sandbox.store import Store

_FIELD = re.compile(r"(?:(?P<alias>\w+)\s*:\s*)?(?P<name>\w+)\s*(?:\((?P<arguments>[^)]*)\))?")
_ARGUMENT = re.compile(r'(\w+)\s*:\s*(\$\w+|"[^"]*"|[\w.-]+)')


class Field(NamedTuple):
    """A field on the first level of a request: the name to answer under, its own name, and its arguments."""

    key: str
    name: str
    arguments: dict[str, Any]


def fields(query: str, variables: dict[str, Any]) -> list[Field]:
    """The first-level fields of a query or mutation, with variables filled in."""
    found = []
    for match in _FIELD.finditer(_first_level(query)):
        values = {key: _value(text, variables) for key, text in _ARGUMENT.findall(match["arguments"] or "")}
        found.append(Field(match["alias"] or match["name"], match["name"], values))
    return found


def _first_level(query: str) -> str:
    """The text of the operation's own selection, without what is nested in it. Arguments stay."""
    text, depth, parentheses = [], 0, 0
    for letter in re.sub(r"#[^\n]*", "", query):
        if letter == "}" and not parentheses:
            depth -= 1
            if depth == 0:
                break
        elif depth == 1 and not (letter == "{" and not parentheses):
            text.append(letter)
        if letter == "{" and not parentheses:
            depth += 1
        parentheses += {"(": 1, ")": -1}.get(letter, 0)
    return "".join(text)


def _value(text: str, variables: dict[str, Any]) -> object:
    if text.startswith("$"):
        return variables.get(text[1:])
    try:
        return json.loads(text)
    except ValueError:
        return text


def operation(body: dict[str, Any]) -> str:
    """The name of the request's first field, for faults and limits."""
    found = fields(str(body.get("query") or ""), body.get("variables") or {})
    return found[0].name if found else "unknown"


def target(body: dict[str, Any]) -> str:
    """The app a request is about, as far as its variables tell."""
    variables = body.get("variables") or {}
    request = variables.get("input") or {}
    for key in ("appName", "appId", "name"):
        found = variables.get(key) or request.get(key)
        if found:
            return str(found)
    return ""


def answer(call: Call) -> dict[str, Any]:
    """POST /graphql {query, variables} → {data, errors}."""
    variables = call.body.get("variables") or {}
    data: dict[str, Any] = {}
    for field in fields(str(call.body.get("query") or ""), variables):
        resolver = _RESOLVERS.get(field.name)
        if resolver is None:
            raise GraphqlError(field, FlyError(f"Field '{field.name}' doesn't exist on type 'Query'"))
        try:
            data[field.key] = resolver(call, {**variables, **field.arguments})
        except FlyError as error:
            raise GraphqlError(field, error) from error
    return {"data": data}


class GraphqlError(Exception):
    """A refusal inside a GraphQL answer: HTTP status 200 with `errors`."""

    def __init__(self, field: Field, error: FlyError) -> None:
        super().__init__(error.message)
        self.body = error.as_graphql(field.key)


def _viewer(_: Call, __: dict[str, Any]) -> object:
    email = organizations.EMAIL
    return {"__typename": "User", "id": email, "email": email, "enablePaidHobby": True, "featureFlags": []}


def _app(call: Call, variables: dict[str, Any]) -> object:
    name = str(variables.get("name") or variables.get("appName") or "")
    found = _visible_app(call.store, name)
    image = variables.get("imageRef")
    if image:
        found["image"] = _image(call.store, str(image))
    return found


def _visible_app(store: Store, name: str) -> dict[str, Any]:
    try:
        return apps.by_graphql(store, name)
    except (NotFoundError, UnauthorizedError) as error:
        raise NotFoundError(f'Could not find App "{name}"') from error


def _image(store: Store, reference: str) -> dict[str, Any]:
    found = images.resolve(store, reference)
    return {
        "id": f"img_{found.digest.removeprefix('sha256:')[:16]}",
        "digest": found.digest,
        "ref": found.reference,
        "compressedSize": "41943040",
        "compressedSizeFull": "41943040",
        "manifest": None,
    }


def _apps(call: Call, variables: dict[str, Any]) -> object:
    if variables.get("role"):
        return {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": ""}}
    wanted = variables.get("organizationId") or variables.get("org")
    found = [apps.as_graphql(call.store, app) for app in apps.visible(call.store)]
    nodes = [app for app in found if not wanted or app["organization"]["id"] == wanted]
    return {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": ""}}


def _app_name_available(call: Call, variables: dict[str, Any]) -> object:
    return call.store.get("fly/app", str(variables.get("name"))) is None


def _organization(call: Call, variables: dict[str, Any]) -> object:
    key = str(variables.get("slug") or variables.get("name") or variables.get("id") or "")
    return organizations.as_graphql(organizations.find(call.store, key))


def _organizations(call: Call, _: dict[str, Any]) -> object:
    return {"nodes": [organizations.as_graphql(document) for document in organizations.members(call.store)]}


def _platform(call: Call, _: dict[str, Any]) -> object:
    listed = [
        {
            **region,
            "gatewayAvailable": region["gateway_available"],
            "requiresPaidPlan": region["requires_paid_plan"],
        }
        for region in regions.listed(call.store)
    ]
    return {"requestRegion": "iad", "regions": listed}


def _nearest_region(_: Call, __: dict[str, Any]) -> object:
    return {"code": "iad", "name": regions.REGIONS["iad"][0], "gatewayAvailable": True}


def _machine(call: Call, variables: dict[str, Any]) -> object:
    id_ = str(variables.get("machineId") or variables.get("id") or "")
    document = call.store.get(MACHINE_KIND, id_)
    if document is None:
        raise NotFoundError("Could not find Machine")
    return {"id": id_, "state": document["state"], "app": _visible_app(call.store, document["app"])}


def _volume(call: Call, variables: dict[str, Any]) -> object:
    id_ = str(variables.get("id") or "")
    document = call.store.get("fly/volume", id_)
    if document is None:
        raise NotFoundError("Could not find Volume")
    return {"id": id_, "app": _visible_app(call.store, document["app"])}


def _delete_app(call: Call, variables: dict[str, Any]) -> object:
    name = str(variables.get("appId") or "")
    app = find_app(call.store, name)
    owner = organizations.as_graphql(organizations.find(call.store, app["organization"]))
    apps.delete(call, name)
    return {"organization": owner}


def _latest_image_details(_: Call, variables: dict[str, Any]) -> object:
    # The platform knows newer versions of its own images only; flyctl takes these words as "nothing to update".
    raise NotFoundError(f"Unknown repository: {variables.get('image')}")


def _wireguard(_: Call, __: dict[str, Any]) -> object:
    raise FlyError(
        "WireGuard is not part of the emulated platform: commands that need a tunnel (ssh, proxy, `apps restart`)"
        " do not work here; `flyctl machine restart` does"
    )


def _can_bluegreen(_: Call, __: dict[str, Any]) -> object:
    return True


_RESOLVERS: dict[str, Callable[[Call, dict[str, Any]], object]] = {
    "viewer": _viewer,
    "app": _app,
    "apps": _apps,
    "appNameAvailable": _app_name_available,
    "organization": _organization,
    "organizations": _organizations,
    "platform": _platform,
    "nearestRegion": _nearest_region,
    "machine": _machine,
    "gpuMachine": _machine,
    "volume": _volume,
    "latestImageDetails": _latest_image_details,
    "validateWireGuardPeers": _wireguard,
    "addWireGuardPeer": _wireguard,
    "canPerformBluegreenDeployment": _can_bluegreen,
    "createApp": apps.create_by_graphql,
    "deleteApp": _delete_app,
    "allocateIpAddress": addresses.allocate_by_graphql,
    "releaseIpAddress": addresses.release_by_graphql,
}
