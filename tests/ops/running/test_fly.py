"""What stop, start, restart and scale plan and do on Fly.io, against a scripted flyctl."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from fly.errors import TimedOut
from fly.facts import Facts
from fly.models.machine import Machine
from ops.errors import OperationError
from ops.running import patience
from ops.running.fly import FlyMachines, _is
from ops.running.step import Step
from ops.running.wish import ScaleWish
from settings.document import Document
from settings.fly_system import FlySystem
from settings.load import load
from tests.fly.script import ScriptedFlyctl
from tests.stacks import loaded
from tests.tetrix import ROOT

LIST = "machine list --app paintbox --json"


def machines(**states: str) -> dict[str, Any]:
    """The answer to `machine list`: `m1="started"`, with `!` for cordoned, `-` for a failing check, `@2` for when."""
    told = []
    for id_, state in states.items():
        state, _, event = state.partition("@")
        status = "critical" if "-" in state else "passing"
        checks = [{"name": "ready", "status": status}]
        config = {"services": [{"checks": [{}]}]}
        more = {"cordoned": "!" in state, "region": "sjc", "config": config, "checks": checks}
        events = [{"type": "start", "timestamp": int(event or 1)}]
        told.append({"id": id_, "state": state.strip("!-"), "events": events, **more})
    return {"run": LIST, "prints": json.dumps(told)}


def done(system: str, verb: str, *script: dict[str, Any], **how: Any) -> tuple[list[str], list[str]]:
    """The plan, and what came of it; the script must be used up."""
    found = loaded("production").systems[system]
    assert isinstance(found, FlySystem)
    flyctl = ScriptedFlyctl(list(script))

    async def run() -> tuple[list[str], list[str]]:
        running = FlyMachines(Facts(flyctl), system, found, "production", "--stack production")
        steps: list[Step] = await getattr(running, verb)(**how)
        return [step.what for step in steps], [await step.act() for step in steps]

    told = asyncio.run(run())
    flyctl.require_end()
    return told


def test_a_stop_cordons_before_it_stops_so_that_no_request_starts_a_machine_again() -> None:
    plan, results = done(
        "paintbox",
        "stop",
        machines(m1="started", m2="stopped"),
        {"run": "machine cordon m1 m2 --app paintbox"},
        machines(m1="started!", m2="stopped!"),
        {"run": "machine stop m1 --app paintbox"},
        keep_running=False,
    )
    assert plan == ["keep requests from machines m1, m2 of paintbox", "stop machines m1, m2 of paintbox"]
    assert results == ["cordoned m1, m2", "stopped m1"]


def test_visitors_can_be_kept_away_while_everything_runs() -> None:
    script = (machines(m1="started"), {"run": "machine cordon m1 --app paintbox"})
    assert done("paintbox", "stop", *script, keep_running=True)[1] == ["cordoned m1"]


def test_a_start_lets_visitors_in_only_after_the_checks_pass() -> None:
    rest = {"run": "machine start m1 m2 --app paintbox"}
    plan, results = done(
        "paintbox",
        "start",
        machines(m1="stopped!", m2="stopped!", m3="stopped!"),
        rest,
        machines(m1="started!", m2="started!", m3="stopped!"),
        {"run": "machine uncordon m1 m2 m3 --app paintbox"},
    )
    assert plan == [
        "start machines m1, m2 of paintbox and wait for their checks",
        "let requests reach machines m1, m2, m3 of paintbox",
    ]
    assert results == ["started m1, m2; their checks pass", "uncordoned m1, m2, m3"]


def test_a_machine_that_stays_ill_stays_cordoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_POLL_SECONDS", 0)
    monkeypatch.setattr(patience.time, "monotonic", iter(range(0, 100_000, 500)).__next__)
    script = (machines(m1="stopped!", m2="started!"), {"run": "machine start m1 --app paintbox"})
    with pytest.raises(OperationError, match=r"machine m1 is started, without ready; see: \./slipway logs"):
        done("paintbox", "start", *script, machines(m1="started!-", m2="started!"))


def test_a_restart_goes_on_only_when_a_machine_is_well_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_POLL_SECONDS", 0)
    plan, results = done(
        "paintbox",
        "restart",
        machines(m1="started", m2="started", m3="stopped"),
        {"run": "machine restart m1 --app paintbox"},
        machines(m1="started-", m2="started", m3="stopped"),
        machines(m1="started", m2="started", m3="stopped"),
        {"run": "machine restart m2 --app paintbox"},
        machines(m1="started", m2="started", m3="stopped"),
    )
    assert plan == ["restart machine m1 of paintbox", "restart machine m2 of paintbox"]
    assert results == [f"{id_} runs again and passes its checks" for id_ in ("m1", "m2")]


def test_the_only_machine_is_restarted_with_a_warning_and_none_is_told() -> None:
    script = (machines(m1="started"), {"run": "machine restart m1 --app paintbox"}, machines(m1="started"))
    assert done("paintbox", "restart", *script)[0] == [
        "restart machine m1 of paintbox; nothing answers meanwhile, it is the only one"
    ]
    with pytest.raises(OperationError, match=r"start it: \./slipway start --system paintbox --stack production --yes"):
        done("paintbox", "restart", machines(m1="stopped"))


def test_size_and_count_are_changed_as_far_as_they_are_asked_for() -> None:
    resize = "scale vm shared-cpu-4x --vm-memory 2048 --process-group app --app paintbox"
    count = "scale count 3 --process-group app --region sjc --app paintbox --yes"
    plan, results = done(
        "paintbox",
        "scale",
        machines(m1="started", m2="started"),
        {"run": resize},
        machines(m1="started", m2="started"),
        machines(m1="started", m2="started"),
        {"run": count},
        wish=ScaleWish(3, "shared-cpu-4x"),
    )
    assert plan == [
        "make every machine of paintbox shared-cpu-4x with 2048 MB",
        "have 3 machines of paintbox in sjc, there are 2",
    ]
    assert results == ["every machine is shared-cpu-4x with 2048 MB", "app scaled to 3 in sjc"]


def test_an_autoscaler_is_stopped_before_the_machines_that_it_would_start_again() -> None:
    over = {"autoscaler": {"cpu_percent": 70}, "app": {"machines": {"when_idle": "autoscaler"}}}
    stack = load(ROOT, "production", over=Document({"systems": {"paintbox": over}}))
    found = stack.systems["paintbox"]
    assert isinstance(found, FlySystem)
    name = found.part_names["autoscaler"]
    scaler = {"run": f"machine list --app {name} --json", "prints": '[{"id": "s1", "state": "started"}]'}
    flyctl = ScriptedFlyctl([scaler, machines(m1="started")])

    async def plan() -> list[str]:
        running = FlyMachines(Facts(flyctl), "paintbox", found, "production", "--stack production")
        return [step.what for step in await running.stop(keep_running=False)]

    assert asyncio.run(plan()) == [
        f"stop machine s1 of {name}",
        "keep requests from machine m1 of paintbox",
        "stop machine m1 of paintbox",
    ]


@pytest.mark.parametrize(("event", "lost"), [("@2", False), ("@1", True)])
def test_a_lost_answer_to_a_restart_is_looked_up(event: str, lost: bool) -> None:
    script = [machines(m1="started@1"), {"run": "machine restart m1 --app paintbox", "hangs": True}]
    script += [machines(m1=f"started{event}")]
    if lost:
        with pytest.raises(TimedOut):
            done("paintbox", "restart", *script)
    else:
        assert done("paintbox", "restart", *script, machines(m1="started@2"))[1] == [
            "m1 runs again and passes its checks"
        ]


def test_a_lost_answer_to_a_new_size_is_looked_up() -> None:
    resize = {"run": "scale vm shared-cpu-4x --vm-memory 2048 --process-group app --app paintbox", "hangs": True}
    wish = ScaleWish(size="shared-cpu-4x")
    with pytest.raises(TimedOut):
        done("paintbox", "scale", machines(m1="started"), resize, machines(m1="started"), wish=wish)


@pytest.mark.parametrize(("kind", "is_so"), [("shared", True), ("performance", False)])
def test_a_size_is_its_kind_of_cpu_too(kind: str, is_so: bool) -> None:
    guest = {"cpu_kind": kind, "cpus": 4, "memory_mb": 2048}
    assert _is(Machine.model_validate({"id": "m1", "config": {"guest": guest}}), "shared-cpu-4x", 2048) is is_so
