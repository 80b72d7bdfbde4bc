"""Health checks: those of a service steer traffic, those of `[checks]` only inform and gate deploys."""

from __future__ import annotations

from typing import Literal

from fly.config.section import AbsolutePath, Duration, Method, Port, Section


class TcpCheck(Section):
    """`[[services.tcp_checks]]`"""

    interval: Duration | None = None
    timeout: Duration | None = None
    grace_period: Duration | None = None


class HttpCheck(Section):
    """`[[http_service.checks]]` and `[[services.http_checks]]`"""

    interval: Duration | None = None
    timeout: Duration | None = None
    grace_period: Duration | None = None
    method: Method | None = None
    path: AbsolutePath | None = None
    protocol: Literal["http", "https"] | None = None
    tls_skip_verify: bool | None = None
    tls_server_name: str | None = None
    headers: dict[str, str] | None = None


class TopLevelCheck(HttpCheck):
    """`[checks.<name>]`"""

    type: Literal["http", "tcp"]
    port: Port
    processes: list[str] | None = None
