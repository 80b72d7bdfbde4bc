"""The Prometheus series that each threshold is compared with, and the recording rules behind those that are computed.

What the monitor measures itself it publishes as `slipway_…`. What only the platform or the app can know comes from
Fly.io's Prometheus: `fly_…` (fly.io docs `monitoring/metrics`, 2026-08), the app's own `cache_requests_total` with a
label `result`, and `pgbouncer_…` from prometheus-community's pgbouncer_exporter 0.10. Recorded series are `slipway:…`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from planning.app import app_name
from planning.pgbouncer import pgbouncer_app_name
from planning.thresholds import FLAPPING_WINDOW, Threshold
from settings.duration import show
from settings.fly_system import FlySystem
from settings.system import System

_WINDOW: Final = "5m"
_MIB: Final = 1024 * 1024

MINIMUM_REQUESTS: Final = 20
"""With fewer requests in five minutes a share of them says nothing: one error of three would be 33 %."""

_PUBLISHED: Final = {
    "answers": "slipway_answers",
    "response time": "slipway_response_time_milliseconds",
    "certificate": "slipway_certificate_days",
    "machines": "slipway_machines",
    "leads here": "slipway_leads_here",
    "memory": "slipway_memory_percent",
    "cpu": "slipway_cpu_percent",
}
_FLAPPING: Final = f"slipway:answers:changes{show(FLAPPING_WINDOW)}"
_RECORDED: Final = {
    "memory": "slipway:memory_megabytes:max",
    "cpu": f"slipway:cpu_percent:rate{_WINDOW}",
    "errors": f"slipway:error_percent:rate{_WINDOW}",
    "p95": f"slipway:response_time_p95_milliseconds:rate{_WINDOW}",
    "cache hits": f"slipway:cache_hit_percent:rate{_WINDOW}",
    "wait for a connection": "slipway:pool_wait_milliseconds:max",
}


@dataclass(frozen=True)
class Recording:
    """A recording rule: the series, its expression, and the labels that it gets."""

    series: str
    expression: str
    labels: dict[str, str]


def published(threshold: Threshold) -> str | None:
    """The name under which the monitor publishes what it measured itself; None for what it computes or asks for."""
    return _PUBLISHED.get(threshold.name)


def series(name: str, system: System, threshold: Threshold) -> str:
    """The selector of the series that a threshold is compared with: one value at any time."""
    metric = _metric(system, threshold)
    subject = f',subject="{threshold.subject}"' if threshold.subject else ""
    return f'{metric}{{system="{name}"{subject}}}'


def _metric(system: System, threshold: Threshold) -> str:
    if threshold.name == "flapping":
        return _FLAPPING
    if isinstance(system, FlySystem) and threshold.name in _RECORDED:
        return _RECORDED[threshold.name]
    return _PUBLISHED.get(threshold.name) or _RECORDED[threshold.name]


def recordings(name: str, system: System, environment: str, listed: list[Threshold]) -> Iterator[Recording]:
    """The recording rules that a system's thresholds need, each once."""
    if any(threshold.name == "flapping" for threshold in listed):
        window = show(FLAPPING_WINDOW)
        yield Recording(_FLAPPING, f'changes(slipway_answers{{system="{name}"}}[{window}])', {})
    if not isinstance(system, FlySystem):
        return
    wanted = {threshold.name for threshold in listed}
    for measure, expression in _on_fly(system, environment).items():
        if measure in wanted:
            yield Recording(_RECORDED[measure], expression, {"system": name})


def expression(system: FlySystem, environment: str, measure: str) -> str | None:
    """What Fly.io's Prometheus is asked for a measure; None for one that it does not know."""
    return _on_fly(system, environment).get(measure)


def _on_fly(system: FlySystem, environment: str) -> dict[str, str]:
    of = f'app="{app_name(system.app, environment)}"'
    answered = f"fly_edge_http_responses_count{{{of}}}"
    failed = f'fly_edge_http_responses_count{{{of},status=~"5.."}}'
    busy = f'sum by (instance) (rate(fly_instance_cpu{{{of},mode!="idle"}}[{_WINDOW}]))'
    whole = f"sum by (instance) (rate(fly_instance_cpu{{{of}}}[{_WINDOW}]))"
    total, free = f"fly_instance_memory_mem_total{{{of}}}", f"fly_instance_memory_mem_available{{{of}}}"
    spread = f"sum by (le) (rate(fly_app_http_response_time_seconds_bucket{{{of}}}[{_WINDOW}]))"
    hits, looked_up = f'cache_requests_total{{{of},result="hit"}}', f"cache_requests_total{{{of}}}"
    found = {
        "memory": f"max({total} - {free}) / {_MIB}",
        "cpu": f"100 * avg({busy} / {whole})",
        "errors": f"100 * (sum(rate({failed}[{_WINDOW}])) or vector(0)) / {_enough(answered)}",
        "p95": f"1000 * histogram_quantile(0.95, {spread})",
        "cache hits": f"100 * (sum(rate({hits}[{_WINDOW}])) or vector(0)) / {_enough(looked_up)}",
    }
    if system.pgbouncer:
        pool = pgbouncer_app_name(system, environment)
        found["wait for a connection"] = f'1000 * max(pgbouncer_pools_client_maxwait_seconds{{app="{pool}"}})'
    return found


def _enough(counter: str) -> str:
    """The rate of all of them, where there were enough to speak of shares."""
    return f"(sum(rate({counter}[{_WINDOW}])) and sum(increase({counter}[{_WINDOW}])) >= {MINIMUM_REQUESTS})"
