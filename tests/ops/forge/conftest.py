from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.ops.forge.fake_github import FakeGitHub
from tests.ops.forge.fake_gitlab import FakeGitLab


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    made = FakeGitHub()
    yield made
    made.close()


@pytest.fixture(params=[FakeGitHub, FakeGitLab])
def forge(request: pytest.FixtureRequest) -> Iterator[FakeGitHub | FakeGitLab]:
    made = request.param()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the program would have slept."""
    made: list[float] = []
    monkeypatch.setattr("ops.forge.api.sleep", made.append)
    return made


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., Path]:
    """Writes a stack's report below a folder, as `report` does; gives the folder."""

    def write(
        text: str,
        *,
        stack: str = "production",
        changes: bool = True,
        findings: Sequence[Mapping[str, object]] = (),
        folder: str = "reports",
    ) -> Path:
        place = tmp_path / folder / stack
        place.mkdir(parents=True, exist_ok=True)
        (place / "report.md").write_text(text)
        (place / "report.json").write_text(json.dumps({"changes": [{}] * changes, "findings": findings}))
        return place.parent

    return write
