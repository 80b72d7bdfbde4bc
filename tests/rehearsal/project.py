"""A copy of the project to rehearse in, with a sandbox of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from sandbox import control
from sandbox.client import Client
from tests.patience import eventually

SOURCE = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".slipway", "__pycache__", ".*_cache", "tests", ".hypothesis", "node_modules"
)


class Project:
    """The project's files at `root`, without its tests. Everything that runs in it stays on this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            shutil.copytree(SOURCE, root, ignore=_LEFT_OUT)
        except shutil.Error as error:
            # Others may remove files of theirs while these are copied.
            if any(os.path.lexists(source) for source, *_ in error.args[0]):
                raise
        (root / ".venv").symlink_to(SOURCE / ".venv")

    @property
    def home(self) -> Path:
        return self.root / ".slipway" / "sandbox"

    @property
    def client(self) -> Client:
        return control.client(self.home)

    def slipway(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "slipway", *arguments],
            cwd=self.root,
            env=self._environment(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def pulumi(self, stack: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """The Pulumi CLI in the surroundings of a rehearsal."""
        return self.slipway("sandbox", "pulumi", stack, *arguments, "--non-interactive", **environment)

    def start_pulumi(self, stack: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "slipway", "sandbox", "pulumi", stack, *arguments, "--non-interactive"],
            env=self._environment(environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    @contextmanager
    def held_still(self, process: subprocess.Popen[str]) -> Iterator[None]:
        """Nothing that `start_pulumi` started goes on while the block runs, nor is in the middle of writing a file."""

        def between_writes() -> bool:
            os.killpg(process.pid, signal.SIGSTOP)
            eventually(lambda: Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
            if not list((self.home / "state").rglob("*.tmp")):
                return True
            os.killpg(process.pid, signal.SIGCONT)
            return False

        try:
            eventually(between_writes)
            yield
        finally:
            os.killpg(process.pid, signal.SIGCONT)

    def state(self, stack: str) -> dict[str, Any]:
        """The deployment in the state file, secrets encrypted."""
        return dict(json.loads(self.state_file(stack).read_text())["checkpoint"]["latest"])

    def state_file(self, stack: str) -> Path:
        return self.home / "state" / ".pulumi" / "stacks" / "slipway" / f"{stack}.json"

    def refused_tomls(self, stack: str) -> dict[str, str]:
        """What the real `flyctl config validate --strict` has against the fly.toml of each release, by resource."""
        refused = {}
        folder = self.home / "toml"
        folder.mkdir(exist_ok=True)
        environment = {
            **dict.fromkeys(("FLY_API_BASE_URL", "FLY_FLAPS_BASE_URL", "FLY_UIEX_BASE_URL"), "http://127.0.0.1:9"),
            "FLY_API_TOKEN": "dummy",
            "FLY_NO_UPDATE_CHECK": "1",
            "FLY_SEND_METRICS": "0",
            "HOME": str(folder),
        }
        releases = [part for part in self.state(stack)["resources"] if part["type"] == "fly:index:Release"]
        assert releases, "nothing is released on Fly.io"
        for release in releases:
            name = str(release["urn"]).rpartition("::")[2]
            (folder / f"{name}.toml").write_text(release["outputs"]["toml"])
            command = [SOURCE / ".venv" / "bin" / "flyctl", "config", "validate", "--strict", "-c", f"{name}.toml"]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                refused[name] = done.stdout + done.stderr
        return refused

    def keep_systems(self, stack: str, *names: str) -> None:
        """Leave only these systems in a stack, as they are there."""
        file = self.root / f"Pulumi.{stack}.yaml"
        content = yaml.safe_load(file.read_text())
        systems = content["config"]["slipway:systems"]
        content["config"]["slipway:systems"] = {name: systems[name] for name in names}
        file.write_text(yaml.safe_dump(content))

    def apps(self) -> dict[str, dict[str, Any]]:
        """What runs, by name of the app."""
        return {app["name"]: app for app in self.client.status()["apps"]}

    def close(self) -> None:
        control.stop(self.home, remove=True)

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "SLIPWAY_"))}
        # The virtual environment is shared with the original, and names its packages.
        return {**kept, "PYTHONPATH": str(self.root), "COLUMNS": "200", **more}
