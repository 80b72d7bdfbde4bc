"""What the engine's provider does not compare on Fly.io: the size of each machine, and whether requests reach it."""

from __future__ import annotations

from collections.abc import Iterator

from fly.errors import NotFound
from fly.facts import Facts
from fly.models.machine import Machine
from ops.drift.changes import Change
from ops.surroundings import Surroundings
from planning.app import app_name
from settings.fly import MACHINE_SIZES
from settings.fly_system import FlySystem


async def machine_changes(
    surroundings: Surroundings, facts: Facts, systems: dict[str, FlySystem]
) -> list[tuple[str, Change]]:
    """Each with its system. An app that is not there is for the engine to tell. Raises an error of `fly.errors`."""
    found = []
    for name, system in systems.items():
        app = app_name(system.app, surroundings.stack.environment)
        try:
            machines = await facts.machines(app)
        except NotFound:
            continue
        for machine in machines:
            if machine.serves:
                found += [(name, change) for change in _of_machine(machine, system)]
    return found


def _of_machine(machine: Machine, system: FlySystem) -> Iterator[Change]:
    size = MACHINE_SIZES[system.app.machines.size]
    guest = machine.settings.guest
    label = f"machine {machine.id}"
    if guest:
        for key, wanted, found in (
            ("cpus", size.cpus, guest.cpus),
            ("cpu_kind", "shared" if size.shared else "performance", guest.cpu_kind),
            ("memory_mb", system.app.machines.memory_mb, guest.memory_mb),
        ):
            if found != wanted:
                yield Change(label, f"guest.{key}", wanted, found)
    if machine.cordoned:
        yield Change(label, "cordoned", before=False, after=True)
