"""The monitor's own metrics for Prometheus, on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.monitor.monitor import Report
from planning.alerts.series import published


class Endpoint(Collector):
    """Answers with what the last round measured, under the names that the generated rules expect."""

    def __init__(self) -> None:
        self._report: Report | None = None
        self._server: Any = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    def listen(self, port: int) -> None:
        """On 127.0.0.1; 0 takes any free port. Raises OperationError where something else listens."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        try:
            self._server, _ = start_http_server(port, addr="127.0.0.1", registry=registry)
        except OSError as error:
            raise OperationError(f"port {port} is taken; choose another --metrics-port", ExitCode.USAGE) from error

    def show(self, report: Report) -> None:
        """From now on this is the last round."""
        self._report = report

    def close(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def collect(self) -> Iterator[Metric]:
        """Called by the registry for each request."""
        found: dict[str, GaugeMetricFamily] = {}
        firing = GaugeMetricFamily("slipway_firing", "1 while the alert fires", labels=("system", "alert", "severity"))
        shown: set[tuple[str, str]] = set()
        for system, verdicts in (self._report.verdicts if self._report else {}).items():
            for verdict in verdicts:
                threshold = verdict.alert.threshold
                firing.add_metric(
                    [system, verdict.alert.key, threshold.severity], float(verdict.state.phase == "firing")
                )
                name = published(threshold)
                # Memory on Fly.io is in MB here, and Prometheus has it from Fly.io.
                if name is None or verdict.measured is None or threshold.unit == "MB":
                    continue
                if (system, threshold.measure) not in shown:
                    shown.add((system, threshold.measure))
                    family = found.setdefault(
                        name, GaugeMetricFamily(name, f"{threshold.name}, as measured", labels=("system", "subject"))
                    )
                    family.add_metric([system, threshold.subject], verdict.measured)
        yield from found.values()
        yield firing
