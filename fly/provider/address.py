"""`fly:index:Address`"""

from __future__ import annotations

from fly.ensure.addresses import address_of, ensure_address, ensure_address_gone
from fly.errors import NotFound, Problem
from fly.facts import Facts
from fly.provider.comparison import compared
from fly.provider.inputs import AddressInputs, parse
from fly.provider.resource import Difference, Found
from fly.provider.values import UNKNOWN, Properties
from fly.validation.places import region_problems


class AddressResource:
    """An address. Its id is `app/type` or `app/type/region`."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    async def check(self, olds: Properties, news: Properties) -> tuple[Properties, list[Problem]]:
        _, problems = parse(AddressInputs, news)
        region = news.get("region")
        if isinstance(region, str):
            problems += region_problems("region", region)
        return news, problems

    def difference(self, olds: Properties, news: Properties) -> Difference:
        found = compared(olds, news, replacing=("app", "type", "region", "network"))
        return Difference(found.changes, found.replaces, delete_first=found.replaces == ("network",))

    def preview(self, olds: Properties | None, news: Properties) -> Properties:
        return {**news, "address": olds["address"] if olds else UNKNOWN}

    async def create(self, news: Properties) -> tuple[str, Properties]:
        app, kind, region = news["app"], news["type"], news.get("region")
        address = (await ensure_address(self._facts, app, kind, region, news.get("network"))).value
        return "/".join(part for part in (app, kind, region) if part), {**news, "address": address.address}

    async def read(self, id_: str, inputs: Properties, outputs: Properties) -> Found | None:
        app, kind, region = (*id_.split("/"), None)[:3]
        try:
            found = await address_of(self._facts, app or "", kind or "", region)
        except NotFound as error:
            if error.subject != "app":
                raise
            return None
        if found is None:
            return None
        now = {"app": app, "type": kind}
        if region:
            now["region"] = region
        if inputs.get("network"):
            now["network"] = inputs["network"]
        return Found(id_, now, {**now, "address": found.address})

    async def update(self, id_: str, olds: Properties, news: Properties) -> Properties:
        return (await self.create(news))[1]

    async def delete(self, id_: str, olds: Properties) -> None:
        await ensure_address_gone(self._facts, olds["app"], olds["address"])
