"""An app on Fly.io: its image, its machines, its checks, and how a release replaces another.

Rules that flyctl lets through are checked here; where they come from: flyctl 0.4.80 (appconfig/validation.go), fly-go
(machine_types.go) and the fly.io docs `reference/configuration`, read 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from settings.duration import Between, show
from settings.fly import MACHINE_SIZES, MEMORY_STEP_MB, REGIONS, SUSPEND_MEMORY_MB
from settings.model import HttpPath, Percent, Settings, VariableName
from settings.problem import Broken, did_you_mean
from settings.volume import Volume

HEAP_SHARE: Final = 0.75
"""The share of a machine's memory that Node's heap may take; the rest is for buffers, code and the system."""

_REMOVED_NODE_OPTION: Final = "--optimize-for-size"


def _known_region(value: str) -> str:
    if value in REGIONS:
        return value
    raise PydanticCustomError(
        "region",
        '"{value}" is not a region of Fly.io; {way_out}',
        {"value": value, "way_out": did_you_mean(value, REGIONS)},
    )


def _known_size(value: str) -> str:
    if value in MACHINE_SIZES:
        return value
    raise PydanticCustomError(
        "size",
        '"{value}" is not a machine size of Fly.io; {way_out}',
        {"value": value, "way_out": did_you_mean(value, MACHINE_SIZES)},
    )


Region = Annotated[
    str, AfterValidator(_known_region), Field(json_schema_extra={"enum": list(REGIONS)}, examples=["sjc"])
]
Size = Annotated[
    str, AfterValidator(_known_size), Field(json_schema_extra={"enum": list(MACHINE_SIZES)}, examples=["shared-cpu-1x"])
]


class Build(Settings):
    """Build the image from a folder with a Dockerfile, on Fly.io's builder."""

    folder: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    """The folder, from the project's root."""
    dockerfile: Annotated[str, StringConstraints(min_length=1, max_length=255)] = "Dockerfile"
    """The Dockerfile in it."""
    target: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None
    """The stage to build; the last one when left out."""
    arguments: dict[VariableName, str] = {}
    """Build arguments. Not for secrets: they stay visible in the image."""


class Machines(Settings):
    """How large machines are, how many there are, and who starts and stops them."""

    size: Size
    """The machine size: CPUs and their kind."""
    memory_mb: Annotated[int, Field(ge=256, le=131072, multiple_of=MEMORY_STEP_MB)]
    """Memory of each machine, in steps of 256 MB."""
    swap_mb: Annotated[int, Field(ge=1, le=65536)] | None = None
    """Swap space of each machine."""
    minimum: Annotated[int, Field(ge=0, le=500)]
    """How many keep running when there is nothing to do (in the app's region)."""
    maximum: Annotated[int, Field(ge=1, le=500)]
    """How many there are. Fly.io's proxy starts and stops machines that exist, it never makes any."""
    when_idle: Literal["stop", "suspend", "keep"] = "stop"
    """What happens to machines above the minimum that have nothing to do."""

    def broken(self) -> Iterator[Broken]:
        size = MACHINE_SIZES[self.size]
        if not size.memory_minimum <= self.memory_mb <= size.memory_maximum:
            yield Broken(
                ("memory_mb",),
                f"{self.memory_mb} MB is outside {size.memory_minimum} to {size.memory_maximum} MB, the range of {size.name}",
                "choose memory in that range, or another size",
            )
        if self.minimum > self.maximum:
            yield Broken(("minimum",), f"{self.minimum} is more than the maximum of {self.maximum}", "swap the two")
        if self.when_idle == "suspend" and (self.memory_mb > SUSPEND_MEMORY_MB or self.swap_mb):
            yield Broken(
                ("when_idle",),
                f"only machines with at most {SUSPEND_MEMORY_MB} MB of memory and without swap can be suspended",
                "set when_idle: stop",
            )
        if self.when_idle == "keep" and self.minimum != self.maximum:
            yield Broken(
                ("minimum",),
                f"{self.minimum} has no effect while idle machines are kept: all {self.maximum} run",
                "set it to the maximum, or set when_idle: stop",
            )


class Concurrency(Settings):
    """When Fly.io's proxy takes a machine for busy, and when for full."""

    counts: Literal["requests", "connections"]
    """What is counted; `connections` for WebSockets."""
    soft: Annotated[int, Field(ge=1)]
    """From here on other machines are preferred, and started."""
    hard: Annotated[int, Field(ge=1)]
    """From here on a machine gets nothing more."""

    def broken(self) -> Iterator[Broken]:
        if self.hard < self.soft:
            yield Broken(
                ("hard",), f"{self.hard} is below the soft limit of {self.soft}", "raise it or lower the soft limit"
            )


