"""The same load test for Artillery, which knows neither judged phases nor when a request was due.

Its percentiles are those of the whole test, warm-up and spike included, and its users come and go with each request.
WebSockets are a test of their own beside it, because in one test they would take their share of the requests' arrivals.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from planning.load_plan import LoadPlan, Phase
from settings.load_test import LoadRequest

Script = dict[str, Any]


def requests(plan: LoadPlan, url: str) -> Script:
    """The requests of the mix. Needs the secret of the skip header in the environment, and contains none."""
    return {
        "config": {
            "target": url,
            "phases": [_phase(phase) for phase in plan.phases],
            "http": {
                "timeout": plan.timeout_seconds,
                "pool": plan.users(plan.fastest),
                "defaults": {"headers": _headers(plan)},
            },
            "plugins": {
                "ensure": {"thresholds": list(_thresholds(plan)), "conditions": list(_conditions(plan))},
                "metrics-by-endpoint": {"useOnlyRequestNames": True},
            },
        },
        "scenarios": [
            {"name": name, "weight": each.weight, "flow": [{each.method.lower(): _request(each)}]}
            for name, each in plan.requests.items()
        ],
    }


def sockets(plan: LoadPlan, url: str) -> Script | None:
    """The users with a WebSocket; None where there are none."""
    socket = plan.socket
    if socket is None:
        return None
    judged = [phase for phase in plan.phases if phase.judged]
    arrival = max(1, round(judged[0].start))
    stay = judged[-1].start + judged[-1].seconds
    times = max(1, int(stay / socket.every.total_seconds()))
    think = {"think": socket.every.total_seconds()}
    phases = [{"name": "arrival", "duration": arrival, "arrivalCount": socket.users}]
    if socket.protocol == "plain":
        address = url.replace("http", "ws", 1) + socket.path
        config = {"target": address, "phases": phases, "ws": {"headers": _headers(plan)}}
        return {"config": config, "scenarios": [{"name": "stay", "engine": "ws", "flow": _stay([think], times)}]}
    config = {
        "target": url,
        "phases": phases,
        "socketio": {"path": socket.path, "transports": ["websocket"], "extraHeaders": _headers(plan)},
    }
    emit = [{"emit": [socket.event]}] if socket.event else []
    return {
        "config": config,
        "scenarios": [{"name": "stay", "engine": "socketio", "flow": _stay([*emit, think], times)}],
    }


def _stay(steps: list[dict[str, Any]], times: int) -> list[dict[str, Any]]:
    return [{"loop": steps, "count": times}]


def _phase(phase: Phase) -> dict[str, Any]:
    ramp = {"rampTo": phase.end} if phase.end != phase.begin else {}
    return {"name": phase.name, "duration": phase.seconds, "arrivalRate": phase.begin, **ramp}


def _headers(plan: LoadPlan) -> dict[str, str]:
    return {header: f"{{{{ $env.{secret} }}}}" for header, secret in sorted(plan.secret_headers.items())}


def _request(each: LoadRequest) -> dict[str, Any]:
    body = {} if each.body is None else {"json": json.loads(each.body)}
    return {"url": each.path, "name": each.path, "followRedirect": False, **body}


def _thresholds(plan: LoadPlan) -> Iterator[dict[str, float]]:
    for target in plan.targets:
        if target.name in {"p95", "p99"}:
            where = (
                f"plugins.metrics-by-endpoint.response_time.{target.subject}"
                if target.subject
                else "http.response_time"
            )
            # Artillery wants less than the number, and rounds to whole ms.
            yield {f"{where}.{target.name}": target.value + 1}


def _conditions(plan: LoadPlan) -> Iterator[dict[str, str]]:
    for target in plan.targets:
        if target.name == "errors":
            yield {"expression": f"vusers.failed <= {target.value / 100:g} * vusers.created"}
