"""An app on DigitalOcean App Platform: where its code comes from, how it is built, run, checked and stopped.

Bounds are those of the API description (digitalocean/openapi, models of `apps`) and of the Terraform provider, 2026-08.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from settings.constraint import Distinct, Text, refusal
from settings.digitalocean import APP_REGIONS, DATABASE_REGIONS, DEPRECATED_SIZES, INSTANCE_SIZES
from settings.duration import Between, show
from settings.model import HttpPath, Percent, Settings, VariableName, Variables, line
from settings.problem import Broken, did_you_mean, shown


def _known_region(value: str) -> str:
    if value in APP_REGIONS:
        return value
    way_out = did_you_mean(value, APP_REGIONS)
    if value in DATABASE_REGIONS:
        way_out = f'App Platform writes it without the number: "{value.rstrip("0123456789")}"'
    raise refusal(f"{shown(value)} is not a region of App Platform", way_out)


def _known_size(value: str) -> str:
    if value in INSTANCE_SIZES:
        return value
    if successor := DEPRECATED_SIZES.get(value):
        raise refusal(f"{shown(value)} was withdrawn by App Platform", f'use its successor "{successor}"')
    raise refusal(f"{shown(value)} is not an instance size of App Platform", did_you_mean(value, INSTANCE_SIZES))


AppName = Annotated[
    str,
    Text(
        "a name of 2 to 32 lower-case letters, digits and hyphens, a letter first and no hyphen last",
        "[a-z][a-z0-9-]{0,30}[a-z0-9]",
        "my-app",
        32,
    ),
]
Region = Annotated[
    str, AfterValidator(_known_region), Field(json_schema_extra={"enum": list(APP_REGIONS)}, examples=["fra"])
]
Size = Annotated[
    str,
    AfterValidator(_known_size),
    Field(json_schema_extra={"enum": list(INSTANCE_SIZES)}, examples=["apps-d-1vcpu-1gb"]),
]
Origin = Annotated[
    str,
    Text(
        "an exact origin: https, a host name in lower case, a port if need be, and no path",
        r"https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](:[1-9][0-9]{0,4})?",
        "https://www.example.com",
        267,
    ),
]
HeaderName = Annotated[str, Text("the name of an HTTP header", r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", "Content-Type", 128)]
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class GitHubSource(Settings):
    """Code that App Platform fetches from GitHub and builds."""

    repository: Annotated[
        str,
        Text(
            "the owner and the name of a repository",
            "[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}",
            "owner/name",
            140,
        ),
    ]
    """Owner and name, as in `owner/name`. DigitalOcean's GitHub app must be allowed to read it."""
    branch: Annotated[
        str,
        Text(
            "the name of a git branch",
            r"(?![/.-])(?!.*(\.\.|//|@\{))[^\x00-\x20\x7f~^:?*\[\\]*[^\x00-\x20\x7f~^:?*\[\\/.]",
            "main",
            255,
        ),
    ] = "main"
    """The branch to build."""
    deploy_on_push: bool = False
    """Whether a push deploys by itself. Off: only `pulumi up` deploys, so nothing bypasses the preview."""


class NodeBuild(Settings):
    """How a Node.js app is built by App Platform's buildpack, from a frozen lockfile."""

    package_manager: Annotated[
        str,
        Text(
            "pnpm, npm or yarn with an exact version",
            r"(pnpm|npm|yarn)@(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)",
            "pnpm@10.18.3",
            64,
        ),
    ]
    """The package manager with its exact version, such as `pnpm@10.18.3`; the build activates exactly this one."""
    script: Annotated[str, Text("the name of a script of package.json", "[A-Za-z0-9:_-]+", "build", 64)] = "build"
    """The script of package.json that builds the app."""


