from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from tests.settings.samples import Project

# No deadline: a busy machine is no failure. Fewer examples than usual: the default tests are run all the time.
hypothesis.settings.register_profile("default tests", max_examples=40, deadline=None)
hypothesis.settings.load_profile("default tests")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
