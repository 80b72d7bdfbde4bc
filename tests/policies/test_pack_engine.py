"""The policy pack in the real engine: every sample, the project's own stacks, and a stack with ten faults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.policies.engine.echo import echoes
from tests.policies.engine.pack import RESULT
from tests.policies.judged import FIRST
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
                timeout=100,
            )
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return dict(json.loads(result.read_text()))


def test_every_sample_is_judged_the_same_through_the_engine(verdicts: dict[str, str]) -> None:
    assert verdicts.keys() == FIRST.keys()
    assert {label: said for label, said in verdicts.items() if said} == {}
