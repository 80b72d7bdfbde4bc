"""The command lines that release an image or build one from source."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fly.commands.command import Command, Effect
from fly.commands.deploy import SourceBuild, deploy_image, deploy_source

FLYCTL = Path(__file__).resolve().parents[2] / ".venv" / "bin" / "flyctl"

ALWAYS = (
    "--app paintbox --config paintbox.toml --ha=false --smoke-checks=false --dns-checks=false --deploy-retries 0 "
    "--wait-timeout 300s --no-public-ips --yes"
)


def from_source(source: SourceBuild) -> Command:
    return deploy_source("paintbox", config="paintbox.toml", source=source, wait_seconds=300, timeout_seconds=2220)


def from_image(**chosen: object) -> Command:
    return deploy_image(
        "paintbox",
        config="paintbox.toml",
        image="registry.fly.io/paintbox:v1",
        wait_seconds=300,
        timeout_seconds=420,
        **chosen,  # type: ignore[arg-type]  the test's own words
    )


BUILD = SourceBuild("app", "images/Dockerfile", "runner", {"VERSION": "3", "COMMIT": "0a7c"})

LINES = {
    "a folder with its Dockerfile": (from_source(SourceBuild("app")), f"deploy app {ALWAYS} --remote-only"),
    "a chosen Dockerfile, stage and arguments in order": (
        from_source(BUILD),
        f"deploy app {ALWAYS} --remote-only --dockerfile images/Dockerfile --build-target runner "
        "--build-arg COMMIT=0a7c --build-arg VERSION=3",
    ),
    "an image": (from_image(), f"deploy {ALWAYS} --image registry.fly.io/paintbox:v1"),
    "an image on some machines": (
        from_image(strategy="immediate", only_machines=["1857", "9080"]),
        f"deploy {ALWAYS} --image registry.fly.io/paintbox:v1 --strategy immediate --only-machines 1857,9080",
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_each_release_has_exactly_this_command_line(line: str) -> None:
    command, expected = LINES[line]
    assert list(command.argv) == expected.split()
    assert command.effect is Effect.WRITE


@pytest.mark.engine
@pytest.mark.parametrize("line", LINES)
def test_flyctl_knows_every_option_of_it(line: str, tmp_path: Path) -> None:
    command, _ = LINES[line]
    done = subprocess.run(
        [FLYCTL, *command.argv, "--help"],
        env={"HOME": str(tmp_path), "FLY_NO_UPDATE_CHECK": "1", "FLY_SEND_METRICS": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "unknown" in done.stderr) == (0, False), done.stderr
