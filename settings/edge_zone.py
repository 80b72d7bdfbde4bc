"""What holds for a whole zone at Cloudflare, whatever systems it serves. One system of a stack settles it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from settings.constraint import Distinct, Text
from settings.duration import Between, show
from settings.model import HostName, HttpPath, Settings, VariableName
from settings.problem import Broken

Identifier = Annotated[
    str, Text("an id of 32 hexadecimal digits", "[0-9a-f]{32}", "023e105f4ecef8ad9ca31a8372d0c353", 32)
]
Phase = Literal[
    "http_request_cache_settings",
    "http_request_firewall_custom",
    "http_request_firewall_managed",
    "http_ratelimit",
    "http_response_cache_settings",
    "http_response_headers_transform",
]
Email = Annotated[str, Text("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+", "ops@example.com", 254)]

REGIONS: Final = ("WNAM", "ENAM", "WEU", "EEU", "NSAM", "SSAM", "OC", "ME", "NAF", "SAF", "IN", "SEAS", "NEAS")


class Hsts(Settings):
    """Browsers remember to use HTTPS only (Strict-Transport-Security)."""

    max_age: Annotated[timedelta, Between("1d", "730d")] = timedelta(days=365)
    """For how long. Nobody can be told earlier that plain HTTP is back."""
    subdomains: bool = False
    """For all names below the zone, those of other owners included."""
    preload: bool = False
    """Allow browsers to ship the rule with them. Needs subdomains and a year."""

    def broken(self) -> Iterator[Broken]:
        if self.preload and not (self.subdomains and self.max_age >= timedelta(days=365)):
            yield Broken(
                ("preload",),
                f"browsers preload a domain only with its subdomains and a year, not {show(self.max_age)}",
                "set subdomains: true and max_age: 365d",
                compared=(("subdomains",), ("max_age",)),
            )


class Owasp(Settings):
    """The OWASP Core Ruleset, which gives points for what looks like an attack."""

    paranoia: Annotated[int, Field(ge=1, le=4)] = 1
    """How suspicious it is; from 2 on, honest requests are refused now and then."""
    threshold: Literal["low", "medium", "high"] = "medium"
    """How many points are too many: low is 60 points, medium 40, high 25."""
    action: Literal["block", "managed_challenge", "js_challenge", "challenge", "log"] = "managed_challenge"
    """What happens then."""


class ManagedWaf(Settings):
    """Cloudflare's own rule collections, which learn of new attacks without a deployment."""

    cloudflare: bool = True
    """The Cloudflare Managed Ruleset; on the free plan its smaller edition, which Cloudflare runs there by itself."""
    owasp: Owasp | None = None
    """The OWASP Core Ruleset on top."""
    skipped_paths: Annotated[tuple[HttpPath, ...], Distinct(), Field(max_length=20)] = ()
    """Exact paths that they leave alone, for bodies which look like attacks, such as spreadsheet formulas."""


class EdgeHealthCheck(Settings):
    """Cloudflare asks the origin from its data centres."""

    host: HostName
    """Which origin: a host name that is asked directly."""
    path: HttpPath = "/api/health"
    """What it is asked for; 200 is well."""
    interval: Annotated[timedelta, Between("5s", "1h")] = timedelta(seconds=60)
    """The time from one check to the next."""
    timeout: Annotated[timedelta, Between("1s", "10s")] = timedelta(seconds=5)
    """How long an answer may take."""
    failures: Annotated[int, Field(ge=1, le=10)] = 3
    """How many failures in a row make it ill."""
    regions: Annotated[tuple[Literal[REGIONS], ...], Distinct(), Field(min_length=1, max_length=13)] = ("WNAM",)  # type: ignore[valid-type]
    """From where."""

    def broken(self) -> Iterator[Broken]:
        if self.timeout >= self.interval:
            yield Broken(
                ("timeout",),
                f"{show(self.timeout)} is not shorter than the interval of {show(self.interval)}",
                "shorten the timeout or lengthen the interval",
                compared=(("interval",),),
            )


