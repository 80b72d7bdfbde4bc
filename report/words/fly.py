"""Words for the resources of Fly.io."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from report.preview import Properties
from report.values import Value, at, text
from report.words.words import Words


def _app(properties: Properties) -> str:
    return text(at(properties, "app"))


def _release_facts(properties: Properties) -> Iterator[str]:
    counts = at(properties, "counts")
    if isinstance(counts, Mapping):
        yield ", ".join(f"{count} in {region}" for region, count in sorted(counts.items()))
    size, memory = (at(properties, "config", "vm", 0, key) for key in ("size", "memory"))
    yield f"{text(size)} with {_memory(memory)}"
    yield text(at(properties, "image"))


def _memory(value: Value) -> str:
    """`2048mb` as `2,048 MB`."""
    number = text(value).lower().removesuffix("mb")
    return f"{int(number):,} MB" if number.isdigit() else text(value)


def _volume_facts(properties: Properties) -> Iterator[str]:
    yield f"{text(at(properties, 'count'))} of {text(at(properties, 'sizeGb'))} GB in {text(at(properties, 'region'))}"


def _address_facts(properties: Properties) -> Iterator[str]:
    yield text(at(properties, "type"))


def _secret_facts(properties: Properties) -> Iterator[str]:
    values = at(properties, "values")
    if isinstance(values, Mapping):
        yield ", ".join(sorted(values))


FLY: Final[Mapping[str, Words]] = {
    "fly:index:App": Words(
        "Fly.io app", called=lambda properties: text(at(properties, "name")), labels={"org": "organization"}
    ),
    "fly:index:Release": Words(
        "release",
        called=_app,
        facts=_release_facts,
        labels={
            "image": "image",
            "counts.*": "machines in {0}",
            "config.vm.*.memory": "memory of each machine",
            "config.vm.*.size": "size of each machine",
            "config.vm.*.cpus": "CPUs of each machine",
            "config.swap_size_mb": "swap of each machine",
            "config.primary_region": "primary region",
            "config.env.*": "environment variable {0}",
            "config.http_service.min_machines_running": "machines that always run",
            "config.http_service.auto_stop_machines": "idle machines",
            "config.http_service.auto_start_machines": "start machines on demand",
            "config.http_service.internal_port": "port of the app",
            "config.http_service.force_https": "HTTPS only",
            "config.http_service.concurrency.soft_limit": "soft limit of concurrency",
            "config.http_service.concurrency.hard_limit": "hard limit of concurrency",
            "config.http_service.concurrency.type": "what concurrency counts",
            "config.http_service.http_options.response.headers.*": "response header {0}",
            "config.http_service.checks.*": "traffic check {0}",
            "config.http_service.checks.*.*": "traffic check {0}: {1}",
            "config.services.*.checks.*.*": "traffic check {1}: {2}",
            "config.checks.*": "deploy check {0}",
            "config.checks.*.*": "deploy check {0}: {1}",
            "config.deploy.strategy": "deployment strategy",
            "config.deploy.max_unavailable": "machines that may be away in a deployment",
            "config.deploy.wait_timeout": "patience of a deployment",
            "config.kill_signal": "signal that stops the app",
            "config.kill_timeout": "time to stop in",
            "config.mounts.*": "mount",
            "config.mounts.*.source": "mounted volume",
            "config.mounts.*.destination": "folder of the volume",
            "config.mounts.*.*": "mount: {1}",
            "config.metrics.*.*": "metrics {1}",
            "gate.*": "gate: {0}",
            "secretDigests": "secrets",
            "secretDigests.*": "secret {0}",
            "secrets": "secrets",
            "secrets.*": "secret {0}",
            "singleInstance": "one machine only",
        },
        units={"config.swap_size_mb": "MB", "gate.timeoutSeconds": "s"},
        shown={"config.vm.*.memory": _memory},
        hidden=("secretDigests.**", "secrets.**"),
    ),
    "fly:index:Volume": Words(
        "volume",
        called=lambda properties: f"{_app(properties)}/{text(at(properties, 'name'))}",
        facts=_volume_facts,
        labels={
            "name": "name",
            "region": "region",
            "sizeGb": "size",
            "count": "volumes",
            "snapshotRetentionDays": "snapshots are kept",
            "scheduledSnapshots": "daily snapshots",
            "extendsToGb": "may grow to",
        },
        units={"sizeGb": "GB", "extendsToGb": "GB", "snapshotRetentionDays": "days"},
    ),
    "fly:index:Secrets": Words(
        "secrets",
        called=_app,
        facts=_secret_facts,
        labels={"values": "secrets", "values.*": "secret {0}"},
        hidden=("values.**",),
    ),
    "fly:index:Address": Words(
        "address", called=lambda properties: f"{_app(properties)} {text(at(properties, 'type'))}", facts=_address_facts
    ),
    "fly:index:Certificate": Words("certificate", called=lambda properties: text(at(properties, "hostname"))),
}
