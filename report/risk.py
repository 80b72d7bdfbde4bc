"""What a change can do to those who use a system: one table of what is known about the platforms, with reasons.

Rows are tried in their order and all that fit count. A property that no row names is without risk, as is a type that
has rows for other things only; a type that no row names at all is looked at with suspicion (`UNKNOWN_TYPE`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from report.difference import Difference
from report.pattern import match
from report.preview import Operation, Properties, Resource
from report.values import at


class Risk(Enum):
    """What may suffer. The order is that of their weight."""

    DATA = "data"
    TRAFFIC = "traffic"
    RESTART = "restart"


@dataclass(frozen=True)
class Danger:
    """One risk of one change, and why."""

    risk: Risk
    reason: str


Condition = Callable[[Difference, Resource], bool]
"""What it asks for is its docstring, in the words of docs/reports.md."""


@dataclass(frozen=True)
class Row:
    """Resources of `type` to which one of `operations` happens are at `risk`.

    With `path` (report/pattern.py) only an update counts that changes a property there, and only when `when` holds.
    """

    type: str
    operations: frozenset[Operation]
    risk: Risk
    reason: str
    path: str | None = None
    when: Condition | None = None
    of: Callable[[Properties], bool] | None = None
    """Whether such a resource is meant at all, by its properties."""


GONE: Final = frozenset({Operation.DELETE, Operation.REPLACE})
UPDATED: Final = frozenset({Operation.UPDATE})
ANY: Final = frozenset(Operation) - {Operation.SAME}


def _fewer(difference: Difference, _: Resource) -> bool:
    """where it becomes less"""
    old, new = difference.old, difference.new
    return _number(new) < _number(old)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _alone(_: Difference, resource: Resource) -> bool:
    """where there is one machine"""
    counts = at(resource.properties, "counts")
    return isinstance(counts, Mapping) and sum(_number(count) for count in counts.values()) == 1


def _one_instance(_: Difference, resource: Resource) -> bool:
    """where there is one instance"""
    return bool(at(resource.properties, "spec", "services", 0, "instanceCount") == 1)


def _off(difference: Difference, _: Resource) -> bool:
    """where it is switched off"""
    return difference.new in (False, "off")


def _routes(properties: Properties) -> bool:
    """but for those of the types CAA, TLSA and TXT"""
    return at(properties, "type") not in {"TXT", "CAA", "TLSA"}


_ROLLING: Final = "a new release replaces the machines one after the other"

FLY: Final = (
    Row("fly:index:App", GONE, Risk.DATA, "its volumes and their snapshots go with the app"),
    Row("fly:index:App", GONE, Risk.TRAFFIC, "its addresses and its name stop answering"),
    Row("fly:index:Release", GONE, Risk.TRAFFIC, "its machines are removed"),
    Row("fly:index:Release", UPDATED, Risk.RESTART, _ROLLING, "image"),
    Row("fly:index:Release", UPDATED, Risk.RESTART, _ROLLING, "source.**"),
    Row("fly:index:Release", UPDATED, Risk.RESTART, _ROLLING, "config.**"),
    Row("fly:index:Release", UPDATED, Risk.RESTART, "machines read secrets when they start", "secretDigests.**"),
    Row("fly:index:Release", UPDATED, Risk.TRAFFIC, "the only machine is away while it is replaced", "image", _alone),
    Row(
        "fly:index:Release", UPDATED, Risk.TRAFFIC, "the only machine is away while it is replaced", "config.**", _alone
    ),
    Row("fly:index:Release", UPDATED, Risk.TRAFFIC, "fewer machines answer", "counts.*", _fewer),
    Row(
        "fly:index:Release",
        UPDATED,
        Risk.TRAFFIC,
        "fewer machines are awake when requests come",
        "config.http_service.min_machines_running",
        _fewer,
    ),
    Row(
        "fly:index:Release",
        UPDATED,
        Risk.TRAFFIC,
        "the proxy spreads requests differently",
        "config.http_service.concurrency.**",
    ),
    Row(
        "fly:index:Release",
        UPDATED,
        Risk.TRAFFIC,
        "these checks decide which machines get requests",
        "config.http_service.checks.**",
    ),
    Row("fly:index:Release", UPDATED, Risk.DATA, "what was written to the old mount is not there", "config.mounts.**"),
    Row("fly:index:Volume", GONE, Risk.DATA, "what lies on the volume is lost; its snapshots are not copied"),
    Row("fly:index:Volume", UPDATED, Risk.DATA, "a volume that is one too many is destroyed", "count", _fewer),
    Row(
        "fly:index:Volume",
        UPDATED,
        Risk.DATA,
        "there is less to go back to",
        "snapshotRetentionDays",
        _fewer,
    ),
    Row("fly:index:Volume", UPDATED, Risk.DATA, "nothing to go back to is made any more", "scheduledSnapshots", _off),
    Row("fly:index:Volume", UPDATED, Risk.RESTART, "a file system grows when its machine starts", "sizeGb"),
    Row("fly:index:Secrets", GONE, Risk.RESTART, "the app has to do without them from its next start on"),
    Row("fly:index:Address", GONE, Risk.TRAFFIC, "whoever remembers the address does not get through"),
    Row("fly:index:Certificate", GONE, Risk.TRAFFIC, "HTTPS on this host fails"),
)

_DEPLOYS: Final = "each change of the specification is a new deployment"

DIGITALOCEAN: Final = (
    Row("digitalocean:index/app:App", GONE, Risk.TRAFFIC, "it stops answering, and a new one has another default host"),
    Row("digitalocean:index/app:App", UPDATED, Risk.RESTART, _DEPLOYS, "spec.**"),
    Row(
        "digitalocean:index/app:App",
        UPDATED,
        Risk.TRAFFIC,
        "fewer instances answer",
        "spec.services.*.instanceCount",
        _fewer,
    ),
    Row(
        "digitalocean:index/app:App",
        UPDATED,
        Risk.TRAFFIC,
        "the only instance is replaced by one that has to prove itself",
        "spec.services.*.instanceSizeSlug",
        _one_instance,
    ),
    Row(
        "digitalocean:index/app:App",
        UPDATED,
        Risk.TRAFFIC,
        "this check decides which instances get requests",
        "spec.services.*.healthCheck.**",
    ),
    Row("digitalocean:index/app:App", UPDATED, Risk.TRAFFIC, "other host names are answered", "spec.domainNames.**"),
    Row("digitalocean:index/app:App", UPDATED, Risk.TRAFFIC, "requests are routed differently", "spec.ingress.**"),
    Row("digitalocean:index/databaseCluster:DatabaseCluster", GONE, Risk.DATA, "its data and its backups are lost"),
    Row(
        "digitalocean:index/databaseCluster:DatabaseCluster",
        UPDATED,
        Risk.RESTART,
        "connections break when the resized nodes take over",
        "size",
    ),
    Row(
        "digitalocean:index/databaseCluster:DatabaseCluster",
        UPDATED,
        Risk.TRAFFIC,
        "fewer nodes are there to take over",
        "nodeCount",
        _fewer,
    ),
    Row(
        "digitalocean:index/databaseCluster:DatabaseCluster",
        UPDATED,
        Risk.DATA,
        "an upgrade of the engine cannot be taken back",
        "version",
    ),
    Row(
        "digitalocean:index/databaseCluster:DatabaseCluster",
        UPDATED,
        Risk.DATA,
        "keys may be thrown away when memory is full",
        "evictionPolicy",
    ),
    Row("digitalocean:index/databaseDb:DatabaseDb", GONE, Risk.DATA, "its tables are lost"),
    Row("digitalocean:index/databaseUser:DatabaseUser", GONE, Risk.TRAFFIC, "who logs in by it is refused"),
    Row(
        "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool",
        GONE | UPDATED,
        Risk.TRAFFIC,
        "connections through the pool break",
    ),
    Row("digitalocean:index/databaseFirewall:DatabaseFirewall", ANY, Risk.TRAFFIC, "other clients may connect"),
    Row(
        "digitalocean:index/databasePostgresqlConfig:DatabasePostgresqlConfig",
        UPDATED,
        Risk.RESTART,
        "some parameters take effect at a restart only",
        "**",
    ),
    Row(
        "digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig",
        UPDATED,
        Risk.DATA,
        "how much of the memory outlives a restart changes",
        "persistence",
    ),
)

_READS_ANEW: Final = "the caches fill anew, and the origin gets more requests meanwhile"

CLOUDFLARE: Final = (
    Row("cloudflare:index/dnsRecord:DnsRecord", ANY, Risk.TRAFFIC, "requests for this name go elsewhere", of=_routes),
    Row("cloudflare:index/ruleset:Ruleset", ANY, Risk.TRAFFIC, "requests are blocked, kept or changed by other rules"),
    Row("cloudflare:index/workersRoute:WorkersRoute", ANY, Risk.TRAFFIC, "other requests go through a Worker"),
    Row("cloudflare:index/workersScript:WorkersScript", ANY, Risk.TRAFFIC, "requests run through another program"),
    Row("cloudflare:index/zone:Zone", GONE, Risk.TRAFFIC, "no name in the zone answers"),
    Row("cloudflare:index/zone:Zone", GONE, Risk.DATA, "all records and settings of the zone are lost"),
    Row("cloudflare:index/zoneSetting:ZoneSetting", ANY, Risk.TRAFFIC, "it holds for every request to the zone"),
    Row("cloudflare:index/argoTieredCaching:ArgoTieredCaching", ANY, Risk.TRAFFIC, _READS_ANEW),
    Row("cloudflare:index/tieredCache:TieredCache", ANY, Risk.TRAFFIC, _READS_ANEW),
    Row("cloudflare:index/argoSmartRouting:ArgoSmartRouting", ANY, Risk.TRAFFIC, "requests take other ways"),
)

HARMLESS: Final = {
    "digitalocean:index/uptimeCheck:UptimeCheck": "it only asks",
    "digitalocean:index/uptimeAlert:UptimeAlert": "it only tells",
    "cloudflare:index/healthcheck:Healthcheck": "it only asks",
    "cloudflare:index/notificationPolicy:NotificationPolicy": "it only tells",
    "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks": "it only tells",
    "pulumi:index:Stash": "it exists in the state only",
}
"""Types that no user of a system depends on, and why."""

UNKNOWN_TYPE: Final = "nothing is known about this type, and what is gone may have held data"

TABLE: Final = (*FLY, *DIGITALOCEAN, *CLOUDFLARE)

KNOWN: Final = frozenset(row.type for row in TABLE) | HARMLESS.keys()


def dangers(resource: Resource, differences: Iterable[Difference]) -> tuple[Danger, ...]:
    """All that a resource's change may do, the heaviest first, each once."""
    found = dict.fromkeys(_dangers(resource, list(differences)))
    return tuple(sorted(found, key=lambda danger: list(Risk).index(danger.risk)))


def _dangers(resource: Resource, differences: list[Difference]) -> Iterator[Danger]:
    if resource.type not in KNOWN and resource.operation in GONE:
        yield Danger(Risk.DATA, UNKNOWN_TYPE)
    for row in TABLE:
        if row.type == resource.type and resource.operation in row.operations and _fits(row, resource, differences):
            yield Danger(row.risk, row.reason)


def _fits(row: Row, resource: Resource, differences: list[Difference]) -> bool:
    if row.of and not row.of(resource.properties):
        return False
    if row.path is None:
        return True
    path, when = row.path, row.when
    return any(
        match(path, difference.path) is not None and (when is None or when(difference, resource))
        for difference in differences
    )
