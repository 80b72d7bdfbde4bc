"""Machine leases: one holder at a time, known by a nonce, until it expires or is released."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.fly import identity, organizations
from sandbox.fly.call import Call, Json
from sandbox.fly.errors import ConflictError, NotFoundError
from sandbox.store import Document, Store

KIND = "fly/lease"
NONCE_HEADER = "fly-machine-lease-nonce"
DEFAULT_SECONDS = 30


def acquire(call: Call) -> Json:
    """POST …/lease?ttl=seconds: a new lease, or, with the nonce of the current one, a longer one."""
    machine = call.machine()
    held = current(call.store, machine["id"])
    nonce = call.headers.get(NONCE_HEADER, "")
    if held is not None and held["nonce"] != nonce:
        raise _held(machine["id"], held)
    if held is None and nonce:
        raise NotFoundError("lease not found")
    return _shown(grant(call.store, machine, int(call.query.get("ttl") or DEFAULT_SECONDS), nonce))


def show(call: Call) -> Json:
    """GET …/lease."""
    held = current(call.store, call.machine()["id"])
    if held is None:
        raise NotFoundError("lease not found")
    return _shown(held)


def release(call: Call) -> Json:
    """DELETE …/lease with the nonce. The lease outlives a destroyed machine: its holder may still let go."""
    call.app()
    machine = call.path["machine"]
    if current(call.store, machine) is None:
        raise NotFoundError("lease not found")
    require(call, machine)
    call.store.delete(KIND, machine)
    return None


def grant(store: Store, machine: Document, seconds: int, nonce: str = "") -> Document:
    """Write a lease of so many seconds; a new nonce unless one is given."""
    document: Document = {
        "nonce": nonce or identity.digest("lease", machine["id"], store.next_number(KIND))[:12],
        "expires_at": datetime.now(UTC).timestamp() + seconds,
        "owner": organizations.EMAIL,
        "version": machine["instance_id"],
    }
    store.put(KIND, machine["id"], document)
    return document


def current(store: Store, machine: str) -> Document | None:
    """The lease in force, or None."""
    document = store.get(KIND, machine)
    if document is None or document["expires_at"] <= datetime.now(UTC).timestamp():
        return None
    return document


def require(call: Call, machine: str) -> None:
    """Raise `ConflictError` when the machine is leased and the request does not carry the lease's nonce."""
    held = current(call.store, machine)
    if held is not None and held["nonce"] != call.headers.get(NONCE_HEADER, ""):
        raise _held(machine, held)


def _held(machine: str, lease: Document) -> ConflictError:
    until = datetime.fromtimestamp(lease["expires_at"], UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return ConflictError(f"machine ID {machine} lease currently held by {lease['owner']}, expires at {until}")


def _shown(lease: Document) -> dict[str, Any]:
    return {"status": "success", "data": {**lease, "expires_at": int(lease["expires_at"])}}
