"""`fly:index:Certificate`"""

from __future__ import annotations

from fly.ensure.certificates import ensure_certificate, ensure_certificate_gone
from fly.errors import NotFound, Problem
from fly.facts import Facts
from fly.models.certificate import Certificate
from fly.provider.comparison import compared
from fly.provider.inputs import CertificateInputs, parse
from fly.provider.resource import Difference, Found
from fly.provider.values import UNKNOWN, Properties


class CertificateResource:
    """A certificate. Its id is `app/hostname`. `validationRecords` is what DNS must say for it to be issued."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    async def check(self, olds: Properties, news: Properties) -> tuple[Properties, list[Problem]]:
        _, problems = parse(CertificateInputs, news)
        return news, problems

    def difference(self, olds: Properties, news: Properties) -> Difference:
        return compared(olds, news, replacing=("app", "hostname"))

    def preview(self, olds: Properties | None, news: Properties) -> Properties:
        kept: Properties = {key: olds[key] for key in ("validationRecords", "targets") if olds and key in olds}
        return {**news, "validationRecords": UNKNOWN, "targets": UNKNOWN, **kept}

    async def create(self, news: Properties) -> tuple[str, Properties]:
        certificate = (await ensure_certificate(self._facts, news["app"], news["hostname"])).value
        return f"{news['app']}/{news['hostname']}", _outputs(news, certificate)

    async def read(self, id_: str, inputs: Properties, outputs: Properties) -> Found | None:
        """The records of a certificate do not change while it exists, so a refresh asks for the list only."""
        app, _, hostname = id_.partition("/")
        now = {"app": app, "hostname": hostname}
        try:
            if hostname not in await self._facts.hostnames(app):
                return None
            if "validationRecords" in outputs:
                return Found(id_, now, {**outputs, **now})
            return Found(id_, now, _outputs(now, await self._facts.certificate(app, hostname)))
        except NotFound as error:
            if error.subject not in ("app", "certificate"):
                raise
            return None

    async def update(self, id_: str, olds: Properties, news: Properties) -> Properties:
        return (await self.create(news))[1]

    async def delete(self, id_: str, olds: Properties) -> None:
        await ensure_certificate_gone(self._facts, olds["app"], olds["hostname"])


def _outputs(inputs: Properties, certificate: Certificate) -> Properties:
    needs = certificate.dns_requirements
    acme, ownership = needs.acme_challenge, needs.ownership
    return {
        **inputs,
        "validationRecords": {
            "acme": {"type": "CNAME", "name": acme.name, "value": acme.target},
            "ownership": {"type": "TXT", "name": ownership.name, "value": ownership.app_value},
        },
        "targets": {"a": needs.a or [], "aaaa": needs.aaaa or [], "cname": needs.cname},
    }