class FlyCheck(Settings):
    """A health check of each machine. Fly.io never restarts a machine because of one."""

    kind: Literal["http", "tcp"] = "http"
    """An HTTP request, or just a connection."""
    path: HttpPath | None = None
    """The path of an HTTP check; a status of 200 to 299 passes."""
    steers: Literal["traffic", "deploys"]
    """`traffic`: a machine that fails it gets no requests, and no release goes on. `deploys`: only releases wait for it,
    so that a broken dependency does not take all machines out at once."""
    interval: Annotated[timedelta, Between("2s", "1h")]
    """The time from one check to the next."""
    timeout: Annotated[timedelta, Between("1s", "60s")]
    """How long an answer may take; shorter than the interval."""
    grace: Annotated[timedelta, Between("1s", "60s")] = timedelta(seconds=10)
    """How long after its start a machine may fail it."""

    def broken(self) -> Iterator[Broken]:
        if self.timeout >= self.interval:
            yield Broken(
                ("timeout",),
                f"{show(self.timeout)} is not shorter than the interval of {show(self.interval)}",
                "shorten the timeout or lengthen the interval",
            )
        if (self.kind == "http") != (self.path is not None):
            has = "needs a path" if self.kind == "http" else "has no path"
            yield Broken(
                ("path",), f"a check of kind {self.kind} {has}", "add it" if self.kind == "http" else "remove it"
            )
        if self.steers == "traffic" and self.kind == "tcp":
            yield Broken(("kind",), "Fly.io's HTTP service has no TCP checks", "set steers: deploys, or kind: http")
        if self.steers == "traffic" and self.interval > timedelta(seconds=60):
            yield Broken(
                ("interval",), f"{show(self.interval)} is more than the 60s that steer traffic", "set it to 60s or less"
            )


class Deploy(Settings):
    """How a release replaces another, and when it counts as good."""

    strategy: Literal["rolling", "canary", "bluegreen", "immediate"] = "rolling"
    """How machines are replaced. Canary and bluegreen are impossible with volumes."""
    unavailable_percent: Percent = 25
    """How many machines may be away at once, at the most."""
    wait: Annotated[timedelta, Between("10s", "1h")] = timedelta(minutes=5)
    """How long the checks may take to pass."""
    gate_path: HttpPath
    """What is asked from outside once all checks pass."""
    gate_successes: Annotated[int, Field(ge=1, le=100)] = 3
    """How many answers in a row must be good before the release stands; otherwise it is rolled back."""


class FlyShutdown(Settings):
    """How a machine stops."""

    signal: Literal["SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR1", "SIGUSR2"] = "SIGTERM"
    """The signal that asks the app to stop. Fly.io's own default is SIGINT."""
    timeout: Annotated[timedelta, Between("1s", "300s")] = timedelta(seconds=30)
    """How long it may take before it is killed."""
    phases: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")], Annotated[timedelta, Between("1s", "300s")]
    ] = {}
    """What the app does in that time, one after the other."""

    def broken(self) -> Iterator[Broken]:
        needed = sum(self.phases.values(), timedelta())
        if needed > self.timeout:
            yield Broken(
                ("timeout",),
                f"{show(self.timeout)} is shorter than the {show(needed)} that the phases take together",
                f"set it to {show(needed)} or more",
            )


class MetricsEndpoint(Settings):
    """Where Fly.io's Prometheus finds the app's metrics. On the public port they are public."""

    port: Annotated[int, Field(ge=1, le=65535)]
    """The port; the app must listen on all addresses there."""
    path: HttpPath = "/metrics"
    """The path."""


class AwsSecret(Settings):
    """A secret's value kept in AWS Secrets Manager, read with the operator's own AWS credentials."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=2048), Field(examples=["my-app/production"])]
    """The secret's name or ARN."""
    key: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    """The key in it, when its value is a JSON object."""
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$"), Field(examples=["us-west-1"])]
    """The AWS region that it lies in."""


class FlySecret(Settings):
    """A secret of the app, delivered to Fly.io's vault."""

    aws: AwsSecret | None = None
    """Where its value comes from, when not from the stack's config."""


