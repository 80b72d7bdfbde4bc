"""The autoscaler: it or Fly.io's proxy decides over the machines, never both."""

from __future__ import annotations

import pytest

from tests.settings.samples import FLY, refusals

HANDED_OVER = "app: {machines: {when_idle: autoscaler}}\n"
REFUSED = (
    (
        "autoscaler: {cpu_percent: 70}",
        [
            "app.machines.when_idle: with stop Fly.io's proxy decides over the machines, and the autoscaler would, "
            "too; set it to autoscaler, or remove the autoscaler",
        ],
    ),
    (
        HANDED_OVER,
        [
            "app.machines.when_idle: there is no autoscaler, so no machine would ever start or stop; "
            "set it to stop, or add autoscaler",
        ],
    ),
    (
        HANDED_OVER + "autoscaler: {}",
        ["autoscaler: it has nothing to go by; set cpu_percent, memory_percent, or both"],
    ),
)


@pytest.mark.parametrize("by", ["cpu_percent: 70", "memory_percent: 100", "cpu_percent: 1, interval: 5s"])
def test_an_autoscaler_that_decides_alone_is_kept(by: str) -> None:
    assert refusals(FLY, f"{HANDED_OVER}autoscaler: {{{by}}}") == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED)
def test_an_autoscaler_that_cannot_work_is_refused(changes: str, problems: list[str]) -> None:
    assert refusals(FLY, changes) == problems
