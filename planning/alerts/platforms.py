"""What the platforms tell people by themselves, without the monitor: the same numbers, where a platform can watch them.

The resources are made by components/monitoring.py (DigitalOcean's uptime checks), the spec of an App Platform app and
components/zone_edge.py (Cloudflare's notification policies);
this is the list of them, for people and for `alerts write`.
"""

from __future__ import annotations

from typing import Any

from planning.app_platform import service_alerts
from planning.monitoring import alerts, certificate_probe
from settings.fly_system import FlySystem
from settings.system import System


def platform_alerts(system: System) -> dict[str, list[dict[str, Any]]]:
    """By platform and kind, what raises an alert there. Fly.io has no alerts of its own."""
    found: dict[str, list[dict[str, Any]]] = {}
    monitoring = system.monitoring
    if monitoring:
        watching = certificate_probe(monitoring)
        found["digitalocean uptime"] = [
            {
                "path": probe.path,
                "type": alert.type,
                "period": alert.period,
                **({str(alert.comparison): alert.threshold} if alert.comparison else {}),
            }
            for name, probe in sorted(monitoring.probes.items())
            for alert in alerts(monitoring, probe, certificate=name == watching)
        ]
    if monitoring and not isinstance(system, FlySystem):
        found["digitalocean app platform"] = service_alerts(monitoring)
    zone = system.edge.zone_settings if system.edge else None
    if zone and zone.alerts:
        found["cloudflare"] = [{"alert_type": kind} for kind in sorted(zone.alerts.kinds)]
    return found