class Check(Settings):
    """An HTTP check that App Platform makes on each instance."""

    path: HttpPath
    """The path to ask; any status from 200 to 399 passes."""
    initial_delay: Annotated[timedelta, Between("0s", "3600s")] = timedelta(seconds=10)
    """How long to wait after the start before the first check."""
    period: Annotated[timedelta, Between("1s", "300s")] = timedelta(seconds=10)
    """The time from one check to the next."""
    timeout: Annotated[timedelta, Between("1s", "120s")] = timedelta(seconds=5)
    """How long an answer may take; shorter than the period."""
    failures: Annotated[int, Field(ge=1, le=50)] = 3
    """How many checks in a row must fail before the instance counts as failing."""

    def broken(self) -> Iterator[Broken]:
        if self.timeout >= self.period:
            yield Broken(
                ("timeout",),
                f"{show(self.timeout)} is not shorter than the period of {show(self.period)}",
                "shorten the timeout or lengthen the period",
                compared=(("period",),),
            )


class ReadinessCheck(Check):
    """Decides whether an instance gets traffic, and whether a deployment may go on."""

    successes: Annotated[int, Field(ge=1, le=50)] = 1
    """How many checks in a row must pass before a new instance gets traffic."""


class Shutdown(Settings):
    """What happens between the decision to stop an instance and its end."""

    app_timeout: Annotated[timedelta, Between("1s", "590s")] = timedelta(seconds=30)
    """How long the app itself takes at most to finish after SIGTERM."""
    drain: Annotated[timedelta, Between("1s", "110s")] = timedelta(seconds=15)
    """How long traffic drains before SIGTERM is sent."""
    grace: Annotated[timedelta, Between("1s", "600s")] = timedelta(seconds=120)
    """How long after SIGTERM the platform kills the instance; longer than the app's own time."""

    def broken(self) -> Iterator[Broken]:
        if self.grace <= self.app_timeout:
            yield Broken(
                ("grace",),
                f"{show(self.grace)} is not longer than the {show(self.app_timeout)} that the app takes to stop",
                f"set it to more than {show(self.app_timeout)}",
                compared=(("app_timeout",),),
            )


class Autoscaling(Settings):
    """Let App Platform choose the number of instances by CPU use. Needs a dedicated size (`apps-d-…`)."""

    minimum: Annotated[int, Field(ge=1, le=250, examples=[2])]
    """The fewest instances."""
    maximum: Annotated[int, Field(ge=1, le=250, examples=[4])]
    """The most instances."""
    cpu_percent: Annotated[Percent, Field(examples=[70])]
    """The average CPU use that the platform aims at. There is no memory metric."""

    def broken(self) -> Iterator[Broken]:
        if self.minimum > self.maximum:
            yield Broken(
                ("minimum",),
                f"{self.minimum} is more than the maximum of {self.maximum}",
                "swap the two",
                compared=(("maximum",),),
            )


class Cors(Settings):
    """Which other origins may call a part of the app from a browser."""

    path: Annotated[HttpPath, Field(examples=["/api"])]
    """The path prefix that it holds for."""
    allow_origins: Annotated[tuple[Origin, ...], Field(min_length=1, max_length=100), Distinct()]
    """Exact origins, such as `https://www.example.com`."""
    allow_methods: Annotated[tuple[Method, ...], Field(min_length=1), Distinct()] = ("GET", "POST", "OPTIONS")
    """Methods that they may use."""
    allow_headers: Annotated[tuple[HeaderName, ...], Field(max_length=100), Distinct()] = (
        "Content-Type",
        "Authorization",
    )
    """Request headers that they may send."""
    max_age: Annotated[timedelta, Between("0s", "24h")] = timedelta(hours=1)
    """How long a browser may remember the answer."""


class SecretVariable(Settings):
    """A variable whose value is kept encrypted: in the stack's config and on the platform."""

    scope: Literal["run_time", "run_and_build_time"] = "run_time"
    """When the app sees it. At build time the build's own programs can read it, too."""