class FlyApp(Settings):
    """An app of machines on Fly.io. It costs its running machines, their stopped disks, and volumes."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,61}[a-z0-9]$"), Field(examples=["my-app"])]
    """The app's name: unique among all apps on Fly.io."""
    organization: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")] = "personal"
    """The slug of the Fly.io organization that owns it."""
    region: Region
    """The region that machines run in."""
    image: (
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9./:_-]+(@sha256:[0-9a-f]{64})?$", max_length=512)] | None
    ) = None
    """The image to deploy, with a tag that is not `latest`, or a digest. Either this or `build`."""
    build: Build | None = None
    """Build the image instead."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    """The port that the app listens on; it gets it as PORT."""
    machines: Machines
    """The machines."""
    concurrency: Concurrency
    """How much a machine takes on."""
    checks: Annotated[
        dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")], FlyCheck], Field(min_length=1)
    ]
    """The health checks by name."""
    deploy: Deploy
    """How releases go out."""
    shutdown: FlyShutdown = FlyShutdown()
    """How machines stop."""
    node_heap_mb: Annotated[int, Field(ge=64)] | None = None
    """The limit of Node's heap, given to it in NODE_OPTIONS."""
    variables: dict[VariableName, str] = {}
    """Plain variables. PORT and NODE_OPTIONS are set by `port` and `node_heap_mb`."""
    secrets: dict[VariableName, FlySecret] = {}
    """Secret variables."""
    headers: dict[Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")], str | None] = {}
    """Response headers that Fly.io's proxy sets; null removes one."""
    metrics: MetricsEndpoint | None = None
    """The app's own metrics."""
    volume: Volume | None = None
    """The one volume of each machine."""

    @property
    def single(self) -> bool:
        """Whether more than one machine would mean different data on each."""
        return self.volume is not None and self.volume.holds == "state"

    def broken(self) -> Iterator[Broken]:
        yield from self._image_rules()
        yield from self._variable_rules()
        yield from self._machine_rules()
        if self.metrics and self.metrics.path in {check.path for check in self.checks.values()}:
            yield Broken(
                ("metrics", "path"), f"{self.metrics.path} is a health check's path", "give metrics a path of their own"
            )

    def _image_rules(self) -> Iterator[Broken]:
        if (self.image is None) == (self.build is None):
            found = "neither image nor build is set" if self.image is None else "image and build are both set"
            yield Broken((), found, "set exactly one of the two")
        if self.image and "@" not in self.image:
            tag = self.image.rpartition("/")[2].partition(":")[2]
            if tag in {"", "latest"}:
                yield Broken(
                    ("image",), f"{self.image} names no fixed image", "use a version tag or a digest (@sha256:…)"
                )

    def _variable_rules(self) -> Iterator[Broken]:
        for name in sorted(self.variables.keys() & self.secrets.keys()):
            yield Broken(("variables", name), f"{name} is a plain variable and a secret", "keep it under secrets only")
        for group, names in (("variables", self.variables), ("secrets", self.secrets)):
            for name in names:
                if name.startswith("FLY_"):
                    yield Broken((group, name), f"{name}: names with FLY_ belong to Fly.io", "rename it")
                if name == "PORT":
                    yield Broken((group, name), "PORT is set from `port`", "remove it")
        options = self.variables.get("NODE_OPTIONS", "")
        if _REMOVED_NODE_OPTION in options:
            yield Broken(
                ("variables", "NODE_OPTIONS"),
                f"Node does not start with {_REMOVED_NODE_OPTION} in NODE_OPTIONS (exit code 9 in Node 20)",
                "put it on the command line: node --optimize-for-size server.js",
            )
        if self.node_heap_mb and "--max-old-space-size" in options:
            yield Broken(
                ("variables", "NODE_OPTIONS"), "the heap is limited by node_heap_mb already", "keep one of the two"
            )
        limit = int(self.machines.memory_mb * HEAP_SHARE)
        if self.node_heap_mb and self.node_heap_mb > limit:
            yield Broken(
                ("node_heap_mb",),
                f"{self.node_heap_mb} MB is more than 75 % of the machine's {self.machines.memory_mb} MB",
                f"set it to {limit} or less",
            )

    def _machine_rules(self) -> Iterator[Broken]:
        if self.single and self.machines.maximum > 1:
            yield Broken(
                ("machines", "maximum"),
                f"{self.machines.maximum} machines with state in files on their volumes would hold different data",
                "set maximum: 1, or move the state to a database",
            )
        if self.volume and self.deploy.strategy in {"canary", "bluegreen"}:
            yield Broken(
                ("deploy", "strategy"),
                f"{self.deploy.strategy} is not possible with a volume, which stays with its machine",
                "use rolling",
            )
        steering = [name for name, check in self.checks.items() if check.steers == "traffic"]
        if not steering:
            yield Broken(
                ("checks",),
                "no check steers traffic, so a broken machine would keep getting requests",
                "let one steer traffic",
            )
        for name, check in self.checks.items():
            if self.deploy.wait < check.grace + 2 * check.interval:
                needed = show(check.grace + 2 * check.interval)
                yield Broken(
                    ("deploy", "wait"),
                    f"{show(self.deploy.wait)} is over before the check {name} can pass twice",
                    f"set it to {needed} or more",
                )
