"""`fly:index:App`"""

from __future__ import annotations

from fly.ensure.apps import ensure_app, ensure_app_gone
from fly.errors import NotFound, Problem
from fly.facts import Facts
from fly.models.app import App
from fly.provider.comparison import compared
from fly.provider.inputs import AppInputs, parse
from fly.provider.resource import Difference, Found
from fly.provider.values import Properties


class AppResource:
    """An app. Its id is its name."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    async def check(self, olds: Properties, news: Properties) -> tuple[Properties, list[Problem]]:
        _, problems = parse(AppInputs, news)
        return news, problems

    def difference(self, olds: Properties, news: Properties) -> Difference:
        found = compared(olds, news, replacing=("name", "org", "network"))
        return Difference(found.changes, found.replaces, delete_first="name" not in found.replaces)

    def preview(self, olds: Properties | None, news: Properties) -> Properties:
        return _outputs(news)

    async def create(self, news: Properties) -> tuple[str, Properties]:
        await ensure_app(self._facts, news["name"], news["org"], news.get("network"))
        return news["name"], _outputs(news)

    async def read(self, id_: str, inputs: Properties, outputs: Properties) -> Found | None:
        """Absence from the list is not proof enough: a narrower token sees fewer apps. So Fly.io is asked by name."""
        found = next((app for app in await self._facts.apps(inputs.get("org")) if app.name == id_), None)
        if found is None:
            try:
                found = await self._facts.app(id_)
            except NotFound as error:
                if error.subject != "app":
                    raise
                return None
        now = _inputs(found, inputs)
        return Found(id_, now, _outputs(now))

    async def update(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Nothing of an app changes in place; only what a failed create left open is done."""
        return (await self.create(news))[1]

    async def delete(self, id_: str, olds: Properties) -> None:
        await ensure_app_gone(self._facts, id_, olds["org"])


def _inputs(app: App, before: Properties) -> Properties:
    network = app.network if app.network and app.network != "default" else before.get("network")
    now = {"name": app.name, "org": app.organization.slug or before.get("org", "")}
    return {**now, "network": network} if network else now


def _outputs(inputs: Properties) -> Properties:
    name = inputs.get("name")
    return {**inputs, "hostname": f"{name}.fly.dev" if isinstance(name, str) else name}
