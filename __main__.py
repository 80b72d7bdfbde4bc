"""What `pulumi up` runs: load the settings, build the systems, export what people need."""

from __future__ import annotations

import gc
import os

# The program lives for a second and lets go of nothing: without collections it takes a fifth less.
gc.disable()
# There are none, and pydantic looks through every installed package for them.
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "true"

from pathlib import Path

import pulumi

# The SDK says every step it takes, about 200, and waits for the engine's answer each time: a sixth of the program's
# time for lines that only `--debug` shows.
pulumi.log.debug = lambda *_, **__: None

from components.deployed import OUTPUT, Deployed, OtherAppDeployedError, last_deployed
from fly.resources import start_provider

last = last_deployed()
if any(deployed.fly_app for deployed in last.values()):
    # Before the other imports, which take as long as the provider takes to start.
    start_provider()

from components.entry_points import ForeignRulesetError
from components.system import System
from components.worker_script import WorkerNotFoundError
from components.zone_edge import ZoneEdge
from planning.edge_rulesets import zone_plans
from settings.config import values
from settings.load import load
from settings.problem import SettingsError

try:
    stack = load(
        Path(__file__).parent,
        pulumi.get_stack(),
        config=values(pulumi.Config()),
        volumes={name: deployed.volumes for name, deployed in last.items()},
    )
    zones = {
        plan.zone: ZoneEdge(
            plan,
            environment=stack.environment,
            secrets=stack.secrets,
            deployed=last.get(plan.zone, Deployed()).rulesets,
        )
        for plan in zone_plans(stack)
    }
    systems = {
        name: System(
            name,
            settings,
            environment=stack.environment,
            secrets=stack.secrets.get(name, {}),
            deployed=last.get(name, Deployed()),
            zone=zones.get(settings.edge.zone) if settings.edge else None,
        )
        for name, settings in stack.systems.items()
    }
except (SettingsError, OtherAppDeployedError, ForeignRulesetError, WorkerNotFoundError) as error:
    raise pulumi.RunError(str(error)) from None

for name, system in systems.items():
    pulumi.export(name, system.outputs)
pulumi.export(OUTPUT, {name: part.deployed for name, part in [*systems.items(), *zones.items()]})

# At its end the interpreter looks once more for cycles among all of it, for a tenth of a second.
gc.freeze()
