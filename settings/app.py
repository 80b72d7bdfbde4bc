"""An app on Fly.io: its image, its machines, its checks, and how a release replaces another.

Rules that flyctl lets through are checked here; where they come from: flyctl 0.4.80 (appconfig/validation.go), fly-go
(machine_types.go) and the fly.io docs `reference/configuration`, read 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from settings.constraint import Text
from settings.duration import Between, show
from settings.fly import Region
from settings.fly_release import Deploy, FlyShutdown
from settings.machines import Concurrency, Machines
from settings.model import HttpPath, Settings, VariableName, Variables, VariableValue, line
from settings.problem import Broken
from settings.volume import Volume

HEAP_SHARE: Final = 0.75
"""The share of a machine's memory that Node's heap may take; the rest is for buffers, code and the system."""

_REMOVED_NODE_OPTION: Final = "--optimize-for-size"


AppName = Annotated[
    str,
    Text(
        "a name of 2 to 63 lower-case letters, digits and hyphens, a letter first and no hyphen last",
        "[a-z][a-z0-9-]*[a-z0-9]",
        "my-app",
        63,
    ),
]
Organization = Annotated[
    str,
    Text("the slug of an organization: lower-case letters, digits and hyphens", "[a-z0-9][a-z0-9-]*", "personal", 63),
]
Image = Annotated[
    str,
    Text(
        "an image with its registry and a tag or digest",
        r"[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?"
        r"(@sha256:[0-9a-f]{64})?",
        "registry.fly.io/my-app:v1",
        512,
    ),
]
AwsRegion = Annotated[str, Text("a region of AWS", r"[a-z]{2}(-[a-z]+)+-[0-9]", "us-west-1", 32)]
CheckName = Annotated[
    str,
    Text(
        "a name of at most 31 lower-case letters, digits, hyphens and underscores, a letter first",
        "[a-z][a-z0-9_-]*",
        "ready",
        31,
    ),
]
HeaderName = Annotated[str, Text("the name of an HTTP header", "[A-Za-z][A-Za-z0-9-]*", "X-Frame-Options", 128)]
HeaderValue = Annotated[str, Text("one line of text", r"[^\x00-\x1f\x7f]*", "DENY", 4096)]
FilePath = Annotated[
    str,
    Text("a path inside the project, without ..", r"(?!/)(?!(.*/)?\.\.(/|$))[^\x00-\x1f\x7f]+", "app", 255),
]


class Build(Settings):
    """Build the image from a folder with a Dockerfile, on Fly.io's builder."""

    folder: FilePath
    """The folder, from the project's root."""
    dockerfile: FilePath = "Dockerfile"
    """The Dockerfile in it."""
    target: Annotated[str, line("production")] | None = None
    """The stage to build; the last one when left out."""
    arguments: Annotated[dict[VariableName, VariableValue], Field(max_length=100)] = Field(default_factory=dict)
    """Build arguments. Not for secrets: they stay visible in the image."""


class FlyCheck(Settings):
    """A health check of each machine. Fly.io never restarts a machine because of one."""

    kind: Literal["http", "tcp"] = "http"
    """An HTTP request, or just a connection."""
    path: HttpPath | None = Field(None, examples=["/ready"])
    """The path of an HTTP check; a status of 200 to 299 passes."""
    steers: Literal["traffic", "deploys"]
    """`traffic`: a machine that fails it gets no requests, and no release goes on. `deploys`: only releases wait for
    it, so that a broken dependency does not take all machines out at once."""
    interval: Annotated[timedelta, Between("2s", "1h"), Field(examples=["15s"])]
    """The time from one check to the next."""
    timeout: Annotated[timedelta, Between("1s", "60s"), Field(examples=["5s"])]
    """How long an answer may take; shorter than the interval."""
    grace: Annotated[timedelta, Between("1s", "60s")] = timedelta(seconds=10)
    """How long after its start a machine may fail it."""

    def broken(self) -> Iterator[Broken]:
        if self.timeout >= self.interval:
            yield Broken(
                ("timeout",),
                f"{show(self.timeout)} is not shorter than the interval of {show(self.interval)}",
                "shorten the timeout or lengthen the interval",
                compared=(("interval",),),
            )
        if self.kind == "http" and self.path is None:
            yield Broken(("path",), "a check of kind http needs a path", "add it", compared=(("kind",),))
        if self.kind == "tcp" and self.path is not None:
            yield Broken(("path",), "a check of kind tcp has no path", "remove it", compared=(("kind",),))
        if self.steers == "traffic" and self.kind == "tcp":
            yield Broken(
                ("kind",),
                "Fly.io's HTTP service has no TCP checks",
                "set steers: deploys, or kind: http",
                compared=(("steers",),),
            )
        if self.steers == "traffic" and self.interval > timedelta(seconds=60):
            yield Broken(
                ("interval",),
                f"{show(self.interval)} is more than the 60s that steer traffic",
                "set it to 60s or less",
                compared=(("steers",),),
            )


