"""What Prometheus knows, asked with the expressions of the recording rules, and the app's own page of metrics."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

import urllib3
from prometheus_client.parser import text_string_to_metric_families

from ops.monitor.seen import Reading
from planning.alerts.series import expression
from settings.fly_system import FlySystem

URL: Final = "PROMETHEUS_URL"
TOKEN: Final = "PROMETHEUS_TOKEN"  # noqa: S105  the variable's name
_FLY_TOKEN: Final = "FLY_API_TOKEN"  # noqa: S105  the variable's name
_MIB: Final = 1024 * 1024
_RESIDENT: Final = "process_resident_memory_bytes"
"""What every client library of Prometheus calls a process's memory."""


def server(system: FlySystem, environment: Mapping[str, str], *, sandboxed: bool) -> tuple[str, str] | None:
    """The base URL and the token: what the environment names, or Fly.io's own. None where there is neither."""
    if URL in environment:
        return environment[URL].rstrip("/"), environment.get(TOKEN, "")
    if sandboxed or _FLY_TOKEN not in environment:
        return None
    return f"https://api.fly.io/prometheus/{system.app.organization}", environment[_FLY_TOKEN]


def nobody(system: FlySystem, environment: str, measures: list[str]) -> Iterator[Reading]:
    """What is not measured because there is no Prometheus to ask."""
    for measure in measures:
        if expression(system, environment, measure):
            yield measure, None, f"only Prometheus knows it; set {URL}"


def asked(
    system: FlySystem, environment: str, measures: list[str], base: str, token: str, *, timeout: float
) -> Iterator[Reading]:
    """The present value of each of these measures that Prometheus can know."""
    http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(total=timeout))
    # Fly.io's tokens name their own scheme (fly.io docs `monitoring/metrics`, 2026-08).
    headers = {"authorization": token if token.startswith("FlyV1 ") else f"Bearer {token}"} if token else {}
    for measure in measures:
        query = expression(system, environment, measure)
        if query is None:
            continue
        try:
            answer = http.request("POST", f"{base}/api/v1/query", fields={"query": query}, headers=headers)
            found = answer.json()["data"]["result"] if answer.status == 200 else None
            value = float(found[0]["value"][1]) if found else math.nan
        except (urllib3.exceptions.HTTPError, ValueError, KeyError, TypeError) as error:
            yield measure, None, f"Prometheus does not answer: {type(error).__name__}"
            continue
        if answer.status != 200:
            yield measure, None, f"Prometheus answers with status {answer.status}"
        elif not math.isfinite(value):
            yield measure, None, "Prometheus has no data"
        else:
            yield measure, value, ""


def own_page(url: str, *, timeout: float) -> Iterator[Reading]:
    """The memory of the process, from the app's page in Prometheus' text format."""
    try:
        answer = urllib3.PoolManager(retries=False).request("GET", url, timeout=urllib3.Timeout(total=timeout))
        families = list(text_string_to_metric_families(answer.data.decode())) if answer.status == 200 else []
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        yield "memory", None, f"{url} is no page of metrics: {type(error).__name__}"
        return
    found = [sample.value for family in families for sample in family.samples if sample.name == _RESIDENT]
    if found:
        yield "memory", max(found) / _MIB, ""
    else:
        yield "memory", None, f"{url} has no {_RESIDENT}"
