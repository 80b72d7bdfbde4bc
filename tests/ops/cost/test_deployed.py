"""`cost --diff`: what is deployed against what is described. With the real engine in tests/rehearsal."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from ops.cost import deployed
from ops.cost.deployed import deployed_cost
from tests.ops.cost.conftest import Asks


def test_before_the_first_deployment_everything_is_more(ask: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def surroundings(root: Any, stack: str, *, sandbox: bool) -> SimpleNamespace:
        asked.append((root, stack, sandbox))
        return SimpleNamespace(engine=lambda: SimpleNamespace(state=dict))

    monkeypatch.setattr(deployed, "surroundings", surroundings)
    (text,) = deployed_cost(ask(as_json=True), sandbox=True)
    assert json.loads(text)["total"] == {
        "before": {"low": 0.0, "high": 0.0, "unknown": 0},
        "after": {"low": 44.41, "high": 48.81, "unknown": 0},
        "delta": {"low": 44.41, "high": 48.81, "unknown": 0},
    }
    assert next(deployed_cost(ask(), sandbox=False)) == "Nothing of production is deployed."
    assert asked == [(ask().root, "production", True), (ask().root, "production", False)]