class MetricsEndpoint(Settings):
    """Where Fly.io's Prometheus finds the app's metrics. On the public port they are public."""

    port: Annotated[int, Field(ge=1, le=65535, examples=[9091])]
    """The port; the app must listen on all addresses there."""
    path: HttpPath = "/metrics"
    """The path."""


class AwsSecret(Settings):
    """A secret's value kept in AWS Secrets Manager, read with the operator's own AWS credentials."""

    id: Annotated[str, line("my-app/production", 2048)]
    """The secret's name or ARN."""
    key: Annotated[str, line("password")] | None = None
    """The key in it, when its value is a JSON object."""
    region: AwsRegion
    """The AWS region that it lies in."""


class FlySecret(Settings):
    """A secret of the app, delivered to Fly.io's vault."""

    aws: AwsSecret | None = None
    """Where its value comes from, when not from the stack's config."""


class FlyApp(Settings):
    """An app of machines on Fly.io. It costs its running machines, their stopped disks, and volumes."""

    name: AppName
    """The app's name: unique among all apps on Fly.io."""
    organization: Organization = "personal"
    """The slug of the Fly.io organization that owns it."""
    region: Region
    """The region that machines run in."""
    image: Image | None = Field(None, examples=["registry.fly.io/my-app:v1"])
    """The image to deploy, with a tag that is not `latest`, or a digest. Either this or `build`."""
    build: Build | None = None
    """Build the image instead."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    """The port that the app listens on; it gets it as PORT."""
    machines: Machines
    """The machines."""
    concurrency: Concurrency
    """How much a machine takes on."""
    checks: Annotated[dict[CheckName, FlyCheck], Field(min_length=1, max_length=20)]
    """The health checks by name."""
    deploy: Deploy
    """How releases go out."""
    shutdown: FlyShutdown = FlyShutdown()
    """How machines stop."""
    node_heap_mb: Annotated[int, Field(ge=64, le=131072, examples=[384])] | None = None
    """The limit of Node's heap, given to it in NODE_OPTIONS."""
    variables: Variables = Field(default_factory=dict)
    """Plain variables. PORT and NODE_OPTIONS are set by `port` and `node_heap_mb`."""
    secrets: Annotated[dict[VariableName, FlySecret], Field(max_length=500)] = Field(default_factory=dict)
    """Secret variables."""
    headers: Annotated[dict[HeaderName, HeaderValue | None], Field(max_length=100)] = Field(default_factory=dict)
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
            yield Broken(("image",), found, "set exactly one of the two", compared=(("build",),))
        if self.image and "@" not in self.image:
            tag = self.image.rpartition("/")[2].partition(":")[2]
            if tag in {"", "latest"}:
                yield Broken(
                    ("image",), f"{self.image} names no fixed image", "use a version tag or a digest (@sha256:…)"
                )

    def _variable_rules(self) -> Iterator[Broken]:
        for name in sorted(self.variables.keys() & self.secrets.keys()):
            rule = f"{name} is a plain variable and a secret"
            yield Broken(("variables", name), rule, "keep it under secrets only", compared=(("secrets", name),))
        for group, names in (("variables", self.variables), ("secrets", self.secrets)):
            for name in names:
                if name.startswith("FLY_"):
                    yield Broken((group, name), f"{name}: names with FLY_ belong to Fly.io", "rename it")
                if name == "PORT":
                    yield Broken((group, name), "the platform sets PORT from the setting port", "remove it here")
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
                compared=(("machines", "memory_mb"),),
            )

    def _machine_rules(self) -> Iterator[Broken]:
        if self.single and self.machines.maximum > 1:
            yield Broken(
                ("machines", "maximum"),
                f"{self.machines.maximum} machines with state in files on their volumes would hold different data",
                "set maximum: 1, or move the state to a database",
                compared=(("volume", "holds"),),
            )
        if self.volume:
            yield from self._volume_rules(self.volume)
        if self.volume and self.deploy.strategy in {"canary", "bluegreen"}:
            yield Broken(
                ("deploy", "strategy"),
                f"{self.deploy.strategy} is not possible with a volume, which stays with its machine",
                "use rolling",
            )
        yield from self._check_rules()

    def _volume_rules(self, volume: Volume) -> Iterator[Broken]:
        if volume.region not in (None, self.region):
            yield Broken(
                ("volume", "region"),
                f"the volume lies in {volume.region}, and the machines that mount it run in {self.region}",
                f"set it to {self.region}, or leave it out",
                compared=(("region",),),
            )
        machines = self.machines.maximum
        if volume.count is not None and volume.count < machines:
            yield Broken(
                ("volume", "count"),
                f"{volume.count} volumes are too few for {machines} machines, each of which mounts one",
                f"set it to {machines} or more, or machines.maximum to {volume.count}",
                compared=(("machines", "maximum"),),
            )

    def _check_rules(self) -> Iterator[Broken]:
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
                    compared=(("checks", name, "grace"), ("checks", name, "interval")),
                )
