"""`flyctl ips`."""

from __future__ import annotations

from typing import Literal

from fly.commands.command import Command, read, write

AddressType = Literal["v4", "shared_v4", "v6", "private_v6"]


def list_addresses(app: str) -> Command:
    """All addresses of an app."""
    return read("app", "ips", "list", "--app", app, "--json")


def allocate_address(app: str, kind: AddressType, region: str | None, network: str | None) -> Command:
    """One address. `v4` is the dedicated one at $2 a month (fly.io/docs/about/pricing, 2026-08)."""
    place = ["--region", region] if region else []
    match kind:
        case "v4":
            return write("address", "ips", "allocate-v4", "--app", app, *place, "--yes")
        case "shared_v4":
            return write("address", "ips", "allocate-v4", "--shared", "--app", app, "--yes")
        case "v6":
            return write("address", "ips", "allocate-v6", "--app", app, *place)
        case "private_v6":
            chosen = ["--network", network] if network else []
            return write("address", "ips", "allocate-v6", "--private", "--app", app, *chosen)


def release_address(app: str, address: str) -> Command:
    """Give an address back."""
    return write("address", "ips", "release", address, "--app", app)
