"""The same load test for k6, which several machines can run together.

k6 keeps the arrival rate as well (it is open loop), but counts a response time from when it sends; what it cannot send
in time shows as `dropped_iterations`, of which none is allowed. A user whose WebSocket is refused or ended stays away,
as with the own generator, and counts in `websocket_lost`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from planning.load_plan import LoadPlan, Phase

_TIME_UNIT_SECONDS: Final = 100
"""k6 takes whole numbers for rates, so they are given for a hundred seconds."""

_SPARE_USERS: Final = 10
"""For each user, one in so many more, because k6 does not wait with a request until a user is free, but drops it."""


def script(plan: LoadPlan, url: str) -> str:
    """test.js. Needs the secrets of the skip header in the environment of k6, and contains none."""
    headers = ", ".join(f"{json.dumps(name)}: __ENV.{secret}" for name, secret in sorted(plan.secret_headers.items()))
    requests = [
        {"name": name, "method": each.method, "path": each.path, "body": each.body, "weight": each.weight}
        for name, each in plan.requests.items()
    ]
    return _SCRIPT.format(
        system=plan.system,
        url=json.dumps(url),
        headers=f"{{ {headers} }}" if headers else "{}",
        requests=json.dumps(requests, indent=2),
        options=json.dumps(_options(plan), indent=2),
        timeout=json.dumps(f"{plan.timeout_seconds:g}s"),
        socket=_socket(plan),
        imports=_SOCKET_IMPORTS if plan.socket else "",
        counts="\n".join(_counts(plan)),
    )


def segments(system: str, machines: int) -> str:
    """What to run on each of so many machines."""
    edges = ["0", *(f"{number}/{machines}" for number in range(1, machines)), "1"]
    lines = [f"# One line for each of {machines} machines. Every one judges its own share: look at all of them."]
    for begin, end in pairwise(edges):
        lines.append(
            f'k6 run --execution-segment "{begin}:{end}" --execution-segment-sequence "{",".join(edges)}" '
            f"--env SEGMENTS={machines} {system}.js"
        )
    return "\n".join(lines) + "\n"


def _options(plan: LoadPlan) -> dict[str, Any]:
    scenarios = {phase.name: _scenario(plan, phase) for phase in plan.phases}
    if plan.socket:
        scenarios["websocket"] = {
            # Who is refused stays away: an executor of a duration would have each try again at once, without end.
            "executor": "per-vu-iterations",
            "exec": "websocket",
            "vus": plan.socket.users,
            "iterations": 1,
            "maxDuration": _time(_last_judged(plan)),
            "gracefulStop": "5s",
        }
    return {"discardResponseBodies": True, "scenarios": scenarios, "thresholds": dict(_thresholds(plan))}


def _last_judged(plan: LoadPlan) -> float:
    """When the last judged phase ends, in seconds."""
    last = [phase for phase in plan.phases if phase.judged][-1]
    return last.start + last.seconds


def _scenario(plan: LoadPlan, phase: Phase) -> dict[str, Any]:
    users = plan.users(max(phase.begin, phase.end))
    whole = users + -(-users // _SPARE_USERS)
    return {
        "executor": "ramping-arrival-rate",
        "exec": "request",
        "startTime": _time(phase.start),
        "timeUnit": f"{_TIME_UNIT_SECONDS}s",
        "startRate": round(phase.begin * _TIME_UNIT_SECONDS),
        "stages": [{"target": round(phase.end * _TIME_UNIT_SECONDS), "duration": _time(phase.seconds)}],
        "preAllocatedVUs": users,
        "maxVUs": whole,
        "gracefulStop": _time(plan.timeout_seconds),
    }


def _thresholds(plan: LoadPlan) -> Iterator[tuple[str, list[str]]]:
    """The targets as k6 writes them. Users follow from the rate; the cache is not seen by k6's thresholds."""
    yield "dropped_iterations", ["count==0"]
    durations: dict[str, list[str]] = {}
    judged = [phase.name for phase in plan.phases if phase.judged]
    for target in plan.targets:
        if target.name == "errors":
            yield "http_req_failed", [f"rate<={target.value / 100:g}"]
            if plan.socket:
                yield "websocket_lost", [f"rate<={target.value / 100:g}"]
        if target.name in {"p95", "p99"}:
            for phase in judged:
                tags = [*([f"endpoint:{target.subject}"] if target.subject else []), f"scenario:{phase}"]
                metric = f"http_req_duration{{{','.join(tags)}}}"
                durations.setdefault(metric, []).append(f"p({target.name[1:]})<={target.value:g}")
    yield from durations.items()


