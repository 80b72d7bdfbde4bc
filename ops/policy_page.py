"""docs/policies.md, made from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from inventory.app_platform import AppPlatformApp
from inventory.cluster import Cluster
from inventory.dns_record import DnsRecord
from inventory.fly_address import FlyAddress
from inventory.fly_app import FlyApp
from inventory.fly_certificate import FlyCertificate
from inventory.fly_volume import FlyVolume
from inventory.item import Item
from inventory.stack import Inventory
from inventory.system import System
from inventory.uptime import UptimeCheck
from inventory.worker import Worker
from inventory.zone import Zone
from ops.exit_code import ExitCode
from policies.change import Change
from policies.drill import FILE
from policies.registry import registry
from policies.rule import Rule

_INTRODUCTION: Final = """\
# Policies

<!-- Made by `./slipway docs` from the rules in policies/rules/. Change those, not this page. -->

{count} rules that a stack is held to. A rule is one function over what the stack consists of, and it is asked in three
places:

- `./slipway check` asks what the settings lead to, without the engine.
- `pulumi preview --policy-pack policies` and `pulumi up --policy-pack policies` ask what the engine is about to do, as
  a [policy pack](https://www.pulumi.com/docs/insights/policy/).
- `./slipway check <stack> --live` asks what the state says is there. Run `pulumi refresh` first, so that it is what
  the clouds say.

`./slipway report` asks about the preview that it reports on, and is the only one to ask `data-kept`: what an update
would delete or replace is in the steps of a preview, which neither settings nor a policy pack see.

A value that is not known yet, such as an address that a cloud will give, breaks no rule. Where a mandatory rule hangs
on one, a preview says so, in one line for each thing.

A finding of a mandatory rule stops an update, and ends `./slipway check` with exit code {code}. A finding of an
advisory rule is only said.

## Levels, budget and waivers of a stack

The stack file can change what a finding does, say what the stack may cost a month, and waive a finding for a time. The
reference is in [configuration.md](configuration.md#policies-of-a-stack).

```yaml
config:
  slipway:policies:
    levels:
      image-digest: mandatory
    budget_usd: 150
    waivers:
      - rule: two-machines
        resource: paintbox-release
        reason: the second machine comes with the new region
        expires: "2027-03-31"
```

`resource` is the name that the finding begins with. A waiver holds to the end of its last day (UTC); from then on the
finding counts again, and so does the waiver itself. A level or a waiver for a policy, or for a thing, that does not
exist is a problem of the settings (exit code {settings}); only a waiver of `data-kept` may name what the settings do
not have any more.

## The record of backup drills

`restore-tried` reads `{drills}` in the stack's folder of records, `.slipway/records/<stack>/`, a list with an entry
for each time that a restore was tried:

```json
[{{"system": "tattoo-contest", "at": "2026-11-22T10:00:00+00:00", "ok": true, "rpo_seconds": 3600, "rto_seconds": 240}}]
```

Where nothing was ever tried, deployed or changed from, as on a machine that only checks, and in a preview, the rule is
not decided.

## All rules
"""

_NOUNS: Final[dict[type, str]] = {
    FlyApp: "apps on Fly.io",
    FlyVolume: "volumes on Fly.io",
    FlyAddress: "addresses on Fly.io",
    FlyCertificate: "certificates on Fly.io",
    AppPlatformApp: "apps on App Platform",
    Cluster: "clusters on DigitalOcean",
    UptimeCheck: "uptime checks",
    DnsRecord: "DNS records",
    Worker: "Workers",
    Zone: "zones at Cloudflare",
    Item: "things of every kind",
    System: "systems",
    Inventory: "whole stacks",
    Change: "changes in a preview",
}


def policies_page() -> str:
    """docs/policies.md."""
    rules = registry()
    introduction = _INTRODUCTION.format(
        count=len(rules), code=ExitCode.POLICIES.value, settings=ExitCode.SETTINGS.value, drills=FILE
    )
    return "\n".join([introduction, *_table(), *(line for rule in rules.values() for line in _section(rule))])


def _table() -> Iterator[str]:
    yield "| Rule | About | In production | Elsewhere | What must hold |"
    yield "|---|---|---|---|---|"
    for rule in registry().values():
        levels = f"{rule.production} | {rule.elsewhere}"
        yield f"| [{rule.name}](#{rule.name}) | {_NOUNS[rule.about]} | {levels} | {rule.title} |"
    yield ""


def _section(rule: Rule[Any]) -> Iterator[str]:
    yield f"### {rule.name}\n"
    yield f"{rule.title} {rule.why}\n"
    yield f"What to do: {rule.remedy}.\n"
    yield f"Source: {rule.source}.\n"
