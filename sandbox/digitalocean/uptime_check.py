"""An uptime check: a URL asked every minute from several regions."""

from __future__ import annotations

from sandbox.resource import Form, OneOf, Request, ResourceType

REGIONS = ("us_east", "us_west", "eu_west", "se_asia")


def _fill(request: Request) -> None:
    request.document.setdefault("regions", list(REGIONS))


UPTIME_CHECK = ResourceType(
    pulumi_type="digitalocean:index/uptimeCheck:UptimeCheck",
    title="Uptime Check",
    url="v2/uptime/checks",
    checks={"type": OneOf(("ping", "http", "https"))},
    limits={
        "regions[*]": OneOf(REGIONS),
        "target": Form(r"https?://[^\s/]+\S*|[\w.:-]+", "a URL such as https://example.com/health, or a host for ping"),
    },
    sets=("regions",),
    defaults={"type": "https", "enabled": True},
    computed=("regions",),
    autoname=True,
    owns={"digitalocean/uptimeAlert": "checkId"},
    fill=_fill,
)
