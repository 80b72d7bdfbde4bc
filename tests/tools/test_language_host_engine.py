"""Plain Pulumi commands on a small project, with the CLI and the language host that set-up made."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine

PROJECT = """\
name: small
runtime:
  name: python
  options:
    virtualenv: {venv}
"""
PROGRAM = """\
import pulumi
config = pulumi.Config()
pulumi.export("dry", pulumi.runtime.is_dry_run())
pulumi.export("where", f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}")
pulumi.export("plain", config.require("plain"))
pulumi.export("password", config.require_secret("password"))
"""
POLICY_PACK = """\
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def refuse(args, report):
    report(f"{args.resource_type} is refused")

policy = ResourceValidationPolicy(name="refuse-all", description="Refuses.", validate=refuse)
PolicyPack("strict", enforcement_level=EnforcementLevel.MANDATORY, policies=[policy])
"""


class Small:
    """A project with its own home and state, and a stack `dev` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        venv = Path(sys.prefix)
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")} | {
            "PATH": f"{venv / 'bin'}:{os.environ['PATH']}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder}/state",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        for name in ("project", "state", "home"):
            (folder / name).mkdir()
        (self.folder / "Pulumi.yaml").write_text(PROJECT.format(venv=venv))
        self.program(PROGRAM)
        self.pulumi("stack", "init", "dev")
        self.pulumi("config", "set", "plain", "seen")
        self.pulumi("config", "set", "--secret", "password", "planted-5ecret")

    def program(self, text: str) -> None:
        (self.folder / "__main__.py").write_text(text)

    def pulumi(self, *words: str, ends: int = 0) -> str:
        """Run a command that must end with `ends`; what it wrote."""
        done = subprocess.run(
            ["pulumi", "--non-interactive", "--color", "never", *words],
            cwd=self.folder,
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == ends, done.stdout
        return done.stdout


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


def test_up_runs_the_program_with_its_config_and_place(small: Small) -> None:
    said = small.pulumi("up", "--yes", "--skip-preview")
    assert "warning" not in said
    outputs = json.loads(small.pulumi("stack", "output", "--json", "--show-secrets"))
    assert outputs == {
        "dry": False,
        "where": "organization/small/dev",
        "plain": "seen",
        "password": "planted-5ecret",
    }


def test_a_secret_of_the_config_stays_secret(small: Small) -> None:
    said = small.pulumi("up", "--yes", "--skip-preview")
    assert "password: [secret]" in said
    state = "".join(file.read_text() for file in (small.folder.parent / "state").rglob("*.json"))
    assert "planted-5ecret" not in said + state


def test_preview_is_a_dry_run(small: Small) -> None:
    assert "dry     : true" in small.pulumi("preview")


def test_refresh_and_destroy_work(small: Small) -> None:
    small.pulumi("up", "--yes", "--skip-preview")
    small.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    small.pulumi("destroy", "--yes", "--skip-preview")
    assert "Resource count: 0" not in small.pulumi("stack")
    assert json.loads(small.pulumi("stack", "export"))["deployment"].get("resources", []) == []


def test_the_error_of_a_failing_program_is_shown_once(small: Small) -> None:
    small.program('def deep():\n    raise ValueError("planted trouble")\ndeep()\n')
    said = small.pulumi("preview", ends=1)
    diagnostics = said[said.index("Diagnostics:") :]
    assert diagnostics.count("planted trouble") == 2  # the line of source and the message of one traceback
    assert diagnostics.count("error:") == 1


def test_a_policy_pack_that_refuses_fails_the_preview(small: Small) -> None:
    pack = small.folder / "pack"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text(PROJECT.format(venv=sys.prefix).replace("name: small\n", ""))
    (pack / "__main__.py").write_text(POLICY_PACK)
    said = small.pulumi("preview", "--policy-pack", "pack", ends=1)
    assert "pulumi:pulumi:Stack is refused" in said


def test_nothing_stays_behind_a_killed_command(small: Small) -> None:
    small.program("import os, time, pathlib\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(60)\n")
    command = subprocess.Popen(["pulumi", "--non-interactive", "preview"], cwd=small.folder, env=small.env)
    pid = small.folder / "pid"
    while not (pid.exists() and pid.read_text()):
        time.sleep(0.05)
    command.send_signal(signal.SIGKILL)
    command.wait()
    while True:
        try:
            os.kill(int(pid.read_text()), 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
