"""The reference images: what they promise, and hadolint's opinion of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

IMAGES = Path(__file__).resolve().parents[2] / "images"
DOCKERFILES = sorted(IMAGES.glob("*/Dockerfile"))


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.parent.name)
def test_each_image_has_stages_a_small_init_and_a_health_check(file: Path) -> None:
    lines = [line.strip() for line in file.read_text().splitlines()]
    assert sum(line.startswith("FROM ") for line in lines) > 1
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert any(line.startswith('ENTRYPOINT ["tini", "--"') for line in lines)
    assert not any("--optimize-for-size" in line for line in lines if "NODE_OPTIONS" in line)


def test_no_app_runs_as_root() -> None:
    assert "USER 1001:1001" in (IMAGES / "paintbox" / "Dockerfile").read_text()
    assert 'exec su-exec contest "$@"' in (IMAGES / "tattoo-contest" / "entrypoint.sh").read_text()


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.parent.name)
def test_hadolint_finds_nothing(file: Path) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
