"""The secret that makes the edge let a load test pass its rate limits. It is in no message and no file of a test."""

from __future__ import annotations

import json
from typing import Any

from pydantic import SecretStr

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from planning.load_plan import LoadPlan
from settings.secret import environment_name, set_command
from settings.stack import NAMESPACE


def skip_headers(surroundings: Surroundings, plan: LoadPlan) -> dict[str, SecretStr]:
    """The headers with their values: from the environment, or else from the stack's config. Raises OperationError."""
    stack, wanted = surroundings.stack, sorted(set(plan.secret_headers.values()))
    given = {secret: surroundings.environment.get(environment_name(plan.system, secret)) for secret in wanted}
    values = {secret: value for secret, value in given.items() if value}
    elsewhere = [secret for secret in wanted if secret not in values]
    if missing := [secret for secret in elsewhere if (plan.system, secret) in stack.missing_secrets]:
        commands = "\n".join(f"  {set_command(stack.name, plan.system, secret)}" for secret in missing)
        message = f"the edge lets a load test pass only with {', '.join(missing)}; set it:\n{commands}"
        raise OperationError(message, ExitCode.USAGE)
    if elsewhere:
        values |= _configured(surroundings, plan.system)
    return {header: SecretStr(values[secret]) for header, secret in plan.secret_headers.items()}


def _configured(surroundings: Surroundings, system: str) -> dict[str, str]:
    """The system's secrets in the stack file, decrypted by the engine."""
    file = surroundings.root / f"Pulumi.{surroundings.stack.name}.yaml"
    given: dict[str, Any] = json.loads(surroundings.engine().decrypt(file, f"{NAMESPACE}:secrets"))
    return {name: str(value) for name, value in given.get(system, {}).items()}
