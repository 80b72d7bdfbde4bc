"""What the proxy forwards to the machines: `[http_service]` and `[[services]]`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fly.config.checks import HttpCheck, TcpCheck
from fly.config.section import Port, Section

AutoStop = Literal["off", "stop", "suspend"]


class Concurrency(Section):
    """When the proxy counts a machine as busy (soft) and as full (hard)."""

    type: Literal["connections", "requests"] | None = None
    soft_limit: Annotated[int, Field(ge=1)] | None = None
    hard_limit: Annotated[int, Field(ge=1)] | None = None


class ResponseOptions(Section):
    """Headers that the proxy sets on answers; `False` removes one."""

    headers: dict[str, str | Literal[False] | list[str]] | None = None
    pristine: bool | None = None


class HttpOptions(Section):
    """How the proxy speaks HTTP. Time-outs in whole seconds."""

    compress: bool | None = None
    h2_backend: bool | None = None
    idle_timeout: Annotated[int, Field(ge=1)] | None = None
    headers_read_timeout: Annotated[int, Field(ge=1)] | None = None
    response: ResponseOptions | None = None


class TlsOptions(Section):
    """How the proxy speaks TLS."""

    alpn: list[str] | None = None
    versions: list[str] | None = None
    default_self_signed: bool | None = None


class HttpService(Section):
    """`[http_service]`: ports 80 and 443 with TLS at the edge."""

    internal_port: Port
    force_https: bool | None = None
    auto_stop_machines: AutoStop | None = None
    auto_start_machines: bool | None = None
    min_machines_running: Annotated[int, Field(ge=0)] | None = None
    processes: list[str] | None = None
    concurrency: Concurrency | None = None
    tls_options: TlsOptions | None = None
    http_options: HttpOptions | None = None
    checks: list[HttpCheck] | None = None


class ServicePort(Section):
    """`[[services.ports]]`"""

    port: Port | None = None
    start_port: Port | None = None
    end_port: Port | None = None
    handlers: list[Literal["http", "tls", "pg_tls", "proxy_proto", "edge_http"]] | None = None
    force_https: bool | None = None
    tls_options: TlsOptions | None = None
    http_options: HttpOptions | None = None


class Service(Section):
    """`[[services]]`: any port, TCP or UDP."""

    protocol: Literal["tcp", "udp"]
    internal_port: Port
    auto_stop_machines: AutoStop | None = None
    auto_start_machines: bool | None = None
    min_machines_running: Annotated[int, Field(ge=0)] | None = None
    processes: list[str] | None = None
    concurrency: Concurrency | None = None
    ports: list[ServicePort] | None = None
    tcp_checks: list[TcpCheck] | None = None
    http_checks: list[HttpCheck] | None = None
