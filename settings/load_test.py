"""A load test: who asks for what, and how the load rises and falls. What it must reach stands in the thresholds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from settings.constraint import Text
from settings.duration import Between, show
from settings.edge_rules import RuleName
from settings.model import HttpPath, Settings
from settings.monitoring import Monitoring
from settings.problem import Broken

LoadMethod = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
LoadPercent = Annotated[int, Field(ge=1, le=1000)]
Body = Annotated[str, Text("JSON", r"[^\x00]+", '{"width": 120}', 65536)]

LONGEST: Final = timedelta(hours=4)
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class LoadRequest(Settings):
    """One request of the mix."""

    method: LoadMethod = "GET"
    """The method. Whatever the others change is changed in the system under test."""
    path: HttpPath
    """What is asked for."""
    body: Body | None = None
    """JSON to send."""
    weight: Annotated[int, Field(ge=1, le=1000)] = 1
    """How often it is sent, compared with the other requests."""

    def broken(self) -> Iterator[Broken]:
        if self.body is None:
            return
        if self.method not in _WITH_BODY:
            yield Broken(("body",), f"{self.method} carries no body", "remove it, or set method: POST", (("method",),))
        try:
            json.loads(self.body)
        except ValueError as error:
            yield Broken(("body",), f"it is no JSON: {error}", 'write it as in {"width": 120}')


class LoadPhase(Settings):
    """A stretch of the test. Its load rises or falls evenly, in per cent of the thresholds' requests a second."""

    name: Annotated[RuleName, Field(examples=["sustained"])]
    """What the report calls it."""
    duration: Annotated[timedelta, Between("1s", "4h")]
    """How long it lasts."""
    begin_percent: LoadPercent | None = Field(None, examples=[20])
    """The load at its beginning. Not set: as at its end."""
    percent: LoadPercent
    """The load at its end."""
    judged: bool = False
    """Whether response times, requests a second and users must be reached in it. Errors count in every phase."""

    @property
    def begin(self) -> int:
        return self.percent if self.begin_percent is None else self.begin_percent


class LoadSocket(Settings):
    """Users with an open WebSocket, beside the requests of the mix."""

    path: Annotated[HttpPath, Field(examples=["/ws"])]
    """Where it is opened."""
    protocol: Literal["plain", "socket.io"] = "plain"
    """`plain` asks by ping. `socket.io` opens an Engine.IO 4 session without polling, and keeps its heartbeat."""
    users: Annotated[int, Field(ge=1, le=10_000, examples=[50])]
    """How many are open at the same time. They come one by one before the first judged phase."""
    every: Annotated[timedelta, Between("100ms", "10m", "1ms")] = timedelta(seconds=5)
    """How often each of them measures the way there and back."""
    event: Annotated[str, Text("the name of an event", r"[A-Za-z][\w:.-]*", "vote", 64)] | None = None
    """Only for `socket.io`: an event to emit each time."""

    def broken(self) -> Iterator[Broken]:
        if self.event and self.protocol != "socket.io":
            yield Broken(("event",), "a plain WebSocket knows no events", "remove it", compared=(("protocol",),))


_PHASES: Final = (
    LoadPhase(name="warm-up", duration=timedelta(seconds=30), percent=20),
    LoadPhase(name="ramp-up", duration=timedelta(minutes=1), begin_percent=20, percent=105),
    # A little above the target: it can be reached although some answers are errors, up to the budget.
    LoadPhase(name="sustained", duration=timedelta(minutes=5), percent=105, judged=True),
    LoadPhase(name="spike", duration=timedelta(seconds=30), percent=200),
    LoadPhase(name="cool-down", duration=timedelta(seconds=30), begin_percent=105, percent=10),
)


class LoadTest(Settings):
    """What `./slipway loadtest` does. A user sends a request every (users / requests a second) of the thresholds."""

    requests: Annotated[
        dict[RuleName, LoadRequest],
        Field(min_length=1, max_length=100, examples=[{"health": {"path": "/api/health"}}]),
    ]
    """The mix, by name."""
    phases: Annotated[tuple[LoadPhase, ...], Field(min_length=1, max_length=20)] = _PHASES
    """The phases, one after the other."""
    timeout: Annotated[timedelta, Between("100ms", "5m", "1ms")] = timedelta(seconds=30)
    """A request without an answer for so long, from when it was due, is an error."""
    socket: LoadSocket | None = None
    """Users with a WebSocket."""

    def broken(self) -> Iterator[Broken]:
        for name, count in Counter(phase.name for phase in self.phases).items():
            if count > 1:
                yield Broken(("phases",), f"{count} phases are called {name}", "give each a name of its own")
        if not any(phase.judged for phase in self.phases):
            yield Broken(("phases",), "no phase is judged, so nothing could be missed", "set judged: true on one")
        if (total := sum((phase.duration for phase in self.phases), timedelta())) > LONGEST:
            yield Broken(("phases",), f"they last {show(total)}, more than {show(LONGEST)}", "shorten them")


def broken_load_test(test: LoadTest | None, monitoring: Monitoring | None) -> Iterator[Broken]:
    """What does not go together between a system's load test and its thresholds."""
    if test is None:
        return
    limits = monitoring.thresholds if monitoring else None
    if limits is None or limits.load is None:
        yield Broken(
            ("load_test",),
            "no threshold says how many requests a second and users it is to reach",
            "set monitoring.thresholds.load, or remove it",
            compared=(("monitoring",),),
        )
        return
    if limits.error_percent is None and limits.load.error_percent is None:
        yield Broken(
            ("load_test",),
            "no threshold says how many requests may be errors",
            "set monitoring.thresholds.load.error_percent, or error_percent there",
            compared=(("monitoring",),),
        )
    asked = {request.path for request in test.requests.values()}
    for path, target in limits.load.endpoints.items():
        place = ("monitoring", "thresholds", "load", "endpoints", path)
        if path not in asked:
            yield Broken(
                ("load_test", "requests"),
                f"{path} has a target, and no request asks for it: nothing would ever measure it",
                "add a request for it, or remove the target",
                compared=(place,),
            )
        elif target.p99 >= test.timeout:
            yield Broken(
                ("load_test", "timeout"),
                f"after {show(test.timeout)} nothing is waited for, and the p99 of {path} may be {show(target.p99)}",
                f"set it to more than {show(target.p99)}",
                compared=(place,),
            )
