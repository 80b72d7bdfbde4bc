"""Looks at every system of a stack at once and shows it: a table for people, JSON for programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Column, Table

from fly.facts import Facts
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.status.app_platform import seen_on_app_platform
from ops.status.fly import seen_on_fly
from ops.status.seen import Domain, Instance, Seen
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem
from settings.system import System

_SOON_DAYS = 14


def show_status(surroundings: Surroundings, only: str | None, *, as_json: bool, console: Console) -> None:
    """Print what runs. Raises OperationError after that when something could not be looked at."""
    found = look(surroundings, surroundings.systems(only))
    if as_json:
        told = {"stack": surroundings.stack.name, "systems": [seen.as_json() for seen in found]}
        console.print(json.dumps(told, indent=1), markup=False, highlight=False, soft_wrap=True)
    else:
        for part in _pictures(found):
            console.print(part)
    troubles = [f"{seen.system}: {seen.trouble}" for seen in found if seen.trouble]
    if troubles:
        raise OperationError("\n".join(troubles), ExitCode.ENGINE)


def look(surroundings: Surroundings, systems: dict[str, System]) -> list[Seen]:
    """What is seen of these systems, in their order. Never raises for one of them: see `Seen.trouble`."""

    async def all_of_them() -> list[Seen]:
        with surroundings.fly() as facts:
            return await asyncio.gather(
                *(_look_at(surroundings, facts, name, system) for name, system in systems.items())
            )

    return asyncio.run(all_of_them())


async def _look_at(surroundings: Surroundings, facts: Facts, name: str, system: System) -> Seen:
    if isinstance(system, FlySystem):
        return await seen_on_fly(facts, name, system, surroundings.stack.environment, surroundings.options)
    app = surroundings.app_name(system)
    try:
        digitalocean = surroundings.digitalocean()
    except OperationError as error:
        return Seen(name, "digitalocean", app, trouble=str(error))
    return await asyncio.to_thread(seen_on_app_platform, digitalocean, name, app, surroundings.options)


def _pictures(found: Sequence[Seen]) -> list[Table | str]:
    columns = ("system", "part", "instance", "state", "checks", "region", "release")
    instances = Table(*(Column(name, no_wrap=True) for name in columns), Column("runs", overflow="fold"), box=None)
    domains = Table(*(Column(name, overflow="fold") for name in ("system", "domain", "state", "certificate")), box=None)
    for seen in found:
        for instance in seen.instances:
            instances.add_row(seen.system, *_cells(instance))
        if not seen.instances:
            instances.add_row(seen.system, "", "", "[red]unknown[/]" if seen.trouble else "[yellow]nothing runs[/]")
        for domain in seen.domains:
            domains.add_row(seen.system, domain.name, _state(domain), _certificate(domain))
    notes = [f"[yellow]{seen.system}[/]: {note}" for seen in found for note in seen.notes]
    parts: list[Table | str] = [instances]
    if domains.row_count:
        parts += ["", domains]
    return [*parts, "", *notes] if notes else parts


def _cells(instance: Instance) -> list[str]:
    passing, all_ = instance.checks
    colour = "green" if instance.well else "red"
    checks = f"{passing}/{all_}" if all_ else "none"
    state = f"[{colour}]{instance.state}{', cordoned' if instance.cordoned else ''}[/]"
    return [instance.part, instance.id, state, checks, instance.region, instance.release, instance.runs]


def _state(domain: Domain) -> str:
    return f"{domain.state} ({domain.reason})" if domain.reason else domain.state


def _certificate(domain: Domain) -> str:
    days = domain.days_left
    if days is None:
        return ""
    return f"[{'red' if days < _SOON_DAYS else 'green'}]{days} days left[/]"
