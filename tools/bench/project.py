"""The copies that are measured: one of this project with a sandbox of its own, and an empty program beside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ops.engine import Engine
from ops.sandbox import surround
from tools.bench.measured import Measured, run

ROOT: Final = Path(__file__).resolve().parents[2]
PULUMI: Final = (ROOT / ".venv" / "bin" / "pulumi", "--non-interactive")
_LEFT_OUT: Final = shutil.ignore_patterns(".git", ".venv", ".slipway", "__pycache__", "node_modules", "tests")


class Project:
    """A copy of this project whose flyctl writes down each of its starts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._calls = root.parent / "flyctl-calls"
        shutil.copytree(ROOT, root, ignore=_LEFT_OUT)
        self._environment()
        self.shell = {**_without_pulumi(os.environ), "PYTHONPATH": str(root)}

    def _environment(self) -> None:
        """The virtual environment of the original, but for flyctl."""
        own, original = self.root / ".venv", ROOT / ".venv"
        (own / "bin").mkdir(parents=True)
        for entry in original.iterdir():
            if entry.name != "bin":
                (own / entry.name).symlink_to(entry)
        for entry in (original / "bin").iterdir():
            if entry.name != "flyctl":
                (own / "bin" / entry.name).symlink_to(entry)
        flyctl = own / "bin" / "flyctl"
        flyctl.write_text(f'#!/bin/sh\necho "$*" >> {self._calls}\nexec {original / "bin" / "flyctl"} "$@"\n')
        flyctl.chmod(0o755)

    def flyctl_calls(self) -> list[str]:
        """The command lines since the last time."""
        if not self._calls.exists():
            return []
        lines = self._calls.read_text().splitlines()
        self._calls.unlink()
        return lines

    def slipway(self, measured: Measured, *arguments: str) -> None:
        measured.run([self.root / "slipway", *arguments], self.root, self.shell)

    def pull_request(self, measured: Measured) -> None:
        measured.run([self.root / ".ci" / "pull-request", self.root.parent / "reports"], self.root, self.shell)

    def pulumi(self, measured: Measured, stack: str, *arguments: str) -> None:
        """The CLI itself, in the surroundings of a rehearsal."""
        _, surroundings, _ = surround(self.root, stack)
        Engine(self.root, stack, surroundings.environment, surroundings.config_file).create_stack(surroundings.home)
        environment = {**surroundings.environment, "PYTHONPATH": str(self.root)}
        options = ["--stack", stack, "--config-file", str(surroundings.config_file)]
        measured.run([*PULUMI, *arguments, *options], self.root, environment)

    def stop(self) -> None:
        run([self.root / "slipway", "sandbox", "stop", "--remove"], self.root, self.shell)


class EmptyProgram:
    """A program that only imports Pulumi, on the same CLI and language host."""

    def __init__(self, folder: Path, shell: Mapping[str, str]) -> None:
        self._folder = folder
        (folder / "state").mkdir(parents=True)
        options = f"name: python\n  options:\n    virtualenv: {ROOT / '.venv'}\n"
        (folder / "Pulumi.yaml").write_text(f"name: empty\nruntime:\n  {options}")
        (folder / "__main__.py").write_text("import pulumi\n")
        self._environment = {
            **shell,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "empty",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        run([*PULUMI, "stack", "init", "empty"], folder, self._environment)

    def preview(self, measured: Measured) -> None:
        measured.run([*PULUMI, "preview", "--stack", "empty"], self._folder, self._environment)


def _without_pulumi(environment: Mapping[str, str]) -> dict[str, str]:
    own = ("PULUMI_", "SLIPWAY_")
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(own) and name != "PYTHONDONTWRITEBYTECODE"
    }
