"""Asks the engine twice, changing nothing, and shows what differs."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from rich.console import Console
from rich.table import Column, Table

from fly.errors import FlyError
from fly.redaction import redacted
from ops.drift.changes import Change, found_live, made, planned
from ops.drift.compare import Difference, differences, shown, systems_by_resource
from ops.drift.machines import machine_changes
from ops.engine import Engine, Event, Outcome
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.logs.show import known_secrets
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem

_WORDS = {
    "drift": "[red]changed elsewhere[/]",
    "pending": "[yellow]not deployed yet[/]",
    "both": "[red]changed elsewhere[/], and [yellow]not deployed yet[/]",
}


def show_drift(surroundings: Surroundings, only: str | None, *, as_json: bool, console: Console) -> None:
    """Print every difference. Raises OperationError with `ExitCode.DRIFT` when what runs is not as it was deployed."""
    found = look(surroundings, only)
    drifted = sum(difference.drifted for difference in found)
    if as_json:
        told = {
            "stack": surroundings.stack.name,
            "drifted": bool(drifted),
            "differences": [difference.as_json() for difference in found],
        }
        text = redacted(json.dumps(told, indent=1, default=str), known_secrets(surroundings.environment))
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    elif found:
        console.print(_table(found, known_secrets(surroundings.environment)))
    else:
        console.print("settings, state and what runs agree")
    if drifted:
        things = "things are" if drifted > 1 else "thing is"
        way_out = f"./slipway deploy {surroundings.options} --yes puts back what it manages"
        raise OperationError(f"{drifted} {things} not as deployed; {way_out}", ExitCode.DRIFT)


def look(surroundings: Surroundings, only: str | None) -> list[Difference]:
    """What differs in the stack, or in one system of it. Raises OperationError when it cannot be found out."""
    systems = surroundings.systems(only)
    engine = surroundings.engine()
    resources = engine.state().get("resources") or []
    if not resources:
        way_out = f"deploy it first: ./slipway deploy {surroundings.options} --yes"
        raise OperationError(f"nothing of {surroundings.stack.name} is deployed; {way_out}", ExitCode.USAGE)
    plans = _events(engine, "preview")
    lives = found_live(_events(engine, "refresh"))
    system_of = systems_by_resource([*resources, *made(plans)], surroundings.stack.systems)
    found = [*differences(planned(plans), lives, system_of), *_machines(surroundings, only)]
    return [one for one in found if only is None or one.system in systems]


def _events(engine: Engine, verb: str) -> list[Event]:
    events: list[Event] = []
    done: Outcome = (
        engine.preview(events.append) if verb == "preview" else engine.refresh(events.append, "--preview-only")
    )
    if not done.ok:
        raise OperationError("\n".join(done.errors), ExitCode.ENGINE)
    return events


def _machines(surroundings: Surroundings, only: str | None) -> list[Difference]:
    systems = {name: one for name, one in surroundings.systems(only).items() if isinstance(one, FlySystem)}

    async def ask() -> list[tuple[str, Change]]:
        with surroundings.fly() as facts:
            return await machine_changes(surroundings, facts, systems)

    try:
        found = asyncio.run(ask())
    except FlyError as error:
        raise OperationError(str(error), ExitCode.ENGINE) from error
    return [replace(one, system=name) for name, change in found for one in differences([], [change], {})]


def _table(found: list[Difference], secrets: tuple[str, ...]) -> Table:
    columns = ("system", "resource", "property", "settings", "state", "live", "")
    table = Table(*(Column(name, overflow="fold") for name in columns), box=None)
    for one in found:
        cells = (one.system, one.resource, one.path or "the whole", *shown(one))
        table.add_row(*(redacted(cell, secrets) for cell in cells), _WORDS[one.kind])
    return table
