"""The ways to people that a system's settings name, with their secrets."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.monitor.sinks.mail import Mail
from ops.monitor.sinks.pagerduty import URL, PagerDuty
from ops.monitor.sinks.sink import Sink
from ops.monitor.sinks.slack import Slack
from ops.monitor.sinks.webhook import Webhook
from settings.monitoring import Monitoring
from settings.secret import environment_name, set_command


def sinks(
    stack: str, name: str, monitoring: Monitoring, secrets: Mapping[str, SecretStr], environment: Mapping[str, str]
) -> list[Sink]:
    """All of them. Raises OperationError naming every secret that has no value."""
    watch, slack = monitoring.watch, monitoring.notify.slack
    wanted = [*watch.secrets, *([slack.webhook_secret] if slack else [])]
    missing = [secret for secret in wanted if secret not in secrets]
    if missing:
        ways = "\n".join(f"  {set_command(stack, name, key)}, or ${environment_name(name, key)}" for key in missing)
        raise OperationError(
            f"{name}: {', '.join(missing)} has no value, so nobody could be told:\n{ways}", ExitCode.USAGE
        )
    found: list[Sink] = []
    if slack:
        found.append(Slack(secrets[slack.webhook_secret]))
    if watch.pagerduty:
        found.append(PagerDuty(secrets[watch.pagerduty.routing_key_secret], environment.get(URL)))
    if watch.webhook:
        found.append(Webhook(secrets[watch.webhook.url_secret], secrets[watch.webhook.key_secret]))
    if watch.mail:
        password = secrets[watch.mail.password_secret] if watch.mail.user else None
        found.append(Mail(watch.mail, monitoring.notify.emails, password))
    return found
