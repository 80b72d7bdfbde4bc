"""Certificates of custom host names: what DNS has to say, and whether it says so."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.fly import addresses, identity
from sandbox.fly.call import Call, Json
from sandbox.fly.errors import NotFoundError, RefusedError
from sandbox.store import Document, Store

KIND = "fly/certificate"
# A document (`fly/dns`, host name) {"configured": bool} says whether DNS points at the app, whatever is in the zones.
DNS_KIND = "fly/dns"
RECORD_KIND = "cloudflare/dnsRecord"
_VALID_DAYS = 90
_HOSTNAME = re.compile(r"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$")


def create(call: Call) -> Json:
    """POST /v1/apps/{app}/certificates/acme {hostname} → the certificate with its DNS requirements."""
    call.app()
    hostname = str(call.body.get("hostname") or "")
    if not _HOSTNAME.match(hostname):
        raise RefusedError(f"invalid hostname '{hostname}'")
    if call.store.find(KIND, hostname=hostname):
        raise RefusedError(f"Hostname already exists on app: {hostname}")
    document = {
        "app": call.app_name,
        "hostname": hostname,
        "configured": False,
        "created_at": identity.now(),
        "updated_at": identity.now(),
    }
    call.store.put(KIND, f"{call.app_name}/{hostname}", document)
    return _detail(call, _checked(call, document))


def listed(call: Call) -> Json:
    """GET /v1/apps/{app}/certificates → {certificates, total_count}."""
    call.app()
    found = [_summary(document) for _, document in call.store.find(KIND, app=call.app_name)]
    return {"certificates": found, "total_count": len(found)}


def show(call: Call) -> Json:
    """GET /v1/apps/{app}/certificates/{hostname}."""
    return _detail(call, _certificate(call))


def check(call: Call) -> Json:
    """POST /v1/apps/{app}/certificates/{hostname}/check: looks at DNS again, and issues when it is right."""
    return _detail(call, _checked(call, _certificate(call)))


def remove(call: Call) -> Json:
    """DELETE /v1/apps/{app}/certificates/{hostname}."""
    document = _certificate(call)
    call.store.delete(KIND, f"{call.app_name}/{document['hostname']}")
    return None


def delete_all(store: Store, app: str) -> None:
    """Forget the certificates of a destroyed app."""
    for id_, _ in store.find(KIND, app=app):
        store.delete(KIND, id_)


def _certificate(call: Call) -> Document:
    call.app()
    document = call.store.get(KIND, f"{call.app_name}/{call.path['hostname']}")
    if document is None:
        raise NotFoundError("certificate not found")
    return document


def _checked(call: Call, document: Document) -> Document:
    known = call.store.get(DNS_KIND, document["hostname"])
    configured = known["configured"] if known else _points_here(call.store, document)
    if configured != document["configured"]:
        document.update(configured=configured, updated_at=identity.now())
        call.store.put(KIND, f"{call.app_name}/{document['hostname']}", document)
    return document


def _points_here(store: Store, document: Document) -> bool:
    """Whether a record of an emulated zone sends the host name to the app."""
    target = f"{document['app']}.fly.dev"
    records = store.find(RECORD_KIND, name=document["hostname"], type="CNAME")
    return any(record.get("content", "").endswith(target) for _, record in records)


def _status(document: Document) -> str:
    return "active" if document["configured"] else "pending_validation"


def _summary(document: Document) -> dict[str, Any]:
    ready = document["configured"]
    return {
        "hostname": document["hostname"],
        "status": _status(document),
        "dns_provider": "",
        "acme_dns_configured": ready,
        "acme_alpn_configured": ready,
        "acme_http_configured": ready,
        "ownership_txt_configured": False,
        "configured": ready,
        "acme_requested": True,
        "has_custom_certificate": False,
        "has_fly_certificate": ready,
        "created_at": document["created_at"],
        "updated_at": document["updated_at"],
    }


def _detail(call: Call, document: Document) -> dict[str, Any]:
    app, hostname, ready = call.app_name, document["hostname"], document["configured"]
    bare = hostname.removeprefix("*.")
    target = identity.digest("cname", app)[:7]
    assigned = addresses.as_graphql(call.store, app)
    nodes = assigned["ipAddresses"]["nodes"]
    v4 = [node["address"] for node in nodes if node["type"] == "v4"] or [assigned["sharedIpAddress"]]
    issued_at = datetime.fromisoformat(document["updated_at"])
    expires = (issued_at + timedelta(days=_VALID_DAYS)).astimezone(UTC).isoformat()
    authority = {"expires_at": expires, "certificate_authority": "lets_encrypt"}
    certificate = {
        "source": "fly",
        "status": _status(document),
        "created_at": document["created_at"],
        "issuer": "Let's Encrypt",
        "issued": [{"type": kind, **authority} for kind in ("ecdsa", "rsa") if ready],
        **({"expires_at": expires} if ready else {}),
    }
    return {
        "hostname": hostname,
        "configured": ready,
        "acme_requested": True,
        "status": _status(document),
        "certificates": [certificate],
        "validation": {
            "dns_configured": ready,
            "alpn_configured": ready,
            "http_configured": ready,
            "ownership_txt_configured": False,
        },
        "dns_requirements": {
            "a": [address for address in v4 if address],
            "aaaa": [node["address"] for node in nodes if node["type"] == "v6"],
            "cname": f"{target}.{app}.fly.dev",
            "acme_challenge": {"name": f"_acme-challenge.{bare}", "target": f"{bare}.{target}.flydns.net"},
            "ownership": {
                "name": f"_fly-ownership.{bare}",
                "app_value": f"app-{target}",
                "org_value": f"org-{identity.digest('ownership', call.app()['organization'])[:7]}",
            },
        },
    }
