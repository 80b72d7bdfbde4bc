"""What is watched from outside and inside: the one list of thresholds that alerts, checks and gates are made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from settings.constraint import Distinct, Text
from settings.duration import Between, show
from settings.model import HttpPath, Percent, Settings, VariableName
from settings.problem import Broken
from settings.thresholds import Thresholds
from settings.watch import EmailAddress, Watch

ProbeRegion = Literal["us_east", "us_west", "eu_west", "se_asia"]
AlertPeriod = Literal["2m", "3m", "5m", "10m", "15m", "30m", "1h"]


ProbeName = Annotated[
    str,
    Text(
        "a name of at most 31 lower-case letters, digits and hyphens, a letter first", "[a-z][a-z0-9-]*", "health", 31
    ),
]
JsonKey = Annotated[str, Text("a key of a JSON object: letters, digits and _", r"[A-Za-z_][A-Za-z0-9_]*", "keys", 64)]


class Probe(Settings):
    """A page that is asked from outside, again and again (a DigitalOcean uptime check)."""

    path: HttpPath
    """The path to ask, on the system's primary domain."""
    slow_above: Annotated[tuple[Annotated[timedelta, Between("1ms", "60s", "1ms")], ...], Field(max_length=3)] = ()
    """Response times that raise an alert each, the target first."""
    slow_for: AlertPeriod = "5m"
    """For how long an answer must be too slow before the alert is raised."""
    down_for: AlertPeriod = "2m"
    """For how long all regions must find it down before the alert is raised."""
    failures: Annotated[int, Field(ge=1, le=20, examples=[3])] | None = None
    """So many failures in a row are an outage, when not as many as `watch.failures` says. The monitor counts."""
    json_list: JsonKey | None = None
    """The monitor wants a JSON object with entries in this list, such as the `keys` of a JWKS."""

    def broken(self) -> Iterator[Broken]:
        if list(self.slow_above) != sorted(set(self.slow_above)):
            shown = ", ".join(show(limit) for limit in self.slow_above)
            yield Broken(
                ("slow_above",),
                f"{shown} is not in rising order",
                "put the target first and the higher limits after it",
            )


class SlackChannel(Settings):
    """A Slack channel that gets the alerts."""

    channel: Annotated[str, Text("a Slack channel in lower case with its #", "#[a-z0-9_-]{1,80}", "#alerts", 81)]
    """The channel, with its `#`."""
    webhook_secret: VariableName = "SLACK_WEBHOOK_URL"  # noqa: S105  the secret's name, not its value
    """The name of the secret that holds the incoming webhook's URL."""


class Notify(Settings):
    """Who hears of it."""

    emails: Annotated[tuple[EmailAddress, ...], Field(max_length=20), Distinct()] = ()
    """E-mail addresses. DigitalOcean takes only verified members of the team."""
    slack: SlackChannel | None = Field(None, examples=[{"channel": "#alerts"}])
    """A Slack channel."""

    def broken(self) -> Iterator[Broken]:
        if not self.emails and not self.slack:
            yield Broken((), "nobody is notified", "name an e-mail address or a Slack channel")


class Monitoring(Settings):
    """Probes from outside, limits inside, and who hears of it."""

    notify: Notify
    """Who hears of it."""
    regions: Annotated[tuple[ProbeRegion, ...], Field(min_length=1), Distinct()]
    """Where the probes ask from. Distance counts as response time: choose regions near the app."""
    probes: Annotated[dict[ProbeName, Probe], Field(min_length=1, max_length=20)]
    """The probes by name."""
    certificate_days: Annotated[int, Field(ge=1, le=90)] = 14
    """Raise an alert when a certificate has fewer days left than this."""
    memory_percent: Percent | None = None
    """Raise an alert when an instance uses more of its memory than this."""
    memory_critical_percent: Percent | None = None
    """Raise a critical one when it uses more than this."""
    cpu_percent: Percent | None = None
    """Raise an alert when an instance uses more CPU than this."""
    uptime_percent: Annotated[float, Field(ge=90, lt=100, examples=[99.9])] | None = None
    """The share of time that the system promises to be up, for reports."""
    watch: Watch = Watch()
    """How the monitor watches."""
    thresholds: Thresholds | None = None
    """Further numbers that say when the system is not well."""

    def broken(self) -> Iterator[Broken]:
        if self.thresholds and self.thresholds.memory_mb and self.memory_percent:
            yield Broken(
                ("thresholds", "memory_mb"),
                f"memory is limited to {self.memory_percent} % already",
                "keep one of the two: memory_percent: null takes the other one away",
                compared=(("memory_percent",),),
            )
        yield from self._memory()
        slowest = max((limit for probe in self.probes.values() for limit in probe.slow_above), default=timedelta())
        if slowest >= self.watch.timeout:
            yield Broken(
                ("watch", "timeout"),
                f"an answer that takes {show(slowest)} is never seen: the monitor waits {show(self.watch.timeout)}",
                f"set it to more than {show(slowest)}",
                compared=(("probes",),),
            )
        if self.watch.mail and not self.notify.emails:
            yield Broken(
                ("watch", "mail"),
                "there is no address to send mail to",
                "name one in notify.emails, or remove mail",
                compared=(("notify", "emails"),),
            )

    def _memory(self) -> Iterator[Broken]:
        """The critical limit lies above the one that warns, and there is one that warns."""
        place, critical = ("memory_critical_percent",), self.memory_critical_percent
        if critical and self.memory_percent and critical <= self.memory_percent:
            yield Broken(
                place,
                f"{critical} % is not more than the {self.memory_percent} % that warn",
                f"set it to more than {self.memory_percent}",
                compared=(("memory_percent",),),
            )
        if critical and not self.memory_percent and not (self.thresholds and self.thresholds.memory_mb):
            yield Broken(
                place, "nothing warns before it", "set memory_percent as well", compared=(("memory_percent",),)
            )
