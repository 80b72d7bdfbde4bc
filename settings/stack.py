"""A stack: one environment, the systems in it, and the values of their secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import Field, SecretStr

from settings.constraint import Text
from settings.digitalocean_system import DigitalOceanSystem
from settings.edge_counts import broken_zones
from settings.fly_system import FlySystem
from settings.model import Settings
from settings.namespace import NAMESPACE as NAMESPACE
from settings.policies import Policies
from settings.problem import Broken, Path
from settings.system import System, SystemName


class StackSettings(Settings):
    """What a stack file says about Slipway, systems merged in."""

    environment: Annotated[
        str,
        Text("a name of 2 to 15 lower-case letters and digits, a letter first", "[a-z][a-z0-9]+", "production", 15),
    ]
    """The environment. `production` names resources as the systems say; any other adds its name to theirs."""
    systems: Annotated[dict[SystemName, System], Field(min_length=1, max_length=50)]
    """The systems to run, and what differs here from their files: `tetrix: {}` takes systems/tetrix.yaml as it is."""
    policies: Policies = Policies()
    """How the stack is held to the policies."""

    def broken(self) -> Iterator[Broken]:
        owners: dict[tuple[str, Any], str] = {}
        for name, system in self.systems.items():
            for kind, value, path, way_out in _claims(system):
                owner = owners.setdefault((kind, value), name)
                if owner != name:
                    yield Broken(
                        ("systems", name, *path),
                        f"{' '.join(value) if isinstance(value, tuple) else value} is {kind} of {owner}, too",
                        way_out,
                        compared=(("systems", owner, *path),),
                    )

        edges = {name: system.edge for name, system in self.systems.items() if system.edge}
        for name, broken in broken_zones(edges):
            yield replace(broken, path=("systems", name, "edge", *broken.path))


def _claims(system: System) -> Iterator[tuple[str, Any, Path, str]]:
    """What only one system of a stack may have: (kind, value, its place, way out)."""
    yield "the app", system.app.name, ("app", "name"), "rename one of them"
    if isinstance(system, FlySystem):
        for part, name in system.part_names.items():
            yield "the app", name, (part,), "rename one of them"
    if isinstance(system, DigitalOceanSystem) and system.app.adopt:
        yield "the adopted app", system.app.adopt, ("app", "adopt"), "adopt it in one system only"
    for host in system.host_names:
        yield "a domain", host, ("edge", "domains"), "give it to one of them"
    for label, record in (system.edge.records if system.edge else {}).items():
        yield "a record", (record.name, record.type, record.content), ("edge", "records", label), "keep one of them"
    for label, worker in (system.edge.workers if system.edge else {}).items():
        for index, route in enumerate(worker.routes):
            yield "a route", route, ("edge", "workers", label, "routes", index), "give it to one of them"


@dataclass(frozen=True)
class Stack:
    """A stack ready to be planned: everything in it is valid."""

    name: str
    environment: str
    systems: Mapping[str, System]
    secrets: Mapping[str, Mapping[str, SecretStr]] = field(default_factory=dict, repr=False)
    missing_secrets: tuple[tuple[str, str], ...] = ()
    """(system, secret) pairs that have no value yet."""
    policies: Policies = field(default_factory=Policies)
    """How it is held to the policies."""
