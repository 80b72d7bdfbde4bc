"""What systems have on every platform."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Final

from pydantic import Field

from settings.answer import Answer
from settings.app import AwsSecret
from settings.backup import Backup
from settings.database import SOURCE_SECRET, Database
from settings.edge import Edge
from settings.load_test import LoadTest
from settings.model import HttpPath, Settings, line
from settings.monitoring import Monitoring
from settings.problem import Broken, Path

REDIS_VARIABLES: Final = ("REDIS_HOST", "REDIS_PORT", "REDIS_URL")
"""What an app with Redis is given: host and port plainly, the URL as a secret."""

DATABASE_VARIABLES: Final = ("DATABASE_URL", "DIRECT_URL")
"""What an app with a database is given, both as secrets: the way through the pool, and the way past it."""


class AnySystem(Settings):
    """What systems have on every platform."""

    description: Annotated[str, line("A site in two replicas in Frankfurt")]
    """One sentence: what it is."""
    edge: Edge | None = None
    """Domains and DNS. Without it the app is reached under its default host name only."""
    database: Annotated[Database, Field(examples=[{"on": "external"}])] | None = None
    """PostgreSQL. The app gets its URL as DATABASE_URL, and past the pool, for migrations, as DIRECT_URL."""
    monitoring: Monitoring | None = None
    """Probes, limits and alerts."""
    answers: Annotated[dict[HttpPath, Answer], Field(max_length=20)] = Field(default_factory=dict)
    """What pages with JSON must say, by path. `verify` asks them."""
    load_test: LoadTest | None = None
    """What a load test does. It must reach `monitoring.thresholds.load`."""
    backup: Backup = Backup()
    """What `backup` keeps, and where."""

    @property
    def needed_secrets(self) -> dict[str, Path]:
        """Every secret that must have a value before the system can be deployed, with the setting that asks for it."""
        slack = self.monitoring.notify.slack if self.monitoring else None
        needed: dict[str, Path] = {}
        if slack:
            needed[slack.webhook_secret] = ("monitoring", "notify", "slack", "webhook_secret")
        for name, place in (self.monitoring.watch.secrets if self.monitoring else {}).items():
            needed[name] = ("monitoring", "watch", *place)
        if self.database and self.database.on == "external":
            needed[SOURCE_SECRET] = ("database", "on")
        if self.edge:
            needed |= {name: ("edge", *place) for name, place in self.edge.secrets.items()}
        return needed

    @property
    def secret_names(self) -> frozenset[str]:
        """The names of the needed secrets."""
        return frozenset(self.needed_secrets)

    @property
    def aws_secrets(self) -> dict[str, AwsSecret]:
        """The secrets whose values lie in AWS Secrets Manager, and where."""
        return {}

    @property
    def host_names(self) -> tuple[str, ...]:
        """The domains that visitors use, the primary one first."""
        domains = self.edge.domains if self.edge else ()
        return tuple(domain.name for domain in sorted(domains, key=lambda domain: domain.role != "primary"))

    def _clashes(self, variables: Mapping[str, str], secrets: Collection[str], *, redis: bool) -> Iterator[Broken]:
        """Variables of the app that have the name of a secret which is not the app's own, or of what it is given."""
        given = {name: "redis" for name in REDIS_VARIABLES if redis}
        given |= {name: "database" for name in DATABASE_VARIABLES if self.database}
        for name, part in given.items():
            for group, names in (("variables", variables), ("secrets", secrets)):
                if name in names:
                    yield Broken(
                        ("app", group, name), f"{name} is given to the app by {part}", "remove it here", ((part,),)
                    )
        for name, place in self.needed_secrets.items():
            if name in variables and name not in secrets:
                yield Broken(
                    ("app", "variables", name),
                    f"{name} is a plain variable of the app and a secret of the system",
                    "rename the variable",
                    compared=(place,),
                )
