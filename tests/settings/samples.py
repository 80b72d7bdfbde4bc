"""Small valid systems, and what validation says once they are changed."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

from settings.document import Document
from settings.load import load
from settings.problem import SettingsError, dotted
from settings.read import parse
from settings.stack import Stack
from settings.validate import validate

DIGITALOCEAN: Final[dict[str, Any]] = {
    "platform": "digitalocean",
    "description": "a sample",
    "app": {
        "name": "sample-app",
        "region": "fra",
        "github": {"repository": "owner/name"},
        "build": {"package_manager": "pnpm@10.18.3"},
        "run_command": "node server.js",
        "size": "apps-s-1vcpu-1gb",
        "replicas": 2,
        "health": {"path": "/health"},
    },
    "edge": {"zone": "example.com", "domains": [{"name": "example.com", "role": "primary"}]},
    "monitoring": {
        "notify": {"emails": ["a@example.com"]},
        "regions": ["eu_west"],
        "probes": {"health": {"path": "/health"}},
    },
}
FLY: Final[dict[str, Any]] = {
    "platform": "fly",
    "description": "a sample",
    "app": {
        "name": "sample-app",
        "region": "sjc",
        "image": "registry.fly.io/sample-app:v1",
        "machines": {"size": "shared-cpu-1x", "memory_mb": 512, "minimum": 1, "maximum": 2},
        "concurrency": {"counts": "requests", "soft": 10, "hard": 20},
        "checks": {"ready": {"path": "/ready", "steers": "traffic", "interval": "10s", "timeout": "5s"}},
        "deploy": {"gate_path": "/ready"},
    },
}
FLY_WITH_VOLUME: Final = (
    Document(FLY)
    .merged(parse("app: {machines: {maximum: 1}, volume: {name: data, path: /data, size_gb: 5}}", "sample"))
    .value
)


def refusals(system: dict[str, Any], changes: str) -> list[str]:
    """The problems of a stack with one system, `sample`, that has these changes laid over it."""
    return stack_refusals({"sample": Document(system).merged(parse(changes, "changes")).value})


def stack_refusals(systems: dict[str, Any], environment: str = "production") -> list[str]:
    """The problems of a stack with these systems, as `path: rule; way out`."""
    document = Document({"environment": environment, "systems": copy.deepcopy(systems)})
    found = validate(document)
    problems = SettingsError(found.problems).problems
    return [
        f"{dotted(problem.path).removeprefix('systems.sample.')}: {problem.rule}; {problem.way_out}"
        for problem in problems
    ]


class Project:
    """A project's settings files in a folder of their own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "systems").mkdir()

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def system(self, name: str, value: dict[str, Any] | str) -> None:
        """Write systems/<name>.yaml; values as JSON, which is YAML, too."""
        self.write(f"systems/{name}.yaml", value if isinstance(value, str) else json.dumps(value, indent=1))

    def stack(self, text: str, name: str = "production") -> None:
        self.write(f"Pulumi.{name}.yaml", text)

    def load(self, stack: str = "production", **arguments: Any) -> Stack:
        return load(self.root, stack, **arguments)

    def problems(self, stack: str = "production", **arguments: Any) -> list[str]:
        """Every problem as it is printed."""
        try:
            self.load(stack, **arguments)
        except SettingsError as error:
            return [str(problem) for problem in error.problems]
        return []
