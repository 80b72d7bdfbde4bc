"""The secret that the edge asks for comes from the environment, or else from the stack file through the engine."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ops.loadtest.skip_header import skip_headers
from ops.surroundings import Surroundings
from settings.stack import Stack
from tests.loadtest.plans import plan, steady
from tests.tetrix import ROOT


@pytest.mark.engine
def test_the_secret_is_decrypted_where_the_environment_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    own = {"PULUMI_HOME": str(tmp_path / "home"), "PULUMI_BACKEND_URL": f"file://{tmp_path}"}
    environment = {**os.environ, **own, "PULUMI_CONFIG_PASSPHRASE": "x", "PULUMI_SKIP_UPDATE_CHECK": "true"}
    (tmp_path / "Pulumi.yaml").write_text("name: slipway\nruntime: python\n")
    place = ["--path", "slipway:secrets.sample.LOAD_KEY", "--stack", "test"]
    for arguments in (["stack", "init", "test"], ["config", "set", "--secret", *place, "planted"]):
        subprocess.run(["pulumi", *arguments], cwd=tmp_path, env=environment, check=True, capture_output=True)
    wanted = replace(plan(steady(1, 1)), secret_headers={"X-Load-Test": "LOAD_KEY"})
    around = Surroundings(tmp_path, Stack("test", "test", {}), environment, tmp_path)
    (header,) = skip_headers(around, wanted).items()
    assert (header[0], header[1].get_secret_value()) == ("X-Load-Test", "planted")
    assert "planted" not in repr(header)
