"""Paintbox's performance profile as its files describe it, with changes, and how to build it on the strict engine."""

from __future__ import annotations

import functools
from dataclasses import replace

import pulumi
from pydantic import SecretStr

from components.deployed import OUTPUT, Deployed, last_deployed
from components.system import System
from settings.digitalocean_system import DigitalOceanSystem
from settings.document import Document
from settings.fly_system import FlySystem
from settings.read import parse
from settings.secret import made_up
from settings.system_file import with_systems
from settings.validate import validate
from tests.strict_engine import StrictEngine
from tests.tetrix import ROOT

FLY = "paintbox-performance"
DIGITALOCEAN = "paintbox-digitalocean"


def paintbox(name: str, changes: str = "{}") -> FlySystem | DigitalOceanSystem:
    """The system file with `changes`, in YAML, laid over it. They must be valid."""
    stack = Document({"environment": "production", "systems": {name: parse(changes, "changes").value}})
    found = validate(with_systems(ROOT, stack).document)
    assert not found.problems, "\n".join(map(str, found.problems))
    assert found.settings
    return found.settings.systems[name]


@functools.cache
def build(
    name: str,
    changes: str = "{}",
    *,
    environment: str = "production",
    preview: bool = False,
    after: StrictEngine | None = None,
    wanted: str = "",
) -> StrictEngine:
    """The whole system, run once on a strict engine, `after` an earlier run, which found that the app should have had
    the mark `wanted`. "planted" is in the value of every secret."""
    settings = paintbox(name, changes)
    secrets = {key: SecretStr(made_up(key, f"planted-{key}")) for key in sorted(settings.secret_names)}
    engine = StrictEngine(stack=environment, preview=preview)
    if after:
        engine.follow(after)

    def program() -> None:
        deployed = last_deployed().get(name, Deployed())
        deployed = replace(deployed, wanted=wanted or deployed.wanted)
        system = System(name, settings, environment=environment, secrets=secrets, deployed=deployed)
        pulumi.export(OUTPUT, {name: system.deployed})

    return engine.run(program)