class AppPlatformApp(Settings):
    """An app of replicas on App Platform. It costs its instance size times its replicas."""

    name: AppName
    """The app's name: 2 to 32 lower-case letters, digits and hyphens, unique in the account."""
    region: Region
    """The region slug of App Platform, without a number: `fra`, not `fra1`."""
    adopt: UUID | None = None
    """The id of an app that exists already. The first `pulumi up` takes it over unchanged, the next one applies this
    file. It belongs into a stack file: no two stacks can have the same app."""
    github: GitHubSource
    """Where the code comes from."""
    build: NodeBuild
    """How the code becomes an app."""
    run_command: Annotated[str, line("node server.js", 1024)]
    """The command that starts the app."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    """The port that the app listens on; it gets it as PORT."""
    size: Size
    """The instance size of App Platform."""
    replicas: Annotated[int, Field(ge=1, le=250)] | None = Field(None, examples=[2])
    """The fixed number of instances. Either this or `autoscaling`."""
    autoscaling: Autoscaling | None = None
    """Let the platform choose the number of instances."""
    health: ReadinessCheck
    """Which instances get traffic. A path that reports a broken dependency as failing takes all of them out at once."""
    liveness: Check | None = None
    """Restarts an instance that fails it. Choose a cheap path that depends on nothing."""
    shutdown: Shutdown = Shutdown()
    """How an instance stops."""
    variables: Variables = Field(default_factory=dict)
    """Plain variables that the app gets at run time. PORT is set by `port`."""
    secrets: Annotated[dict[VariableName, SecretVariable], Field(max_length=500)] = Field(default_factory=dict)
    """Secret variables; their values come from the stack's config."""
    cors: Annotated[tuple[Cors, ...], Field(max_length=50)] = ()
    """Cross-origin rules by path."""

    @property
    def instances(self) -> tuple[int, int]:
        """The fewest and the most instances."""
        if self.autoscaling:
            return self.autoscaling.minimum, self.autoscaling.maximum
        return (self.replicas or 1,) * 2

    def broken(self) -> Iterator[Broken]:
        yield from self._broken_count()
        for name in sorted(self.variables.keys() & self.secrets.keys()):
            rule = f"{name} is a plain variable and a secret"
            yield Broken(("variables", name), rule, "keep it under secrets only", compared=(("secrets", name),))
        for group, names in (("variables", self.variables), ("secrets", self.secrets)):
            if "PORT" in names:
                yield Broken((group, "PORT"), "the platform sets PORT from the setting port", "remove it here")
        seen: set[str] = set()
        for index, cors in enumerate(self.cors):
            if cors.path in seen:
                rule = f"{cors.path} has a cross-origin rule already"
                yield Broken(("cors", index, "path"), rule, "merge the two rules")
            seen.add(cors.path)

    def _broken_count(self) -> Iterator[Broken]:
        size = INSTANCE_SIZES[self.size]
        if self.replicas is None and self.autoscaling is None:
            yield Broken(
                ("replicas",),
                "neither replicas nor autoscaling is set",
                "set replicas, such as replicas: 2",
                compared=(("autoscaling",),),
            )
        if self.replicas is not None and self.autoscaling is not None:
            yield Broken(
                ("replicas",),
                "a fixed number of replicas together with autoscaling",
                "remove one of the two; in a stack file, null takes away what the system says",
                compared=(("autoscaling",),),
            )
        if self.autoscaling and not size.dedicated:
            yield Broken(
                ("size",),
                f"autoscaling does not work on the shared size {size.slug}",
                "use a dedicated size such as apps-d-1vcpu-1gb, or set replicas instead",
                compared=(("autoscaling",),),
            )
        if size.single_instance and self.instances[1] > 1:
            yield Broken(
                ("size",),
                f"{size.slug} allows one instance only, and {self.instances[1]} are asked for",
                "use apps-s-1vcpu-1gb, the smallest size that allows more",
                compared=(("replicas",), ("autoscaling",)),
            )
