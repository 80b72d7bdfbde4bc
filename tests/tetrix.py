"""TETRIX as its file describes it, but for the edge, with changes, and how to build it on the strict engine."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pydantic import SecretStr

from components.deployed import OUTPUT, Deployed, last_deployed
from components.system import System
from settings.digitalocean_system import DigitalOceanSystem
from tests.strict_engine import StrictEngine

ROOT = Path(__file__).parent.parent
ADOPTED = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
LIVE = {"tetrix-app": {"spec": {"name": "tetrix-minimal", "region": "fra", "services": [{"name": "old"}]}}}
_FILE = yaml.safe_load((ROOT / "systems/tetrix.yaml").read_text())
# Most tests are about the app and its domains; those of the edge add the rules that they are about.
_FILE["edge"] = {"zone": "tetrixcorp.com", "domains": _FILE["edge"]["domains"]}

ONE_DOMAIN = {"domains": [{"name": "tetrixcorp.com", "role": "primary"}]}
BEHIND_CLOUDFLARE = {"edge": {"mode": "cloudflare"}}
AUTOSCALED = {
    "app": {
        "size": "apps-d-1vcpu-1gb",
        "replicas": None,
        "autoscaling": {"minimum": 2, "maximum": 5, "cpu_percent": 70},
    }
}


def tetrix(changes: Mapping[str, Any] | None = None) -> DigitalOceanSystem:
    """The system file with `changes` merged in: maps deeply, anything else, and by an empty map, replaced."""
    return DigitalOceanSystem.model_validate_json(json.dumps(_merged(_FILE, changes) if changes else _FILE))


def planted(settings: DigitalOceanSystem) -> dict[str, SecretStr]:
    """A value for each secret that the system needs, easy to find where it must not be."""
    return {name: SecretStr(f"planted-{name}") for name in sorted(settings.secret_names)}


def build(
    changes: Mapping[str, Any] | None = None,
    *,
    environment: str = "production",
    preview: bool = False,
    after: StrictEngine | None = None,
    after_failed: StrictEngine | None = None,
    secrets: Mapping[str, str] | None = None,
) -> StrictEngine:
    """The whole system, run once on a strict engine, after an earlier run or a failed one; `secrets` replace planted.

    The same run is not repeated: tests only read what an engine has seen.
    """
    return _build(json.dumps(changes), environment, preview, after, after_failed, json.dumps(secrets))


@functools.cache
def _build(
    changes: str,
    environment: str,
    preview: bool,
    after: StrictEngine | None,
    after_failed: StrictEngine | None,
    secrets: str,
) -> StrictEngine:
    settings = tetrix(json.loads(changes))
    values = planted(settings) | {name: SecretStr(value) for name, value in (json.loads(secrets) or {}).items()}
    engine = StrictEngine(stack=environment, preview=preview, live=LIVE)
    if after:
        engine.follow(after)
    if after_failed:
        engine.follow_failed(after_failed)

    def program() -> None:
        deployed = last_deployed().get("tetrix", Deployed())
        system = System("tetrix", settings, environment=environment, secrets=values, deployed=deployed)
        pulumi.export(OUTPUT, {"tetrix": system.deployed})

    return engine.run(program)


def spec_of(engine: StrictEngine) -> dict[str, Any]:
    """The app spec that the program asked for."""
    spec: dict[str, Any] = engine.one("App").inputs["spec"]
    return spec


def _merged(base: Any, changes: Any) -> Any:
    if isinstance(base, dict) and isinstance(changes, Mapping) and changes:
        return {**copy.deepcopy(base), **{key: _merged(base.get(key), value) for key, value in changes.items()}}
    return copy.deepcopy(changes)
