"""What `pulumi up` runs: load the settings, build the systems, export what people need."""

from __future__ import annotations

from pathlib import Path

import pulumi

from components.deployed import OUTPUT, Deployed, OtherAppDeployedError, last_deployed
from components.system import System
from settings.config import values
from settings.load import load
from settings.problem import SettingsError

try:
    stack = load(Path(__file__).parent, pulumi.get_stack(), config=values(pulumi.Config()))
    last = last_deployed()
    systems = {
        name: System(
            name,
            settings,
            environment=stack.environment,
            secrets=stack.secrets.get(name, {}),
            deployed=last.get(name, Deployed()),
        )
        for name, settings in stack.systems.items()
    }
except (SettingsError, OtherAppDeployedError) as error:
    raise pulumi.RunError(str(error)) from None

for name, system in systems.items():
    pulumi.export(name, system.outputs)
pulumi.export(OUTPUT, {name: system.deployed for name, system in systems.items()})
