"""The secrets of the ways to people: from the environment, or decrypted by the engine."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from ops.errors import OperationError
from ops.surroundings import Surroundings
from settings.monitoring import Monitoring
from settings.secret import environment_name
from settings.stack import NAMESPACE


def sink_secrets(surroundings: Surroundings, systems: Mapping[str, Monitoring]) -> dict[str, dict[str, SecretStr]]:
    """By system, those that have a value. The engine is asked only when the environment does not have all.

    Raises OperationError when it cannot decrypt them.
    """
    found: dict[str, dict[str, SecretStr]] = {}
    asked: Mapping[str, Mapping[str, str]] | None = None
    for system, monitoring in systems.items():
        slack = monitoring.notify.slack
        names = [*monitoring.watch.secrets, *([slack.webhook_secret] if slack else [])]
        found[system] = {}
        for name in names:
            value = surroundings.environment.get(environment_name(system, name))
            if value is None and not surroundings.sandboxed:
                if asked is None:
                    asked = _decrypted(surroundings, environment_name(system, name))
                value = (asked.get(system) or {}).get(name)
            if value is not None:
                found[system][name] = SecretStr(value)
    return found


def _decrypted(surroundings: Surroundings, variable: str) -> Mapping[str, Mapping[str, str]]:
    try:
        return surroundings.engine().config().get(f"{NAMESPACE}:secrets") or {}
    except OperationError as error:
        message = f"{error}\nlog in to the stack's backend, or give the secrets in the environment, such as ${variable}"
        raise OperationError(message, error.exit_code) from error
