"""How an app moves onto another volume, against a scripted flyctl."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from fly.facts import Facts
from fly.models.volume import Volume
from ops.backup.switch import switch
from ops.errors import OperationError
from ops.exit_code import ExitCode
from tests.fly.script import ScriptedFlyctl

NEW = Volume(id="vol_new", name="data", region="iad", size_gb=1)
LIST = "machine list --app web --json"
CLONE = "machine clone m1 --app web --attach-volume vol_new"


def machine(id_: str, state: str = "started", volume: str = "vol_old", **more: Any) -> dict[str, Any]:
    mount = {"volume": volume, "name": "data", "path": "/data"}
    return {"id": id_, "state": state, "region": "iad", "config": {"mounts": [mount]}, **more}


def listed(*machines: dict[str, Any]) -> dict[str, Any]:
    return {"run": LIST, "prints": json.dumps(machines)}


def moved(*script: dict[str, Any]) -> str:
    """What `switch` says; the script must be used up."""
    flyctl = ScriptedFlyctl(script)

    async def run() -> str:
        facts, patience = Facts(flyctl), timedelta(seconds=-120)
        return await switch(facts, "web", old_machine="m1", new=NEW, patience=patience, options="--system shop")

    try:
        return asyncio.run(run())
    finally:
        flyctl.require_end()


STOPPED = [
    listed(machine("m1")),
    {"run": "machine cordon m1 --app web"},
    listed(machine("m1", cordoned=True)),
    {"run": "machine stop m1 --app web"},
]
RESTING = machine("m1", "stopped", cordoned=True)
THERE = machine("m2", volume="vol_new")


def test_the_old_machine_rests_before_a_new_one_runs_and_goes_when_that_is_well() -> None:
    script = [
        *STOPPED,
        listed(RESTING),
        {"run": CLONE},
        listed(RESTING, THERE),
        listed(RESTING, THERE),
        {"run": "machine destroy m1 --app web --force"},
    ]
    assert moved(*script) == "m2"


def test_what_a_run_did_before_it_was_killed_is_not_done_twice() -> None:
    script = [listed(RESTING, THERE), listed(RESTING, THERE), listed(RESTING, THERE), listed(RESTING, THERE)]
    assert moved(*script, {"run": "machine destroy m1 --app web --force"}) == "m2"
    assert moved(listed(THERE), listed(THERE), listed(THERE), listed(THERE)) == "m2"


def test_an_app_that_is_not_well_on_the_new_volume_returns_to_the_old_one() -> None:
    ill = machine("m2", "failed", volume="vol_new")
    script = [
        *STOPPED,
        listed(RESTING),
        {"run": CLONE, "fails": "timeout reached waiting for health checks to pass"},
        listed(RESTING, ill),
        {"run": "machine destroy m2 --app web --force"},
        listed(RESTING),
        {"run": "machine start m1 --app web"},
        listed(machine("m1", cordoned=True)),
        {"run": "machine uncordon m1 --app web"},
        {"run": "volumes destroy vol_new --app web --yes"},
    ]
    with pytest.raises(OperationError, match=r"serves from the old one again: .*waiting for health checks") as caught:
        moved(*script)
    assert caught.value.exit_code is ExitCode.ROLLED_BACK


def test_a_machine_that_does_not_start_in_time_is_named_with_what_to_look_at() -> None:
    ill = machine("m2", "failed", volume="vol_new")
    script = [
        *STOPPED,
        listed(RESTING),
        {"run": CLONE},
        *[listed(RESTING, ill)] * 3,
        {"run": "machine destroy m2 --app web --force"},
        listed(RESTING),
        {"run": "machine start m1 --app web"},
        listed(machine("m1", cordoned=True)),
        {"run": "machine uncordon m1 --app web"},
        {"run": "volumes destroy vol_new --app web --yes"},
    ]
    with pytest.raises(OperationError, match=r"machine m2 is failed; see: \./slipway logs --system shop$"):
        moved(*script)
