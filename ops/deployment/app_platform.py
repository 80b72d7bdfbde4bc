"""App Platform's own part of a deployment: code that the engine does not see, and the way back to code that ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ops.clouds.app_platform import GOOD_PHASES, App, Deployment
from ops.clouds.digitalocean import DigitalOcean
from ops.clouds.errors import NotThere
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from settings.digitalocean_system import DigitalOceanSystem

WAIT_SECONDS: Final = 1800.0
"""How long a deployment with a build may take."""


def active(surroundings: Surroundings) -> dict[str, str]:
    """The deployment that serves, by app of the stack. Raises what the client raises."""
    return {app.name: app.active_deployment.id if app.active_deployment else "" for _, _, app in _apps(surroundings)}


def deploy_code(surroundings: Surroundings, before: Mapping[str, str]) -> Iterator[str]:
    """Deploy the head of its branch for every app that the engine left as it was: `before` is what was active then.

    An app that the platform deploys with every push is left alone. Raises OperationError for a deployment that failed.
    """
    for client, system, app in _apps(surroundings):
        untouched = app.active_deployment is not None and app.active_deployment.id == before.get(app.name)
        if app.under_way:
            _require_good(app, client.wait(app.id, app.under_way.id, WAIT_SECONDS))
        elif untouched and not system.app.github.deploy_on_push:
            started = client.deploy(app.id, force_build=False)
            _require_good(app, client.wait(app.id, started.id, WAIT_SECONDS))
        else:
            continue
        yield f"{app.name} deployed from {system.app.github.branch}"


def bring_back(surroundings: Surroundings, wanted: Mapping[str, str]) -> Iterator[str]:
    """Have every app run the deployment `wanted` of it once more: validate, roll back, commit.

    A rollback that was cut off is gone on with. Raises OperationError when the platform refuses or fails.
    """
    for client, _, app in _apps(surroundings):
        goal = wanted.get(app.name)
        if goal and _bring_back(client, app, goal):
            yield f"{app.name} rolled back to {goal}"


def would_bring_back(surroundings: Surroundings, wanted: Mapping[str, str]) -> Iterator[str]:
    """What `bring_back` would do. Raises OperationError where the platform would refuse."""
    for client, _, app in _apps(surroundings):
        goal = wanted.get(app.name)
        if goal and not _runs(app, goal):
            _require_possible(client, app, goal)
            yield f"{app.name} would be rolled back to {goal}"


def _bring_back(client: DigitalOcean, app: App, goal: str) -> bool:
    """Whether anything had to be done."""
    if app.pinned_deployment:
        pinned = client.wait(app.id, app.pinned_deployment.id, WAIT_SECONDS)
    elif app.under_way:
        client.wait(app.id, app.under_way.id, WAIT_SECONDS)
        return _bring_back(client, client.app(app.id), goal)
    elif _runs(app, goal):
        return False
    else:
        _require_possible(client, app, goal)
        pinned = client.wait(app.id, client.roll_back(app.id, goal).id, WAIT_SECONDS)
    _require_good(app, pinned)
    client.commit_rollback(app.id)
    return True


def _runs(app: App, goal: str) -> bool:
    """Whether the deployment, or a rollback to it, serves."""
    active = app.active_deployment
    return active is not None and not app.pinned_deployment and goal in (active.id, active.cloned_from)


def _require_possible(client: DigitalOcean, app: App, goal: str) -> None:
    check = client.validate_rollback(app.id, goal)
    if not check.valid:
        why = check.error.message if check.error else "it does not say why"
        raise OperationError(f"App Platform cannot roll {app.name} back to {goal}: {why}", ExitCode.REFUSED)


def _require_good(app: App, deployment: Deployment) -> None:
    if deployment.phase not in GOOD_PHASES:
        why = f": {deployment.reason}" if deployment.reason else ""
        raise OperationError(
            f"the deployment {deployment.id} of {app.name} is {deployment.phase}{why}", ExitCode.ENGINE
        )


def _apps(surroundings: Surroundings) -> Iterator[tuple[DigitalOcean, DigitalOceanSystem, App]]:
    """The stack's apps that are there. No token is needed where there are none."""
    for system in surroundings.stack.systems.values():
        if isinstance(system, DigitalOceanSystem):
            client = DigitalOcean(surroundings.environment)
            try:
                yield client, system, client.app_named(surroundings.app_name(system))
            except NotThere:
                continue
