"""A stack: one environment, the systems in it, and the values of their secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from pydantic import Field, SecretStr, StringConstraints

from settings.model import Settings
from settings.problem import Broken
from settings.system import DigitalOceanSystem, System, SystemName

NAMESPACE: Final = "slipway"
"""The project's name, and the prefix of its keys in a stack file."""


class StackSettings(Settings):
    """What a stack file says about Slipway, systems merged in."""

    environment: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,14}$"), Field(examples=["production"])]
    """The environment. `production` names resources as the systems say; any other adds its name to theirs."""
    systems: dict[SystemName, System]
    """The systems to run, and what differs here from their files: `tetrix: {}` takes systems/tetrix.yaml as it is."""

    def broken(self) -> Iterator[Broken]:
        if not self.systems:
            yield Broken(("systems",), "no system is selected", "name at least one, such as tetrix: {}")
        apps: dict[str, str] = {}
        hosts: dict[str, str] = {}
        adopted: dict[Any, str] = {}
        for name, system in self.systems.items():
            app = system.app.name
            if app in apps:
                yield Broken(
                    ("systems", name, "app", "name"), f"{app} is the app of {apps[app]}, too", "rename one of them"
                )
            apps.setdefault(app, name)
            adopt = system.app.adopt if isinstance(system, DigitalOceanSystem) else None
            if adopt and adopt in adopted:
                yield Broken(
                    ("systems", name, "app", "adopt"), f"{adopt} is adopted by {adopted[adopt]}, too", "adopt it once"
                )
            adopted.setdefault(adopt, name)
            for host in system.host_names:
                if host in hosts and hosts[host] != name:
                    yield Broken(
                        ("systems", name, "edge", "domains"),
                        f"{host} is claimed by {hosts[host]}, too",
                        "give it to one of them",
                    )
                hosts.setdefault(host, name)


@dataclass(frozen=True)
class Stack:
    """A stack ready to be planned: everything in it is valid."""

    name: str
    environment: str
    systems: Mapping[str, System]
    secrets: Mapping[str, Mapping[str, SecretStr]] = field(default_factory=dict, repr=False)
    missing_secrets: tuple[tuple[str, str], ...] = ()
    """(system, secret) pairs that have no value yet."""
