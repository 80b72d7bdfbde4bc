"""Identifiers and times in the platform's shapes, the same ones every time for the same sequence of calls."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

_ULID_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def now() -> str:
    """The time in RFC 3339 with milliseconds, UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds() -> int:
    """Unix time in milliseconds, as machine events carry it."""
    return int(datetime.now(UTC).timestamp() * 1000)


def digest(*parts: object) -> str:
    """64 hexadecimal digits that depend on the parts only."""
    return hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()


def machine_id(number: int) -> str:
    """14 hexadecimal digits, like `3d8d9e5b2d7689`."""
    return digest("machine", number)[:14]


def instance_id(machine: str, number: int) -> str:
    """26 letters and digits, like `01HXKJ5V3Q…`: one per version of a machine."""
    value = int(digest("instance", machine, number)[:32], 16)
    return "01" + "".join(_ULID_ALPHABET[(value >> (5 * place)) & 31] for place in range(24))


def volume_id(number: int) -> str:
    """Like `vol_4y1zx6m7o0k2p9wr`."""
    return "vol_" + digest("volume", number)[:16]


def snapshot_id(number: int) -> str:
    """Like `vs_KGjgYEgXl9Rv2oRV`."""
    return "vs_" + digest("snapshot", number)[:16]


def release_id(number: int) -> str:
    """Like `w0zk1pv3jm2o`."""
    return digest("release", number)[:16]


def private_ip(machine: str) -> str:
    """A 6PN address, IPv6 out of fdaa::/16."""
    text = digest("6pn", machine)
    return f"fdaa:0:{text[0:4]}:a7b:{text[4:8]}:{text[8:12]}:{text[12:16]}:2"
