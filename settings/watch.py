"""How the monitor watches a system: how often it asks, when it believes what it sees, and whom it tells itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from settings.constraint import Text
from settings.duration import Between, show
from settings.model import HostName, Settings, VariableName, line
from settings.problem import Broken

EmailAddress = Annotated[
    str, Text("an e-mail address", r"[^@\s]+@[^@\s]+\.[A-Za-z][A-Za-z0-9-]*", "operations@example.com", 100)
]


class PagerDuty(Settings):
    """A service at PagerDuty that gets what is critical (Events API v2)."""

    routing_key_secret: VariableName = "PAGERDUTY_ROUTING_KEY"  # noqa: S105  the secret's name, not its value
    """The name of the secret that holds the integration's routing key."""


class Webhook(Settings):
    """A web service that gets every notice as JSON, signed."""

    url_secret: VariableName = "ALERT_WEBHOOK_URL"  # noqa: S105  the secret's name, not its value
    """The name of the secret that holds its URL."""
    key_secret: VariableName = "ALERT_WEBHOOK_KEY"  # noqa: S105  the secret's name, not its value
    """The name of the secret that signs a notice (HMAC-SHA256, in the header X-Slipway-Signature)."""


class Mail(Settings):
    """The server that takes the monitor's mail to `notify.emails`, on an encrypted connection."""

    host: HostName
    """The server."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """Its port: 465 is encrypted from the start, any other by STARTTLS."""
    user: Annotated[str, line("alerts@example.com")] | None = Field(None, examples=["alerts@example.com"])
    """The login; none when the server asks for none."""
    password_secret: VariableName = "SMTP_PASSWORD"  # noqa: S105  the secret's name, not its value
    """The name of the secret that holds the login's password."""
    sender: EmailAddress
    """Whom the mail is from."""


class Watch(Settings):
    """How often the monitor asks, when it believes what it sees, and whom it tells beside `notify`."""

    interval: Annotated[timedelta, Between("10s", "1h")] = timedelta(seconds=60)
    """The time from one round of questions to the next."""
    timeout: Annotated[timedelta, Between("1s", "90s")] = timedelta(seconds=10)
    """How long an answer may take before it counts as none."""
    failures: Annotated[int, Field(ge=1, le=20)] = 3
    """So many failures in a row are an outage."""
    successes: Annotated[int, Field(ge=1, le=20)] = 2
    """So many good rounds in a row end an alert."""
    cooldown: Annotated[timedelta, Between("0s", "1d")] = timedelta(minutes=15)
    """An alert that was told is not told anew for so long, however often it comes and goes."""
    repeat: Annotated[timedelta, Between("5m", "7d")] = timedelta(hours=4)
    """An alert that lasts is told again after so long."""
    pagerduty: Annotated[PagerDuty, Field(examples=[{}])] | None = None
    """A service at PagerDuty, for what is critical."""
    webhook: Annotated[Webhook, Field(examples=[{}])] | None = None
    """A web service that gets everything."""
    mail: Annotated[Mail, Field(examples=[{"host": "smtp.example.com", "sender": "alerts@example.com"}])] | None = None
    """Mail to `notify.emails`."""

    @property
    def secrets(self) -> dict[str, tuple[str, ...]]:
        """The secrets that telling needs, with the setting that asks for each."""
        found: dict[str, tuple[str, ...]] = {}
        if self.pagerduty:
            found[self.pagerduty.routing_key_secret] = ("pagerduty", "routing_key_secret")
        if self.webhook:
            found[self.webhook.url_secret] = ("webhook", "url_secret")
            found[self.webhook.key_secret] = ("webhook", "key_secret")
        if self.mail and self.mail.user:
            found[self.mail.password_secret] = ("mail", "password_secret")
        return found

    def broken(self) -> Iterator[Broken]:
        if self.timeout >= self.interval:
            yield Broken(
                ("timeout",),
                f"{show(self.timeout)} is not shorter than the interval of {show(self.interval)}",
                "shorten the timeout or lengthen the interval",
                compared=(("interval",),),
            )
        if self.repeat < self.cooldown:
            yield Broken(
                ("repeat",),
                f"{show(self.repeat)} is shorter than the cooldown of {show(self.cooldown)}",
                "lengthen repeat or shorten the cooldown",
                compared=(("cooldown",),),
            )
