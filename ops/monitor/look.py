"""One look at a system: every source at the same time, each with a time limit of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from ops.errors import OperationError
from ops.monitor import certificate, names, platform, probe, prometheus
from ops.monitor.seen import Reading, Seen, Source, gathered
from ops.surroundings import Surroundings
from planning.alerts.alert import system_alerts
from sandbox.errors import SandboxError
from settings.fly_system import FlySystem
from settings.monitoring import Monitoring
from settings.system import System

_AT_ONCE: Final = 8
_RECORDS: Final = "cloudflare/dnsRecord"
_HEALTH_MEMORY: Final = "memory percent"
"""What a health page says of the machine that answered; the threshold of a machine of known size is in MB."""


class Looker:
    """Looks at one system, again and again. Raises OperationError where nothing of it is deployed."""

    def __init__(self, surroundings: Surroundings, name: str, system: System, monitoring: Monitoring) -> None:
        self._surroundings = surroundings
        self._name = name
        self._system = system
        self._monitoring = monitoring
        self._timeout = monitoring.watch.timeout.total_seconds()
        self._app = surroundings.app_name(system)
        self.url = surroundings.url(name)

    def look(self, now: datetime) -> Seen:
        """What is measured now. What cannot be measured is missing, with the reason."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = [reading for readings in pool.map(_drained, self._sources(now)) for reading in readings]
        seen = gathered(iter(found))
        measured = dict(seen.measured)
        percent = measured.pop(_HEALTH_MEMORY, None)
        if percent is not None and "memory" not in measured:
            whole = self._system.app.machines.memory_mb if isinstance(self._system, FlySystem) else 100
            measured["memory"] = percent * whole / 100
        remarks = {name: said for name, said in seen.remarks.items() if name not in measured or name != "memory"}
        return Seen(measured, remarks)

    def _sources(self, now: datetime) -> Iterator[Source]:
        surroundings, system, limit = self._surroundings, self._system, self._timeout
        for asked in self._monitoring.probes.values():
            yield partial(probe.ask, self.url, asked, timeout=limit)
        yield from self._inside()
        host = urlsplit(self.url).hostname or ""
        if surroundings.sandboxed:
            yield partial(iter, [("certificate", None, "the emulated app is served without one")])
        else:
            yield partial(certificate.days_left, host, now, timeout=limit)
        if system.edge and system.edge.mode != "cloudflare":
            yield self._names

    def _inside(self) -> Iterator[Source]:
        surroundings, system, limit = self._surroundings, self._system, self._timeout
        if not isinstance(system, FlySystem):
            yield partial(platform.on_app_platform, surroundings, self._app)
            return
        yield partial(platform.on_fly, surroundings, self._app)
        server = prometheus.server(system, surroundings.environment, sandboxed=surroundings.sandboxed)
        measures = list(dict.fromkeys(alert.threshold.measure for alert in system_alerts(self._name, system)))
        if server is None:
            yield partial(prometheus.nobody, system, surroundings.stack.environment, measures)
        else:
            base, token = server
            yield lambda: prometheus.asked(system, surroundings.stack.environment, measures, base, token, timeout=limit)
        # A port of its own is not reached from outside.
        if system.app.metrics and system.app.metrics.port == system.app.port:
            yield partial(prometheus.own_page, self.url + system.app.metrics.path, timeout=limit)

    def _names(self) -> Iterator[Reading]:
        surroundings = self._surroundings
        try:
            ingress = platform.ingress(surroundings, self._app, fly=isinstance(self._system, FlySystem))
            look_up = self._lookup()
        except (OperationError, SandboxError) as error:
            yield from ((f"leads here {domain}", None, str(error)) for domain in self._system.host_names)
            return
        for domain in self._system.host_names:
            yield from names.leads_here(domain, ingress, look_up)

    def _lookup(self) -> names.Lookup:
        if self._surroundings.sandbox is None:
            return names.public_lookup(self._timeout)
        kept = self._surroundings.sandbox.control.resources(_RECORDS).get(_RECORDS, [])
        return names.emulated_lookup([record["properties"] for record in kept])


def _drained(source: Callable[[], Iterator[Reading]]) -> list[Reading]:
    return list(source())
