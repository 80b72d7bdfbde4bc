"""Small systems to be looked at."""

from __future__ import annotations

import json

from settings.digitalocean_system import DigitalOceanSystem
from settings.document import Document
from settings.fly_system import FlySystem
from settings.read import parse
from tests.settings.samples import DIGITALOCEAN, FLY


def on_fly(changes: str = "{}") -> FlySystem:
    return FlySystem.model_validate_json(json.dumps(Document(FLY).merged(parse(changes, "changes")).value))


def on_app_platform(changes: str = "{}") -> DigitalOceanSystem:
    return DigitalOceanSystem.model_validate_json(
        json.dumps(Document(DIGITALOCEAN).merged(parse(changes, "changes")).value)
    )
