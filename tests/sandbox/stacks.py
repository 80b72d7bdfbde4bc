"""Small Pulumi stacks on the real engine against a running sandbox, told as data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.control import Endpoints

ROOT = Path(__file__).parents[2]

# No SDK is imported: a resource is its type, its name and its properties. `{"from": "app.liveUrl"}` takes an output,
# `{"secret": "x"}` makes a secret.
_PROGRAM = """
import json
import pulumi

made = {}

def value(told):
    if isinstance(told, dict) and set(told) == {"from"}:
        name, _, output = told["from"].partition(".")
        return made[name].id if output == "id" else getattr(made[name], output)
    if isinstance(told, dict) and set(told) == {"secret"}:
        return pulumi.Output.secret(told["secret"])
    if isinstance(told, dict):
        return {key: value(item) for key, item in told.items()}
    return [value(item) for item in told] if isinstance(told, list) else told

with open("resources.json") as file:
    for told in json.load(file):
        properties = {**{name: None for name in told.get("outputs", [])}, **value(told["properties"])}
        options = pulumi.ResourceOptions(**told.get("options", {}))
        made[told["name"]] = pulumi.CustomResource(told["type"], told["name"], properties, options)
for name in made:
    pulumi.export(name, made[name].id)
"""


@dataclass(frozen=True)
class Run:
    """How a command of the CLI ended."""

    code: int
    output: str


class Stack:
    """One stack with its own state, in its own folder."""

    def __init__(self, folder: Path, endpoints: Endpoints) -> None:
        self.folder = folder
        self._environment = {
            **os.environ,
            **endpoints.environment(),
            "PATH": f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(folder / "pulumi-home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        (folder / "state").mkdir(parents=True)
        (folder / "__main__.py").write_text(_PROGRAM)
        (folder / "Pulumi.yaml").write_text(
            f"name: trial\nruntime:\n  name: python\n  options:\n    virtualenv: {Path(sys.prefix)}\n"
        )
        assert self.run("stack", "init", "test").code == 0

    def declare(self, *resources: Mapping[str, Any]) -> None:
        """The program's resources from now on."""
        (self.folder / "resources.json").write_text(json.dumps(resources))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The CLI, running; its process group is its own."""
        return subprocess.Popen(
            [pulumi(), *arguments, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> Run:
        """The CLI, to its end."""
        process = self.start(*arguments)
        output, _ = process.communicate(timeout=100)
        return Run(process.returncode, output)

    def up(self) -> Run:
        return self.run("up", "--yes", "--skip-preview", "--stack=test")

    def unchanged(self) -> bool:
        """True when neither a preview nor a refresh wants a change."""
        preview = self.run("preview", "--expect-no-changes", "--stack=test")
        refresh = self.run("refresh", "--preview-only", "--expect-no-changes", "--stack=test")
        return (preview.code, refresh.code) == (0, 0)

    def resources(self) -> list[dict[str, Any]]:
        """What the state holds, secrets encrypted."""
        exported = json.loads(self.run("stack", "export", "--stack=test").output)
        found: Sequence[dict[str, Any]] = exported["deployment"].get("resources", [])
        return [entry for entry in found if not entry["type"].startswith("pulumi:")]


def pulumi() -> str:
    """The Pulumi CLI of the set-up, else the one on PATH; an empty string without one."""
    return shutil.which("pulumi", path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}") or ""
