"""A system: one app with everything around it, on one platform."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from settings.constraint import Text
from settings.digitalocean_system import DigitalOceanSystem
from settings.fly_system import FlySystem

SystemName = Annotated[
    str,
    Text(
        "the name of a system: 2 to 32 lower-case letters, digits and hyphens, a letter first and no hyphen last",
        "[a-z][a-z0-9-]{0,30}[a-z0-9]",
        "tetrix",
        32,
    ),
]
"""The name of a file in `systems/`, without `.yaml`."""

System = Annotated[DigitalOceanSystem | FlySystem, Field(discriminator="platform")]
