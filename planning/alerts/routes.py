"""Alertmanager: who hears of which alert, how often, and what is not told beside something worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from settings.duration import show
from settings.monitoring import Monitoring
from settings.system import System

SECRETS: Final = "/etc/alertmanager/secrets"
"""Where Alertmanager finds the secrets, a file each, named `<system>.<SECRET>`: none stands in its configuration."""


def routes(systems: Mapping[str, System]) -> dict[str, Any]:
    """The configuration (Alertmanager docs `configuration`, 0.25: the first with routing keys in files).

    A signed webhook has no receiver: Alertmanager cannot sign.
    """
    watched = {name: system.monitoring for name, system in systems.items() if system.monitoring}
    return {
        "route": {
            "receiver": "nobody",
            "group_by": ["system", "alertname"],
            "routes": [_route(name, monitoring) for name, monitoring in watched.items()],
        },
        "inhibit_rules": [
            # The higher limit on the same number says it all.
            _inhibits(['severity="critical"'], 'severity="warning"', ["system", "measure"]),
            # Nothing runs: of course it does not answer, and no answer comes fast.
            _inhibits(
                ['measure="machines"', 'severity="critical"'],
                'measure=~"(answers|response time|flapping) .*"',
                ["system"],
            ),
        ],
        "receivers": [
            {"name": "nobody"},
            *(
                receiver
                for name, monitoring in watched.items()
                for receiver in (_receiver(name, monitoring), _pager(name, monitoring))
                if receiver
            ),
        ],
    }


def _inhibits(source: list[str], target: str, equal: list[str]) -> dict[str, Any]:
    return {"source_matchers": source, "target_matchers": [target], "equal": equal}


def _route(name: str, monitoring: Monitoring) -> dict[str, Any]:
    watch = monitoring.watch
    route: dict[str, Any] = {
        "receiver": name,
        "matchers": [f'system="{name}"'],
        "group_wait": "0s",
        # A group that was told is not told anew before the cooldown is over.
        "group_interval": show(watch.cooldown) if watch.cooldown else "1s",
        "repeat_interval": show(watch.repeat),
    }
    if watch.pagerduty:
        pager = {"receiver": f"{name}-pager", "matchers": ['severity="critical"'], "continue": True}
        route["routes"] = [pager, {"receiver": name}]
    return route


def _receiver(name: str, monitoring: Monitoring) -> dict[str, Any]:
    receiver: dict[str, Any] = {"name": name}
    slack, mail = monitoring.notify.slack, monitoring.watch.mail
    if slack:
        receiver["slack_configs"] = [
            {
                "api_url_file": f"{SECRETS}/{name}.{slack.webhook_secret}",
                "channel": slack.channel,
                "send_resolved": True,
                "title": "{{ .CommonAnnotations.summary }}",
            }
        ]
    if mail:
        login = {"auth_username": mail.user, "auth_password_file": f"{SECRETS}/{name}.{mail.password_secret}"}
        receiver["email_configs"] = [
            {
                "to": ", ".join(sorted(monitoring.notify.emails)),
                "from": mail.sender,
                "smarthost": f"{mail.host}:{mail.port}",
                **(login if mail.user else {}),
                "send_resolved": True,
            }
        ]
    return receiver


def _pager(name: str, monitoring: Monitoring) -> dict[str, Any] | None:
    pagerduty = monitoring.watch.pagerduty
    if pagerduty is None:
        return None
    key = f"{SECRETS}/{name}.{pagerduty.routing_key_secret}"
    return {
        "name": f"{name}-pager",
        "pagerduty_configs": [
            {
                "routing_key_file": key,
                "severity": "critical",
                "send_resolved": True,
                "description": "{{ .CommonAnnotations.summary }}",
            }
        ],
    }