def _counts(plan: LoadPlan) -> Iterator[str]:
    """The requests that each judged phase must make, of which every segment makes its share."""
    target = next((target.value for target in plan.targets if target.name == "requests"), None)
    for phase in plan.phases if target else ():
        if phase.judged and target:
            metric = json.dumps(f"http_reqs{{scenario:{phase.name}}}")
            yield f"options.thresholds[{metric}] = [`count>=${{Math.floor({target * phase.seconds:g} / SEGMENTS)}}`];"


def _socket(plan: LoadPlan) -> str:
    if plan.socket is None:
        return ""
    plain = plan.socket.protocol == "plain"
    tail = "" if plain else "/?EIO=4&transport=websocket"
    return _SOCKET.format(
        address=json.dumps(plan.socket.path.rstrip("/") + tail),
        end=round(_last_judged(plan) * 1000),
        every=round(plan.socket.every.total_seconds() * 1000),
        event=json.dumps(plan.socket.event),
        begin=_PLAIN if plain else _ENGINE_IO,
    )


def _time(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms" if seconds % 1 else f"{seconds:.0f}s"


_SCRIPT: Final = """\
// The load test of {system}, written by ./slipway loadtest --export k6. Change the settings, not this file.
import http from "k6/http";
import exec from "k6/execution";
{imports}
const BASE = __ENV.BASE_URL || {url};
const SEGMENTS = Number(__ENV.SEGMENTS || 1);
const HEADERS = {headers};
for (const [name, value] of Object.entries(HEADERS)) {{
  if (!value) throw new Error(`the header ${{name}} needs its secret in the environment`);
}}
const REQUESTS = {requests};
const WEIGHT = REQUESTS.reduce((sum, each) => sum + each.weight, 0);

export const options = {options};
{counts}

export function request() {{
  let lot = Math.random() * WEIGHT;
  const chosen = REQUESTS.find((each) => (lot -= each.weight) < 0) || REQUESTS[0];
  http.request(chosen.method, BASE + chosen.path, chosen.body, {{
    headers: chosen.body === null ? HEADERS : {{ ...HEADERS, "Content-Type": "application/json" }},
    tags: {{ endpoint: chosen.path, name: chosen.name }},
    redirects: 0,
    timeout: {timeout},
  }});
}}
{socket}"""

_SOCKET_IMPORTS: Final = """\
import { Rate } from "k6/metrics";
import { WebSocket } from "k6/websockets";
"""

_SOCKET: Final = """
const lost = new Rate("websocket_lost");

export function websocket() {{
  const socket = new WebSocket(BASE.replace(/^http/, "ws") + {address}, null, {{ headers: HEADERS }});
  const event = {event};
  let asking = null;
  let counted = false;
  const count = (failed) => {{
    if (!counted) lost.add(failed);
    counted = true;
  }};
  const stay = () => {{
    asking = setInterval(() => {{
      if (event) socket.send("42" + JSON.stringify([event]));
      socket.ping();
    }}, {every});
  }};
  const leaving = setTimeout(() => {{
    count(asking === null);
    socket.close();
  }}, exec.scenario.startTime + {end} - Date.now());
  const over = () => {{
    count(true);
    clearTimeout(leaving);
    if (asking !== null) clearInterval(asking);
  }};
  socket.addEventListener("error", over);
  socket.addEventListener("close", over);
{begin}}}
"""

_PLAIN: Final = """\
  socket.addEventListener("open", stay);
"""

_ENGINE_IO: Final = """\
  socket.addEventListener("message", (message) => {
    if (message.data.startsWith("0")) socket.send("40");
    else if (message.data === "2") socket.send("3");
    else if (message.data.startsWith("40")) stay();
  });
"""
