"""Organisations and tokens: who asks, and which apps they may see."""

from __future__ import annotations

from typing import Any

from sandbox.fly import identity
from sandbox.fly.errors import NotFoundError, UnauthorizedError
from sandbox.store import Document, Store

KIND = "fly/organization"
TOKEN_KIND = "fly/token"  # noqa: S105 -- a kind of document
EMAIL = "operator@sandbox.local"
# The sandbox's own organisations. A document with "member": false is somebody else's.
SEED = ("personal", "slipway")
_ACCEPTED_TOKENS = ("sandbox", "dummy")
_ACCEPTED_PREFIXES = ("fo1_", "fm1r_", "fm1a_", "fm2_")


def seed(store: Store) -> None:
    """Make sure the sandbox's own organisations exist."""
    with store.transaction():
        for slug in SEED:
            if store.get(KIND, slug) is None:
                add(store, slug)


def add(store: Store, slug: str, *, member: bool = True) -> None:
    """An organisation; `member=False` makes it somebody else's, whose apps only show in that their names are taken."""
    number = store.next_number(KIND)
    store.put(KIND, slug, {"slug": slug, "name": slug.title(), "number": number, "member": member})


def authenticate(store: Store, header: str) -> None:
    """Raise `UnauthorizedError` unless the Authorization header carries a token this sandbox accepts.

    A document (`fly/token`, sha256 of the token) {"valid": bool} decides first; otherwise `sandbox`, `dummy` and
    everything that looks like a Fly token is accepted.
    """
    scheme, _, token = header.partition(" ")
    if not token:
        raise UnauthorizedError("You must be authenticated to view this.")
    known = store.get(TOKEN_KIND, identity.digest(token))
    looks_right = scheme == "FlyV1" or token in _ACCEPTED_TOKENS or token.startswith(_ACCEPTED_PREFIXES)
    if not (known["valid"] if known else looks_right):
        raise UnauthorizedError("You must be authenticated to view this.")


def decide_token(store: Store, token: str, *, valid: bool) -> None:
    """Accept or refuse one token from now on; only its hash is kept."""
    store.put(TOKEN_KIND, identity.digest(token), {"valid": valid})


def find(store: Store, slug: str) -> Document:
    """One of the caller's organisations by slug or by id; raises `NotFoundError`."""
    for document in members(store):
        if slug in (document["slug"], node_id(document)):
            return document
    raise NotFoundError(f'Could not find Organization with slug "{slug}"')


def members(store: Store) -> list[Document]:
    """The caller's organisations, oldest first."""
    return [document for _, document in store.find(KIND, member=True)]


def node_id(document: Document) -> str:
    """The opaque id GraphQL and UIEX give an organisation."""
    return identity.digest("organization", document["slug"])[:20]


def as_uiex(document: Document) -> dict[str, Any]:
    """The shape of UIEX."""
    return {
        "id": node_id(document),
        "internal_numeric_id": document["number"],
        "slug": document["slug"],
        "raw_slug": document["slug"],
        "name": document["name"],
        "paid_plan": True,
        "personal": document["slug"] == "personal",
        "billing_status": "CURRENT",
        "billable": True,
        "provisions_beta_extensions": False,
        "remote_builder_image": "",
    }


def as_graphql(document: Document) -> dict[str, Any]:
    """The shape of GraphQL's `Organization`."""
    return {
        "__typename": "Organization",
        "id": node_id(document),
        "internalNumericId": str(document["number"]),
        "slug": document["slug"],
        "rawSlug": document["slug"],
        "name": document["name"],
        "type": "PERSONAL" if document["slug"] == "personal" else "SHARED",
        "paidPlan": True,
        "billable": True,
        "billingStatus": "CURRENT",
        "viewerRole": "admin",
        "provisionsBetaExtensions": False,
        "remoteBuilderImage": "",
    }


def as_machines(document: Document) -> dict[str, Any]:
    """The shape of the Machines API."""
    return {"name": document["name"], "slug": document["slug"], "internal_numeric_id": document["number"]}
