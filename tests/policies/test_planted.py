"""A stack with ten faults has ten findings that count, and without them none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.policies import audit_settings
from policies.finding import Finding
from settings.load import load
from tests.policies.planted import EXPECTED, NAME, plant


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "systems").mkdir()
    return tmp_path


def counting(root: Path, stack: str = NAME) -> list[Finding]:
    """The findings that stop a deployment."""
    return [finding for finding in audit_settings(root, load(root, stack)).findings if finding.fails]


def test_ten_faults_make_ten_findings(root: Path) -> None:
    plant(root, faults=True)
    found = counting(root)
    assert {finding.rule: finding.resource for finding in found} == EXPECTED
    assert len(found) == len(EXPECTED) == 10


def test_without_the_faults_there_are_none(root: Path) -> None:
    plant(root, faults=False)
    assert counting(root) == []
