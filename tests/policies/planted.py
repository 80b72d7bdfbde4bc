"""A stack of three sound systems, and ten faults to plant in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from settings.document import Document
from settings.read import parse

NAME: Final = "planted"
IMAGE: Final = "registry.fly.io/planted:v1"

SOUND: Final = """\
shop:
  description: an app with an API on Fly.io behind Cloudflare
  platform: fly
  app:
    name: planted-shop
    region: fra
    image: {image}
    machines: {{size: shared-cpu-1x, memory_mb: 512, minimum: 2, maximum: 3}}
    concurrency: {{counts: requests, soft: 10, hard: 20}}
    checks:
      ready: {{path: /ready, steers: traffic, interval: 10s, timeout: 5s}}
    deploy: {{gate_path: /ready}}
    variables: {{NODE_ENV: production}}
  edge:
    zone: planted.example
    mode: cloudflare
    plan: pro
    domains: [{{name: planted.example, role: primary}}]
    cache:
      static: {{when: {{prefixes: [/static/]}}, edge: 1d, browser: 1d}}
    firewall:
      injection: {{when: {{query_contains: [union select]}}}}
    rate_limits:
      api: {{when: {{prefixes: [/api/]}}, requests: 50, period: 60s}}
    headers: {{Referrer-Policy: no-referrer, X-Content-Type-Options: nosniff, X-Frame-Options: DENY}}
    zone_settings:
      hsts: {{}}
      managed: {{}}
      alerts: {{emails: [ops@planted.example]}}
  monitoring: &monitoring
    notify: {{emails: [ops@planted.example]}}
    regions: [eu_west]
    probes:
      ready: {{path: /ready}}
files:
  description: an app with its state in files
  platform: fly
  app:
    name: planted-files
    region: fra
    image: {image}
    machines: {{size: shared-cpu-1x, memory_mb: 512, minimum: 1, maximum: 1, when_idle: keep}}
    concurrency: {{counts: requests, soft: 10, hard: 20}}
    checks:
      ready: {{path: /ready, steers: traffic, interval: 10s, timeout: 5s}}
    deploy: {{gate_path: /ready}}
    volume: {{name: data, path: /data, size_gb: 1}}
  monitoring: *monitoring
site:
  description: a site on App Platform
  platform: digitalocean
  app:
    name: planted-site
    region: fra
    github: {{repository: planted/site}}
    build: {{package_manager: npm@10.9.2}}
    run_command: node server.js
    size: apps-s-1vcpu-1gb
    replicas: 2
    health: {{path: /ready}}
    liveness: {{path: /live}}
  monitoring: *monitoring
"""

FAULTS: Final = """\
shop:
  app:
    machines: {minimum: 1}
    variables: {ADMIN_PASSWORD: planted-5ecret}
  edge:
    cache:
      account: {when: {prefixes: [/account]}, edge: 2h, browser: 0s}
    firewall: {}
    rate_limits: {}
    headers: {}
files:
  app:
    volume: {snapshot_days: 1}
  monitoring: null
site:
  app:
    replicas: 1
"""

EMPTIED: Final = ("firewall", "rate_limits", "headers")
"""What a merge keeps and a fault takes away."""

EXPECTED: Final = {
    "api-rate-limit": "planted-example",
    "cached-private": "planted-example",
    "firewall-rules": "planted-example",
    "plain-secrets": "shop-release",
    "security-headers": "planted-example",
    "two-instances": "site-app",
    "two-machines": "shop-release",
    "uptime-checked": "files",
    "volume-snapshots": "files-volume",
    "within-budget": NAME,
}
"""What is found in the faulty stack: each rule, and what it is about."""


def plant(root: Path, *, faults: bool) -> None:
    """Write the stack's and its systems' files into a project."""
    systems: dict[str, Any] = parse(SOUND.format(image=IMAGE), "sound").value
    if faults:
        systems = Document(systems).merged(parse(FAULTS, "faults")).value
        for part in EMPTIED:
            systems["shop"]["edge"].pop(part)
        systems["shop"]["edge"]["zone_settings"].pop("managed")
        systems["files"].pop("monitoring")
    for name, system in systems.items():
        (root / "systems" / f"{name}.yaml").write_text(yaml.safe_dump(system))
    config = {
        "slipway:environment": "production",
        "slipway:systems": {name: {} for name in systems},
        # What is advisory would be found beside them, and some of it is a matter of taste.
        "slipway:policies": {"budget_usd": 1 if faults else 1000},
    }
    (root / f"Pulumi.{NAME}.yaml").write_text(yaml.safe_dump({"config": config}))
