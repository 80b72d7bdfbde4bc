"""App secrets: the store keeps digests and versions, never a value."""

from __future__ import annotations

import re
import secrets as randomness
from typing import Any

from sandbox.fly import identity
from sandbox.fly.call import APP_KIND, Call, Json
from sandbox.fly.errors import NotFoundError, RefusedError
from sandbox.store import Document, Store

KIND = "fly/secret"
# flyctl refuses longer lines already (internal/command/secrets/parser.go, v0.4.80): the platform agrees.
LARGEST_VALUE_BYTES = 64 * 1024
_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


def listed(call: Call) -> Json:
    """GET /v1/apps/{app}/secrets → {secrets: name, digest, times}; values are never shown."""
    call.app()
    return {"secrets": _of(call.store, call.app_name)}


def show(call: Call) -> Json:
    """GET /v1/apps/{app}/secrets/{name}."""
    call.app()
    document = call.store.get(KIND, f"{call.app_name}/{call.path['name']}")
    if document is None:
        raise NotFoundError("secret not found")
    return _shown(document)


def update(call: Call) -> Json:
    """POST /v1/apps/{app}/secrets {values: {name: value or null}} → {secrets, version}; null deletes."""
    call.app()
    values: dict[str, str | None] = call.body.get("values") or {}
    for name, value in values.items():
        _check(name, value)
    for name, value in values.items():
        if value is None:
            call.store.delete(KIND, f"{call.app_name}/{name}")
        else:
            _put(call.store, call.app_name, name, value)
    return {"secrets": _of(call.store, call.app_name), "version": _next_version(call)}


def put(call: Call) -> Json:
    """POST /v1/apps/{app}/secrets/{name} {value}."""
    call.app()
    name, value = call.path["name"], str(call.body.get("value") or "")
    _check(name, value)
    return {**_shown(_put(call.store, call.app_name, name, value)), "version": _next_version(call)}


def delete(call: Call) -> Json:
    """DELETE /v1/apps/{app}/secrets/{name} → {version}."""
    call.app()
    if not call.store.delete(KIND, f"{call.app_name}/{call.path['name']}"):
        raise NotFoundError("secret not found")
    return {"version": _next_version(call)}


def delete_all(store: Store, app: str) -> None:
    """Forget the secrets of a destroyed app."""
    for id_, _ in store.find(KIND, app=app):
        store.delete(KIND, id_)


def as_graphql(store: Store, app: str) -> list[dict[str, Any]]:
    """The shape of GraphQL's `App.secrets`."""
    return [
        {"name": secret["name"], "digest": secret["digest"], "createdAt": secret["created_at"]}
        for secret in _of(store, app)
    ]


def _check(name: str, value: str | None) -> None:
    if not _NAME.match(name):
        raise RefusedError(
            f"Validation failed: secret name {name!r} may only contain letters, digits and underscores,"
            " and may not start with a digit"
        )
    if value is None:
        return
    if "\0" in value:
        raise RefusedError(f"Validation failed: the value of {name} contains a NUL byte")
    if len(value.encode()) > LARGEST_VALUE_BYTES:
        raise RefusedError(f"Validation failed: the value of {name} is larger than {LARGEST_VALUE_BYTES} bytes")


def _put(store: Store, app: str, name: str, value: str) -> Document:
    known = store.get(KIND, f"{app}/{name}")
    document = {
        "app": app,
        "name": name,
        "digest": identity.digest(_salt(store), app, name, value)[:16],
        "created_at": known["created_at"] if known else identity.now(),
        "updated_at": identity.now(),
    }
    store.put(KIND, f"{app}/{name}", document)
    return document


def _salt(store: Store) -> str:
    """One random value for each store, so that a digest does not give away a guessable value."""
    document = store.get("fly/setting", "digest-salt")
    if document is None:
        document = {"value": randomness.token_hex(16)}
        store.put("fly/setting", "digest-salt", document)
    return str(document["value"])


def _next_version(call: Call) -> int:
    # One sequence for all apps: flyctl remembers an app's version by its name, also when the app is destroyed.
    document = call.app()
    document["secrets_version"] = call.store.next_number("fly/secrets-version")
    call.store.put(APP_KIND, call.app_name, document)
    return int(document["secrets_version"])


def _of(store: Store, app: str) -> list[dict[str, Any]]:
    return sorted((_shown(entry) for _, entry in store.find(KIND, app=app)), key=lambda entry: str(entry["name"]))


def _shown(document: Document) -> dict[str, Any]:
    return {key: document[key] for key in ("name", "digest", "created_at", "updated_at")}
