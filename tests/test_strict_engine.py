"""The strict engine refuses what the SDK's own mocks let pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components import sdk
from tests.strict_engine import StrictEngine, ViolationError


class Holder(pulumi.ComponentResource):
    def __init__(self, name: str, outputs: dict[str, Any] | None = None) -> None:
        super().__init__("test:index:Holder", name)
        if outputs is not None:
            self.register_outputs(outputs)


def record(name: str, parent: pulumi.Resource | None, **more: Any) -> Any:
    values = {"zone_id": "z", "name": "www", "type": "CNAME", "ttl": 1, "content": "host"} | more
    opts = pulumi.ResourceOptions(parent=parent)
    return sdk.load("pulumi_cloudflare.dns_record").DnsRecord(name, opts=opts, **values)


def twice() -> None:
    holder = Holder("holder", {"a": 1})
    record("same", holder)
    record("same", holder)


def stray() -> None:
    record("stray", None)


def silent() -> None:
    Holder("holder")


def empty() -> None:
    Holder("holder", {})


def misspelt() -> None:
    settings = {"ipv4_onli": True}
    record("record", Holder("holder", {"a": 1}), settings=settings)


def incomplete() -> None:
    module = sdk.load("pulumi_digitalocean.app")
    holder = Holder("holder", {"a": 1})
    module.App("app", spec={"region": "fra"}, opts=pulumi.ResourceOptions(parent=holder))


def unanswered() -> None:
    pulumi.runtime.invoke("cloudflare:index/getZones:getZones", {})


def unlisted() -> None:
    module = sdk.load("pulumi_digitalocean.tag")
    module.Tag("tag", opts=pulumi.ResourceOptions(parent=Holder("holder", {"a": 1})))


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (
            twice,
            "urn:pulumi:production::slipway::test:index:Holder$cloudflare:index/dnsRecord:DnsRecord::same "
            "exists already",
        ),
        (stray, "cloudflare:index/dnsRecord:DnsRecord stray is outside every component"),
        (silent, "test:index:Holder holder registers no outputs"),
        (empty, "test:index:Holder holder registers no outputs"),
        (misspelt, "DnsRecord record.settings: DnsRecordSettings has no property ipv4_onli"),
        (incomplete, "App app.spec: AppSpec requires name"),
        (unanswered, "nobody answers cloudflare:index/getZones:getZones with {}"),
        (unlisted, "no outputs are known for digitalocean:index/tag:Tag; add them to COMPUTED"),
    ],
)
def test_it_refuses(program: Callable[[], None], message: str) -> None:
    with pytest.raises(ViolationError) as raised:
        StrictEngine(roots=["test:index:Holder"]).run(program)
    assert str(raised.value) == message


def test_what_only_an_update_can_tell_is_unknown_in_a_preview() -> None:
    told: list[bool] = []

    async def program() -> None:
        module = sdk.load("pulumi_digitalocean.app")
        opts = pulumi.ResourceOptions(parent=Holder("holder", {"a": 1}))
        app = module.App("app", spec={"name": "app"}, opts=opts)
        told.extend([await value.is_known() for value in (app.id, app.live_url, app.spec)])

    for preview in (True, False):
        StrictEngine(roots=["test:index:Holder"], preview=preview).run(program)
    assert told == [False, False, True, True, True, True]


def test_it_sees_which_values_are_secret() -> None:
    def program() -> None:
        record("record", Holder("holder", {"a": 1}), content=pulumi.Output.secret("hidden"))

    resource = StrictEngine(roots=["test:index:Holder"]).run(program).one("DnsRecord")
    assert resource.inputs["content"] == "hidden"
    assert resource.secrets == {("content",)}