class EdgeAlerts(Settings):
    """What Cloudflare tells people by itself."""

    kinds: Annotated[
        tuple[
            Literal[
                "health_check_status_notification",
                "http_alert_edge_error",
                "http_alert_origin_error",
                "real_origin_monitoring",
                "universal_ssl_event_type",
                "traffic_anomalies_alert",
                "clickhouse_alert_fw_anomaly",
            ],
            ...,
        ],
        Distinct(),
        Field(min_length=1, max_length=7),
    ] = ("real_origin_monitoring", "universal_ssl_event_type")
    """Which events, in Cloudflare's words."""
    emails: Annotated[tuple[Email, ...], Distinct(), Field(max_length=20)] = ()
    """Who gets a mail."""
    webhook_secret: VariableName | None = Field(None, examples=["SLACK_WEBHOOK_URL"])
    """The name of the secret that holds a webhook's URL."""

    def broken(self) -> Iterator[Broken]:
        if not self.emails and self.webhook_secret is None:
            yield Broken((), "nobody would be told", "set emails or webhook_secret")


class ZoneSettings(Settings):
    """The zone as a whole: TLS, compression, images, tiered cache, managed rules, health check, alerts."""

    create_in: Identifier | None = None
    """The account to create the zone in. Not set: the zone exists and is looked up."""
    adopt: Annotated[dict[Phase, Identifier], Field(max_length=6)] = Field(default_factory=dict)
    """Entry point rulesets with rules of somebody else that this project may take over, by phase. A preview prints
    what is in one before it asks for this."""
    minimum_tls: Literal["1.2", "1.3"] = "1.2"
    """The oldest TLS that visitors may speak."""
    hsts: Hsts | None = None
    """Strict-Transport-Security."""
    http3: bool = True
    """HTTP/3 beside HTTP/2."""
    brotli: bool = True
    """Compression with Brotli."""
    websockets: bool = True
    """Let WebSocket connections through."""
    polish: Literal["off", "lossless", "lossy"] = "off"
    """Recompress images at the edge. It makes WebP, never AVIF."""
    webp: bool = False
    """Send WebP to browsers that take it."""
    tiered_cache: Literal["off", "smart", "generic"] = "off"
    """Ask other data centres of Cloudflare before the origin. `smart` picks one near the origin, and behaves as
    `generic` for an origin with one address everywhere, such as Fly.io's."""
    argo: bool = False
    """Argo Smart Routing, which must be subscribed to."""
    argo_subscribed: bool = False
    """That somebody has subscribed to Argo; the API refuses to switch it on otherwise."""
    managed: ManagedWaf | None = None
    """Managed firewall rules."""
    health_check: EdgeHealthCheck | None = None
    """Ask an origin from Cloudflare's data centres."""
    alerts: EdgeAlerts | None = None
    """Cloudflare's own notifications."""

    def broken(self) -> Iterator[Broken]:
        if self.webp and self.polish == "off":
            yield Broken(
                ("webp",), "webp is a part of Polish, which is off", "set polish: lossy", compared=(("polish",),)
            )
        if self.webp and self.polish == "lossless":
            yield Broken(
                ("webp",),
                "lossless keeps JPEG files from becoming WebP",
                "set polish: lossy",
                compared=(("polish",),),
            )
        if self.argo and not self.argo_subscribed:
            yield Broken(
                ("argo",),
                "Cloudflare refuses Argo without its subscription (USD 5 a month and zone, and 0.10 a GB after the "
                "first, 2026-08)",
                "subscribe and set argo_subscribed: true, or remove it",
                compared=(("argo_subscribed",),),
            )
        if self.create_in and self.adopt:
            yield Broken(
                ("adopt",), "a zone that is yet to be created has no rulesets", "remove it", compared=(("create_in",),)
            )
