"""No way around the edge."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.app_platform import AppPlatformApp
from inventory.unknown import UNKNOWN, known
from policies.circumstances import Circumstances
from policies.rule import Rule
from policies.sample import Samples, sample
from policies.samples.cloudflare import record
from policies.samples.digitalocean import platform_app


def broken(app: AppPlatformApp, stack: Circumstances) -> Iterator[str]:
    records = [found for found in stack.inventory.dns_records if found.system == app.system]
    if any(known(found.proxied) for found in records) and not known(app.shielded):
        yield "whoever knows its default host name gets around Cloudflare's rules"


RULE = Rule(
    name="origin-shielded",
    about=AppPlatformApp,
    title="An app behind Cloudflare's proxy refuses requests that do not come through it.",
    why="Its default host name is public. Firewall, rate limits and cache count only when there is no way past them.",
    source="DigitalOcean docs, app-platform/how-to/configure-external-cdn, 2026-02-12",
    remedy="leave the ingress's secure_header in place",
    production="mandatory",
    elsewhere="mandatory",
    broken=broken,
    samples=lambda: Samples(
        passes=(
            sample(platform_app(), record()),
            sample(platform_app(spec={"ingress": None}), record(proxied=False)),
            sample(platform_app(spec={"ingress": None}), record(system="other")),
        ),
        fails=(sample(platform_app(spec={"ingress": None}), record()),),
        unknown=(
            sample(platform_app(spec={"ingress": UNKNOWN}), record()),
            sample(platform_app(spec={"ingress": None}), record(proxied=UNKNOWN)),
        ),
    ),
)
