"""What a fly.toml says about services and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inventory.fly_app import FlyCheck, FlyService
from inventory.reading.fly_units import seconds_or
from inventory.reading.properties import at, entries, flag, mapping, number, number_or_none, text, text_or_none
from inventory.unknown import UNKNOWN, Unknown, UnknownValueError, known


def services(config: Any) -> tuple[FlyService, ...] | Unknown:
    """Those of `[http_service]` and `[[services]]`."""
    http, others = at(config, "http_service"), entries(config, "services")
    if http is UNKNOWN or isinstance(others, Unknown):
        return UNKNOWN
    found = [_service(http, "http", (80, 443), plain=True, https=flag(http, "force_https"))] if http else []
    for service in others:
        ports = entries(service, "ports")
        if isinstance(ports, Unknown):
            return UNKNOWN
        protocol = text(service, "protocol", default="tcp")
        if isinstance(protocol, Unknown):
            return UNKNOWN
        plain = [port for port in ports if _handles(port, "http") and not _handles(port, "tls")]
        speaks = "http" if any(_handles(port, "http") for port in ports) else protocol
        found.append(
            _service(
                service,
                speaks,
                tuple(number(port, "port") for port in ports),
                plain=bool(plain),
                https=all(flag(port, "force_https") is True for port in plain),
            )
        )
    return tuple(found)


def checks(config: Any) -> tuple[FlyCheck, ...] | Unknown:
    """Those of the services, then those of `[checks]`, by name."""
    try:
        return tuple(_checks(config))
    except UnknownValueError:
        return UNKNOWN


def _service(
    service: Any, protocol: str, ports: tuple[int | Unknown, ...], *, plain: bool, https: bool | Unknown
) -> FlyService:
    return FlyService(
        protocol=protocol,
        internal_port=number(service, "internal_port"),
        ports=ports,
        force_https=https,
        plain_http=plain,
        auto_stop=text(service, "auto_stop_machines", default="off"),
        auto_start=flag(service, "auto_start_machines", default=True),
        minimum=number(service, "min_machines_running"),
        counts=text(service, "concurrency", "type", default="connections"),
        soft_limit=number_or_none(service, "concurrency", "soft_limit"),
        hard_limit=number_or_none(service, "concurrency", "hard_limit"),
        headers=mapping(service, "http_options", "response", "headers"),
    )


def _handles(port: Any, handler: str) -> bool:
    found = entries(port, "handlers")
    return not isinstance(found, Unknown) and handler in found


def _checks(config: Any) -> Iterator[FlyCheck]:
    for index, check in enumerate(known(entries(config, "http_service", "checks"))):
        yield _check(f"http-{index + 1}", "http", check, steers=True)
    for number_of, service in enumerate(known(entries(config, "services"))):
        for kind in ("http", "tcp"):
            for index, check in enumerate(known(entries(service, f"{kind}_checks"))):
                yield _check(f"service-{number_of + 1}-{kind}-{index + 1}", kind, check, steers=True)
    found: Mapping[str, Any] = known(mapping(config, "checks"))
    for name, check in sorted(found.items()):
        yield _check(name, known(text(check, "type", default="tcp")), check, steers=False)


def _check(name: str, kind: str, check: Any, *, steers: bool) -> FlyCheck:
    return FlyCheck(
        name=name,
        kind=kind,
        steers="traffic" if steers else "deploys",
        port=number_or_none(check, "port"),
        path=text_or_none(check, "path"),
        interval_seconds=seconds_or(15, check, "interval"),
        timeout_seconds=seconds_or(2, check, "timeout"),
        grace_seconds=seconds_or(5, check, "grace_period"),
    )
