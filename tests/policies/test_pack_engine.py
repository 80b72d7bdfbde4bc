"""The policy pack in the real engine: every sample, the project's own stacks, and a stack with ten faults."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from policies.registry import registry
from tests.policies.engine.echo import echoes
from tests.policies.engine.pack import RESULT
from tests.policies.judged import FIRST
from tests.policies.planted import EXPECTED, NAME, plant
from tests.rehearsal.project import Project
from tests.tetrix import ROOT

pytestmark = pytest.mark.engine

RUNTIME = f"runtime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What came of a preview of all samples, by sample."""
    folder = tmp_path_factory.mktemp("samples")
    result = folder / "verdicts.json"
    for part, file in (("program", "Pulumi.yaml"), ("pack", "PulumiPolicy.yaml")):
        (folder / part).mkdir()
        version = "version: 1.0.0\n" if part == "pack" else ""
        (folder / part / file).write_text(f"name: slipway\n{version}{RUNTIME}")
    (folder / "program/__main__.py").write_text("from tests.policies.engine.program import build\n\nbuild()\n")
    (folder / "pack/__main__.py").write_text("from tests.policies.engine.pack import serve\n\nserve()\n")
    with echoes("fly", "digitalocean", "cloudflare") as providers:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")} | {
            "PATH": f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{folder}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONPATH": str(ROOT),
            RESULT: str(result),
        }
        for words in (["stack", "init", "sample"], ["preview", "--policy-pack", str(folder / "pack")]):
            done = subprocess.run(
                ["pulumi", "--non-interactive", "--color", "never", *words],
                cwd=folder / "program",
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=280,
            )
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return dict(json.loads(result.read_text()))


def test_every_sample_is_judged_the_same_through_the_engine(verdicts: dict[str, str]) -> None:
    assert verdicts.keys() == FIRST.keys()
    assert {label: said for label, said in verdicts.items() if said} == {}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = Project(tmp_path_factory.mktemp("policies") / "project")
    yield made
    made.close()


def judged(project: Project, stack: str, verb: str, *options: str) -> subprocess.CompletedProcess[str]:
    return project.pulumi(stack, verb, "--policy-pack", "policies", *options)


def findings(said: str) -> list[tuple[str, str, str, str]]:
    """(level, rule, resource, message) of each finding that the engine shows."""
    pattern = r"^ +- \[(\w+)\] +(\S+) +\(.*: (\S+)\)\n((?:          .*\n)+)"
    return [
        (level, rule, resource, " ".join(text.split()))
        for level, rule, resource, text in re.findall(pattern, said, re.MULTILINE)
    ]


def test_production_passes_with_what_its_file_waives(project: Project) -> None:
    done = judged(project, "production", "preview")
    assert done.returncode == 0, done.stdout + done.stderr
    said = findings(done.stdout)
    assert {level for level, *_ in said} == {"advisory"}
    [waived] = [message for _, rule, _, message in said if rule == "api-rate-limit"]
    assert "waived: tetrixcorp-com: nothing limits how often" in waived
    assert "(until 2027-11-30)" in waived


def test_the_performance_stack_passes_with_nothing_waived(project: Project) -> None:
    done = judged(project, "performance", "preview")
    assert done.returncode == 0, done.stdout + done.stderr
    said = findings(done.stdout)
    assert {level for level, *_ in said} <= {"advisory"}
    assert [message for *_, message in said if message.startswith("waived: ")] == []
    secrets = json.loads((project.home / "secrets.json").read_text())
    assert [name for name, value in secrets.items() if value in done.stdout + done.stderr] == []


def test_a_sound_stack_goes_up_and_what_is_live_keeps_the_policies(project: Project) -> None:
    plant(project.root, faults=False)
    done = judged(project, NAME, "up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout + done.stderr
    live = project.slipway("check", NAME, "--live", "--sandbox", "--json")
    assert live.returncode == 0, live.stdout + live.stderr
    told = json.loads(live.stdout)["policies"]
    assert [found for found in told["findings"] if found["level"] == "mandatory"] == []


def test_ten_faults_make_ten_findings_each_with_its_remedy(project: Project) -> None:
    plant(project.root, faults=True)
    done = judged(project, NAME, "preview")
    assert done.returncode != 0
    counting = [found for found in findings(done.stdout) if found[0] == "mandatory"]
    assert {rule: resource for _, rule, resource, _ in counting} == {
        rule: "slipway-planted" if resource == NAME else resource for rule, resource in EXPECTED.items()
    }
    assert len(counting) == 10
    for _, rule, _, message in counting:
        assert registry()[rule].remedy in message


def test_policies_that_are_not_valid_end_the_preview_with_one_message(project: Project) -> None:
    plant(project.root, faults=False)
    file = project.root / f"Pulumi.{NAME}.yaml"
    content = yaml.safe_load(file.read_text())
    content["config"]["slipway:policies"] = {"budget_usd": -1}
    file.write_text(yaml.safe_dump(content))
    done = judged(project, NAME, "preview")
    assert done.returncode != 0
    assert "policies.budget_usd" in done.stdout + done.stderr
