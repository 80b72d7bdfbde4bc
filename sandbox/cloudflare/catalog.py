"""The emulated resource types and functions of Cloudflare, and how its provider words an API error."""

from __future__ import annotations

import json
from http import HTTPStatus

from sandbox.cloudflare.argo import ARGO_SMART_ROUTING, ARGO_TIERED_CACHING, TIERED_CACHE
from sandbox.cloudflare.dns_record import DNS_RECORD
from sandbox.cloudflare.healthcheck import HEALTHCHECK
from sandbox.cloudflare.notification_policy import NOTIFICATION_POLICY
from sandbox.cloudflare.notification_policy_webhooks import NOTIFICATION_POLICY_WEBHOOKS
from sandbox.cloudflare.ruleset import RULESET, get_ruleset, get_rulesets
from sandbox.cloudflare.workers_kv_namespace import WORKERS_KV_NAMESPACE
from sandbox.cloudflare.workers_route import WORKERS_ROUTE
from sandbox.cloudflare.workers_script import WORKERS_SCRIPT
from sandbox.cloudflare.zone import ZONE, get_zone, get_zones
from sandbox.cloudflare.zone_dnssec import ZONE_DNSSEC
from sandbox.cloudflare.zone_setting import ZONE_SETTING
from sandbox.errors import CloudError
from sandbox.resource import ResourceType
from sandbox.values import Properties

TYPES = (
    ARGO_SMART_ROUTING,
    ARGO_TIERED_CACHING,
    DNS_RECORD,
    HEALTHCHECK,
    NOTIFICATION_POLICY,
    NOTIFICATION_POLICY_WEBHOOKS,
    RULESET,
    TIERED_CACHE,
    WORKERS_KV_NAMESPACE,
    WORKERS_ROUTE,
    WORKERS_SCRIPT,
    ZONE,
    ZONE_DNSSEC,
    ZONE_SETTING,
)

# cloudflare-go v4's client: the first try and two more (option.WithMaxRetries default).
ATTEMPTS = 3

_METHODS = {"create": "POST", "read": "GET", "update": "PUT", "delete": "DELETE"}

LOOKUPS = {
    "cloudflare:index/getRuleset:getRuleset": get_ruleset,
    "cloudflare:index/getRulesets:getRulesets": get_rulesets,
    "cloudflare:index/getZone:getZone": get_zone,
    "cloudflare:index/getZones:getZones": get_zones,
}


def say(type_: ResourceType, operation: str, id_: str, properties: Properties, error: CloudError) -> str:
    """An API error in the words of the real provider."""
    url = f"https://api.cloudflare.com/client/v4/{type_.address(properties)}{f'/{id_}' if id_ else ''}"
    phrase = HTTPStatus(error.status).phrase
    body = {"success": False, "errors": [{"code": error.code or 10000, "message": error.message}], "result": None}
    return f'failed to make http request: {_METHODS[operation]} "{url}": {error.status} {phrase} {json.dumps(body)}'
