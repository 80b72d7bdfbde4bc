"""`fly:index:Secrets`"""

from __future__ import annotations

from collections.abc import Mapping

from fly.ensure.secrets import ensure_secrets, ensure_secrets_gone
from fly.errors import NotFound, Problem
from fly.facts import Facts
from fly.provider.comparison import compared
from fly.provider.inputs import SecretsInputs, parse
from fly.provider.resource import Difference, Found
from fly.provider.values import UNKNOWN, Properties, Secret, has_unknown, hidden, plain, without_unknowns
from fly.validation.secrets import secret_problems


class SecretsResource:
    """The secrets of an app that this project sets. Their id is the app's name. Values are staged for the release."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    async def check(self, olds: Properties, news: Properties) -> tuple[Properties, list[Problem]]:
        _, problems = parse(SecretsInputs, news)
        values = without_unknowns(plain(news.get("values")))
        seen = {problem.path for problem in problems}
        if isinstance(values, Mapping):
            problems += [problem for problem in secret_problems("values", values) if problem.path not in seen]
        return {**news, **hidden(news, "values")}, problems

    def difference(self, olds: Properties, news: Properties) -> Difference:
        return compared(olds, news, replacing=("app",))

    def preview(self, olds: Properties | None, news: Properties) -> Properties:
        same = olds is not None and not has_unknown(news) and plain(olds.get("values")) == plain(news.get("values"))
        return {**news, "digests": olds["digests"] if olds and same else UNKNOWN}

    async def create(self, news: Properties) -> tuple[str, Properties]:
        values = plain(news["values"])
        digests = (await ensure_secrets(self._facts, news["app"], values, {})).value
        return news["app"], _outputs(news["app"], values, digests)

    async def read(self, id_: str, inputs: Properties, outputs: Properties) -> Found | None:
        """A value that somebody changed or removed is left out, so that the next update sets it again."""
        try:
            there = await self._facts.secrets(id_)
        except NotFound as error:
            if error.subject != "app":
                raise
            return None
        known = outputs.get("digests") or {}
        values = {
            name: value
            for name, value in (plain(outputs.get("values")) or {}).items()
            if name in there and there[name].digest == known.get(name)
        }
        digests = {name: there[name].digest for name in sorted(values)}
        return Found(id_, {"app": id_, "values": Secret(values)}, _outputs(id_, values, digests))

    async def update(self, id_: str, olds: Properties, news: Properties) -> Properties:
        before, after = plain(olds.get("values")) or {}, plain(news["values"])
        known = {n: d for n, d in (olds.get("digests") or {}).items() if n in after and before.get(n) == after[n]}
        dropped = frozenset(before) - frozenset(after)
        digests = (await ensure_secrets(self._facts, id_, after, known, dropped)).value
        return _outputs(id_, after, digests)

    async def delete(self, id_: str, olds: Properties) -> None:
        await ensure_secrets_gone(self._facts, id_, frozenset(plain(olds.get("values")) or {}))


def _outputs(app: str, values: Mapping[str, str], digests: Mapping[str, str]) -> Properties:
    return {"app": app, "values": Secret(dict(values)), "digests": dict(digests)}
