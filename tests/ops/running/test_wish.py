"""What `scale` may do is what the settings allow, and it says where they say something else."""

from __future__ import annotations

from typing import Any

import pytest

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.running.wish import ScaleWish, lines_to_change, require_valid, settings_of
from tests.stacks import loaded
from tests.tetrix import ROOT

STACK = "production"
SYSTEMS = loaded(STACK).systems


def wanted(system: str, **wish: Any) -> dict[str, Any]:
    return settings_of(ScaleWish(**wish), SYSTEMS[system])


def test_a_wish_becomes_the_settings_that_say_the_same() -> None:
    assert wanted("paintbox", count=4, memory_mb=4096) == {"machines": {"maximum": 4, "memory_mb": 4096}}
    assert wanted("tetrix", count=3, size="apps-s-1vcpu-2gb") == {"replicas": 3, "size": "apps-s-1vcpu-2gb"}


@pytest.mark.parametrize(
    ("system", "wish", "message"),
    [
        ("tetrix", {}, "say what to change: --count, --size or --memory"),
        (
            "tetrix",
            {"memory_mb": 512},
            "App Platform sells memory with the size; choose a --size, such as apps-s-1vcpu-2gb",
        ),
    ],
)
def test_what_a_platform_cannot_do_is_said(system: str, wish: dict[str, Any], message: str) -> None:
    with pytest.raises(OperationError) as raised:
        wanted(system, **wish)
    assert (str(raised.value), raised.value.exit_code) == (message, ExitCode.USAGE)


def test_every_rule_of_the_settings_holds_for_scale_too() -> None:
    require_valid(ROOT, STACK, "paintbox", wanted("paintbox", count=4))
    with pytest.raises(OperationError) as raised:
        require_valid(ROOT, STACK, "paintbox", wanted("paintbox", size="shared-cpu-4x", memory_mb=512))
    assert str(raised.value).splitlines()[0] == "the settings would not allow it:"
    assert "  systems.paintbox.app.machines.memory_mb: 512 MB is outside the 1024 to 8192 MB" in str(raised.value)
    assert "<settings>" not in str(raised.value)
    assert raised.value.exit_code is ExitCode.SETTINGS
    with pytest.raises(OperationError, match="machines with state in files on their volumes"):
        require_valid(ROOT, STACK, "tattoo-contest", wanted("tattoo-contest", count=2))


def test_the_line_to_change_is_the_one_that_the_stack_uses() -> None:
    lines = lines_to_change(ROOT, STACK, "paintbox", wanted("paintbox", count=4, memory_mb=2048))
    (line,) = lines
    assert line.startswith("systems/paintbox.yaml, line ")
    assert line.endswith(": maximum is 6; write maximum: 4")
    (line,) = lines_to_change(ROOT, "staging", "paintbox", wanted("paintbox", count=4))
    assert line.startswith("Pulumi.staging.yaml, line ")
