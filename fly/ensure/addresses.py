"""Addresses: at most one of a type for an app and region."""

from __future__ import annotations

from fly.commands.addresses import AddressType, allocate_address, release_address
from fly.ensure.outcome import LOST_ANSWERS, Outcome, found_after_lost_answer
from fly.errors import NotFound
from fly.facts import Facts
from fly.models.address import Address

GLOBAL = ("", "global")


async def address_of(facts: Facts, app: str, kind: str, region: str | None) -> Address | None:
    """The address of that type there; without a region the anycast one."""
    wanted = (region,) if region else GLOBAL
    return next((a for a in await facts.addresses(app) if a.type == kind and a.region in wanted), None)


async def ensure_address(
    facts: Facts, app: str, kind: AddressType, region: str | None = None, network: str | None = None
) -> Outcome[Address]:
    """An address of that type. One that is there is taken."""
    found = await address_of(facts, app, kind, region)
    if found:
        return Outcome(found, changed=False, why=f"{app} has {kind} {found.address}")

    async def look() -> Address | None:
        return await address_of(facts, app, kind, region)

    try:
        await facts.do(allocate_address(app, kind, region, network), ("addresses", app))
    except LOST_ANSWERS as error:
        found = await found_after_lost_answer(error, look)
    else:
        found = await look()
    if found is None:
        raise NotFound("flyctl ips list", 0, f"the {kind} just allocated for {app} is not listed", subject="address")
    return Outcome(found, changed=True, why=f"{kind} {found.address} allocated for {app}")


async def ensure_address_gone(facts: Facts, app: str, address: str) -> Outcome[None]:
    """The address does not belong to the app. An app that is gone has none."""
    if not await _has(facts, app, address):
        return Outcome(None, changed=False, why=f"{app} does not have {address}")
    try:
        await facts.do(release_address(app, address), ("addresses", app))
    except NotFound as error:
        if error.subject not in ("app", "address"):
            raise
        return Outcome(None, changed=False, why=f"{address} was released already")
    except LOST_ANSWERS as error:
        if await _has(facts, app, address):
            raise error from None
    return Outcome(None, changed=True, why=f"{address} released")


async def _has(facts: Facts, app: str, address: str) -> bool:
    try:
        return any(known.address == address for known in await facts.addresses(app))
    except NotFound as error:
        if error.subject != "app":
            raise
        return False
