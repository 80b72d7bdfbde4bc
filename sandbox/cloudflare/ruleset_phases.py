"""The phases of rulesets and the actions that each allows.

Source: Cloudflare docs, ruleset-engine/reference/phases-list and rules-language/actions, and the validators of
terraform-provider-cloudflare v5 (internal/services/ruleset/schema.go), August 2026.
"""

from __future__ import annotations

_FIREWALL = ("block", "challenge", "js_challenge", "managed_challenge", "log", "skip")

ACTIONS: dict[str, tuple[str, ...]] = {
    "ddos_l4": ("execute",),
    "ddos_l7": ("execute",),
    "http_config_settings": ("set_config",),
    "http_custom_errors": ("serve_error",),
    "http_log_custom_fields": ("log_custom_field",),
    "http_ratelimit": ("block", "challenge", "js_challenge", "managed_challenge", "log"),
    "http_request_cache_settings": ("set_cache_settings",),
    "http_request_dynamic_redirect": ("redirect",),
    "http_request_firewall_custom": (*_FIREWALL, "execute"),
    "http_request_firewall_managed": ("execute", "skip"),
    "http_request_late_transform": ("rewrite",),
    "http_request_origin": ("route",),
    "http_request_redirect": ("redirect",),
    "http_request_sanitize": ("execute", "rewrite"),
    "http_request_sbfm": ("execute", "skip"),
    "http_request_transform": ("rewrite",),
    "http_response_cache_settings": ("set_cache_control", "set_cache_settings", "set_cache_tags"),
    "http_response_compression": ("compress_response",),
    "http_response_firewall_managed": ("execute", "skip"),
    "http_response_headers_transform": ("rewrite",),
    "magic_transit": ("block", "skip", "execute"),
    "magic_transit_ids_managed": ("execute",),
    "magic_transit_managed": ("execute",),
    "magic_transit_ratelimit": ("block",),
}

ALL_ACTIONS = tuple(
    sorted(
        {action for allowed in ACTIONS.values() for action in allowed}
        | {"ddos_dynamic", "force_connection_close", "score"}
    )
)

# Cloudflare docs, waf/rate-limiting-rules/parameters: the counting periods that exist on any plan, in seconds.
PERIODS = (
    10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65535, 86400,
)  # fmt: skip
