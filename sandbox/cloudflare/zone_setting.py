"""One setting of a zone. Settings always exist: creating one sets it, deleting one leaves it as it is."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.cloudflare.zone import require_zone
from sandbox.resource import Problem, Request, ResourceType
from sandbox.values import UNKNOWN, Properties

_SWITCH = ("on", "off")
SETTINGS: dict[str, tuple[str, ...]] = {
    "always_online": _SWITCH,
    "always_use_https": _SWITCH,
    "automatic_https_rewrites": _SWITCH,
    "brotli": _SWITCH,
    "browser_check": _SWITCH,
    "cache_level": ("aggressive", "basic", "simplified"),
    "development_mode": _SWITCH,
    "early_hints": _SWITCH,
    "email_obfuscation": _SWITCH,
    "h2_prioritization": ("on", "off", "custom"),
    "hotlink_protection": _SWITCH,
    "http2": _SWITCH,
    "http3": _SWITCH,
    "ip_geolocation": _SWITCH,
    "ipv6": _SWITCH,
    "min_tls_version": ("1.0", "1.1", "1.2", "1.3"),
    "opportunistic_encryption": _SWITCH,
    "opportunistic_onion": _SWITCH,
    "polish": ("off", "lossless", "lossy"),
    "rocket_loader": _SWITCH,
    "security_level": ("off", "essentially_off", "low", "medium", "high", "under_attack"),
    "server_side_exclude": _SWITCH,
    "sort_query_string_for_cache": _SWITCH,
    "ssl": ("off", "flexible", "full", "strict", "origin_pull"),
    "tls_1_3": ("on", "off", "zrt"),
    "tls_client_auth": _SWITCH,
    "true_client_ip_header": _SWITCH,
    "waf": _SWITCH,
    "webp": _SWITCH,
    "websockets": _SWITCH,
    "0rtt": _SWITCH,
}
_STRUCTURED = (
    "browser_cache_ttl",
    "ciphers",
    "security_header",
    "challenge_ttl",
    "max_upload",
    "nel",
    "edge_cache_ttl",
)


def _problems(properties: Properties) -> Iterable[Problem]:
    setting, value = properties.get("settingId"), properties.get("value")
    if not isinstance(setting, str) or setting in _STRUCTURED:
        return
    if setting not in SETTINGS:
        yield Problem(
            "settingId", f"{setting!r} is no zone setting that is emulated; known: {', '.join(sorted(SETTINGS))}"
        )
    elif value is not None and value is not UNKNOWN and value not in SETTINGS[setting]:
        yield Problem("value", f"{setting} takes one of {', '.join(SETTINGS[setting])}, got {value!r}")


def _refuse(request: Request) -> None:
    require_zone(request)


def _fill(request: Request) -> None:
    request.document["editable"] = True
    request.document["modifiedOn"] = request.now
    request.document["timeRemaining"] = 0


ZONE_SETTING = ResourceType(
    pulumi_type="cloudflare:index/zoneSetting:ZoneSetting",
    title="zone setting",
    url="zones/{zoneId}/settings/{settingId}",
    named="settingId",
    required=("zoneId",),
    problems=_problems,
    refuse=_refuse,
    fill=_fill,
    replaces=("settingId", "zoneId"),
    computed=("enabled",),
    scope="zoneId",
    identify=lambda request: str(request.document["settingId"]),
)
