from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rehearsal.project import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A project in which nothing was deployed yet."""
    made = Project(tmp_path / "project")
    yield made
    made.close()


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose staging stack was rehearsed. Tests leave it as deployed as they found it."""
    made = Project(tmp_path_factory.mktemp("rehearsed") / "project")
    done = made.slipway("rehearse", "staging")
    assert done.returncode == 0, done.stdout + done.stderr
    yield made
    made.close()
