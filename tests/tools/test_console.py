from itertools import count
from types import SimpleNamespace

import pytest

from tests.patience import eventually
from tools.engine import console as module
from tools.engine.console import Console


def test_a_long_step_says_every_few_seconds_how_far_it_is(
    console: Console, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = count(0, 65)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    with console.ticking(lambda: "12 packages compiled", interval_seconds=0.02):
        eventually(lambda: len(said) >= 2)
    assert said[:2] == ["      1:05  12 packages compiled", "      2:10  12 packages compiled"]


def test_a_short_step_says_nothing(console: Console, said: list[str]) -> None:
    with console.ticking(lambda: "unused", interval_seconds=300):
        pass
    assert said == []
