"""Every endpoint, with its name for faults. The base URL of clients ends in /client/v4, as the real one does."""

from __future__ import annotations

from sandbox.cloudflare.api import account, zones
from sandbox.vendor_api import Operation as Op

_BASE = "/client/v4"
_ZONE = f"{_BASE}/zones/{{zone}}"
_ALERTING = f"{_BASE}/accounts/{{account}}/alerting/v3"

OPERATIONS: tuple[Op, ...] = (
    Op("verify_token", "GET", f"{_BASE}/user/tokens/verify", account.verify),
    Op("list_zones", "GET", f"{_BASE}/zones", zones.listed),
    Op("get_zone", "GET", _ZONE, zones.show),
    Op("list_records", "GET", f"{_ZONE}/dns_records", zones.records),
    Op("list_settings", "GET", f"{_ZONE}/settings", zones.settings),
    Op("purge_cache", "POST", f"{_ZONE}/purge_cache", zones.purge),
    Op("list_policies", "GET", f"{_ALERTING}/policies", account.policies),
    Op("list_webhooks", "GET", f"{_ALERTING}/destinations/webhooks", account.webhooks),
)
