"""A stack of the small program, run by the real Pulumi CLI with the real provider and the real flyctl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from tests.fly.emulated import ROOT, EmulatedFly

PROGRAM = Path(__file__).parent / "program" / "__main__.py"
PROJECT = f"""name: flytest
runtime: {{name: python, options: {{toolchain: pip, virtualenv: {ROOT / ".venv"}}}}}
plugins:
  providers:
    - {{name: fly, path: {ROOT / "fly" / "plugin"}}}
"""
LOGGING_FLYCTL = """#!/bin/sh
echo "$@" >> "{log}"
exec "{flyctl}" "$@"
"""


class Ran(NamedTuple):
    """How the CLI ended, and all it said."""

    code: int
    said: str


class PulumiStack:
    """One app on one emulated platform, with a backend of its own."""

    def __init__(self, platform: EmulatedFly, folder: Path, app: str) -> None:
        self.platform = platform
        self.folder = folder
        self.spec: dict[str, Any] = spec_of(app)
        self._log = folder / "calls"
        project = folder / "project"
        for made in (project, folder / "state", folder / "home"):
            made.mkdir(parents=True)
        (project / "Pulumi.yaml").write_text(PROJECT)
        shutil.copy(PROGRAM, project / "__main__.py")
        flyctl = folder / "flyctl"
        flyctl.write_text(LOGGING_FLYCTL.format(log=self._log, flyctl=ROOT / ".venv" / "bin" / "flyctl"))
        flyctl.chmod(0o755)
        self.environment = {
            **platform.environment(),
            "FLYCTL_PATH": str(flyctl),
            "FLY_TEST_ROOT": str(ROOT),
            "FLY_TEST_SPEC": str(folder / "spec.json"),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        }
        self._pulumi("stack", "init", "t")

    def up(self, *options: str) -> Ran:
        return self._pulumi("up", "--stack", "t", "--yes", "--skip-preview", *options)

    def preview(self, *options: str) -> Ran:
        return self._pulumi("preview", "--stack", "t", "--diff", *options)

    def refresh(self, *options: str) -> Ran:
        return self._pulumi("refresh", "--stack", "t", "--yes", "--skip-preview", *options)

    def destroy(self) -> Ran:
        return self._pulumi("destroy", "--stack", "t", "--yes", "--skip-preview")

    def imported(self, type_: str, name: str, id_: str) -> Ran:
        options = ("--yes", "--skip-preview", "--generate-code=false", "--protect=false")
        return self._pulumi("import", "--stack", "t", *options, type_, name, id_)

    def started(self, *options: str) -> subprocess.Popen[str]:
        """`up`, running."""
        self._write()
        command = ["pulumi", "up", "--stack", "t", "--yes", "--skip-preview", "--non-interactive", *options]
        return subprocess.Popen(
            command,
            cwd=self.folder / "project",
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def gives_up_after(self, seconds: int) -> None:
        """How long a release may take from now on to become healthy."""
        self.spec["release"]["config"]["deploy"]["wait_timeout"] = f"{seconds}s"

    def cancel(self) -> Ran:
        return self._pulumi("cancel", "--stack", "t", "--yes")

    def state(self) -> dict[str, Any]:
        """Resources by type, as the backend keeps them."""
        exported = json.loads(self._pulumi("stack", "export", "--stack", "t").said)
        return {resource["type"]: resource for resource in exported["deployment"].get("resources", [])}

    def calls(self) -> list[str]:
        """The flyctl command lines since the last time this was asked."""
        found = self._log.read_text().splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        return found

    def _write(self) -> None:
        (self.folder / "spec.json").write_text(json.dumps(self.spec))

    def _pulumi(self, *arguments: str) -> Ran:
        self._write()
        done = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.folder / "project",
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if arguments[:2] != ("stack", "export") else subprocess.DEVNULL,
            text=True,
            timeout=250,
            check=False,
        )
        return Ran(done.returncode, done.stdout)


def spec_of(app: str) -> dict[str, Any]:
    """Two machines with two checks behind a gate, one secret, one address."""
    service = {
        "internal_port": 8080,
        "auto_stop_machines": "off",
        "min_machines_running": 2,
        "checks": [{"path": "/health", "interval": "5s", "timeout": "4s", "grace_period": "0s"}],
    }
    config = {
        "primary_region": "sjc",
        "deploy": {"strategy": "rolling", "max_unavailable": 1, "wait_timeout": "60s"},
        "env": {"PORT": "8080"},
        "http_service": service,
        "checks": {"deep": {"type": "http", "port": 8080, "path": "/deep", "interval": "5s", "timeout": "4s"}},
        "vm": [{"size": "shared-cpu-1x", "memory": "256mb"}],
    }
    gate = {"successes": 2, "intervalSeconds": 0.05, "timeoutSeconds": 60}
    release = {"config": config, "counts": {"sjc": 2}, "image": "slipway/web:v1", "gate": gate}
    return {"app": app, "addresses": ["v6"], "secrets": {"API_KEY": "first-value-of-the-key"}, "release": release}


def providers_of(folder: Path) -> list[int]:
    """The provider processes that a stack's engine started, by what is in their environment."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                command = Path(entry.path, "cmdline").read_bytes()
                environment = Path(entry.path, "environ").read_bytes()
            except OSError:
                continue
            if (b"fly.provider" in command or b"pulumi-resource-fly" in command) and str(
                folder
            ).encode() in environment:
                found.append(int(entry.name))
    return found


def processes() -> list[str]:
    """The command lines of everything that runs on this machine."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                found.append(Path(entry.path, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
    return found
