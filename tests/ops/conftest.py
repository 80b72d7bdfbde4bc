from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ops.engine import Engine
from tests.settings.samples import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Settings files in a folder of their own."""
    return Project(tmp_path)


@pytest.fixture
def engine(tmp_path: Path) -> Callable[[str], Engine]:
    """Makes an engine whose Pulumi CLI is a shell script."""

    def make(script: str) -> Engine:
        program = tmp_path / ".venv" / "bin" / "pulumi"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        return Engine(tmp_path, "staging", {"PATH": "/usr/bin:/bin"})

    return make
