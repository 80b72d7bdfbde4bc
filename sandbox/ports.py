"""Which port a thing had, so that it gets the same one again after a restart."""

from __future__ import annotations

import socket

from sandbox.listener import bind
from sandbox.store import Store

KIND = "sandbox/port"


def reserve(store: Store, name: str, hint: int | None = None) -> socket.socket:
    """A bound loopback socket: on the port this name had before, else on the hint, else on any free one."""
    known = store.get(KIND, name)
    sock = bind(known["port"] if known else hint)
    store.put(KIND, name, {"port": int(sock.getsockname()[1])})
    return sock


def release(store: Store, name: str) -> None:
    """Forget the port of a thing that no longer exists."""
    store.delete(KIND, name)
