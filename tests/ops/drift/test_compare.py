"""Three-way comparison: settings, state, live."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from fly.facts import Facts
from ops.drift.changes import WHOLE, Change, found_live, made, planned
from ops.drift.compare import Difference, differences, shown, systems_by_resource
from ops.drift.machines import machine_changes
from ops.drift.paths import value_at
from ops.surroundings import Surroundings
from settings.fly_system import FlySystem
from tests.fly.script import ScriptedFlyctl
from tests.stacks import loaded
from tests.tetrix import ROOT

URN = (
    "urn:pulumi:production::slipway::slipway:index:System$slipway:index:AppPlatformApp$digitalocean:index/app:App::app"
)


def event(kind: str, op: str, **more: Any) -> dict[str, Any]:
    return {kind: {"metadata": {"op": op, "urn": URN, "type": "digitalocean:index/app:App", **more}}}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.services[1].name", "b"),
        ('env["A.B"]', 1),
        ("spec.services[7].name", None),
        ("spec.nothing.there", None),
    ],
)
def test_a_property_is_found_by_the_engines_path(path: str, value: Any) -> None:
    assert value_at({"spec": {"services": [{"name": "a"}, {"name": "b"}]}, "env": {"A.B": 1}}, path) == value


def test_a_refresh_tells_what_runs_and_a_preview_what_the_settings_want() -> None:
    details = {"spec.count": {"diffKind": "update", "inputDiff": False}}
    live = event(
        "resOutputsEvent",
        "update",
        detailedDiff=details,
        old={"outputs": {"spec": {"count": 1}}},
        new={"outputs": {"spec": {"count": 3}}},
    )
    assert list(found_live([live, event("resOutputsEvent", "same", new={})])) == [Change(URN, "spec.count", 1, 3)]
    wish = event(
        "resourcePreEvent",
        "update",
        detailedDiff=details,
        old={"inputs": {"spec": {"count": 1}}},
        new={"inputs": {"spec": {"count": 2}}},
    )
    assert list(planned([wish])) == [Change(URN, "spec.count", 1, 2)]


def test_whole_resources_come_and_go() -> None:
    assert list(found_live([event("resOutputsEvent", "delete", new=None)])) == [Change(URN, WHOLE, "there", None)]
    assert list(planned([event("resourcePreEvent", "create")])) == [Change(URN, WHOLE, None, "there")]
    assert list(planned([event("resourcePreEvent", "delete")])) == [Change(URN, WHOLE, "there", None)]


@pytest.mark.parametrize(
    ("plans", "lives", "kind", "three"),
    [
        ([], [(1, 3)], "drift", (1, 1, 3)),
        ([(1, 2)], [], "pending", (2, 1, 1)),
        ([(1, 2)], [(1, 3)], "both", (2, 1, 3)),
        ([(1, 2)], [(1, 2)], "both", (2, 1, 2)),
    ],
)
def test_each_of_the_three_may_be_alone(
    plans: list[tuple[int, int]], lives: list[tuple[int, int]], kind: str, three: tuple[int, int, int]
) -> None:
    (found,) = differences(
        [Change(URN, "spec.count", *pair) for pair in plans],
        [Change(URN, "spec.count", *pair) for pair in lives],
        {URN: "tetrix"},
    )
    assert (found.kind, found.settings, found.state, found.live) == (kind, *three)
    assert (found.system, found.resource, found.type) == ("tetrix", "app", "digitalocean:index/app:App")
    assert found.drifted is (kind != "pending")
    assert found.as_json()["property"] == "spec.count"


def test_a_resource_that_is_gone_is_said_in_words() -> None:
    one = Difference("tetrix", "app", "", WHOLE, "there", "there", None)
    assert (one.kind, shown(one)) == ("drift", ("there", "there", "not there"))


def test_a_resource_belongs_to_the_system_at_the_top_of_its_parents() -> None:
    top = "urn:pulumi:p::slipway::slipway:index:System::tetrix"
    state = [{"urn": top}, {"urn": "a::b::slipway:index:Edge::tetrix", "parent": top}]
    state.append({"urn": URN, "parent": "a::b::slipway:index:Edge::tetrix"})
    assert systems_by_resource(state, ["tetrix"])[URN] == "tetrix"


def test_what_is_not_deployed_yet_is_shown_with_its_system() -> None:
    top = "urn:pulumi:p::slipway::slipway:index:System::tetrix"
    wished = [
        {"resourcePreEvent": {"metadata": {"op": "create", "urn": urn, "type": "slipway:index:X", "new": new}}}
        for urn, new in ((top, {"urn": top, "parent": ""}), (URN, {"urn": URN, "parent": top}))
    ]
    system_of = systems_by_resource(made(wished), ["tetrix"])
    assert [one.system for one in differences(planned(wished), [], system_of)] == ["tetrix", "tetrix"]


def test_an_app_that_is_not_there_keeps_nobody_from_looking_at_the_others() -> None:
    stack = loaded("production")
    systems = {name: system for name, system in stack.systems.items() if isinstance(system, FlySystem)}
    first, *others = systems.values()
    script = [{"run": f"machine list --app {first.app.name} --json", "fails": "Could not find App"}]
    script += [
        {"run": f"machine list --app {one.app.name} --json", "prints": '[{"id": "m", "cordoned": true}]'}
        for one in others
    ]
    place = Surroundings(ROOT, stack, {}, Path("/nowhere"))
    found = asyncio.run(machine_changes(place, Facts(ScriptedFlyctl(script)), systems))
    assert [name for name, change in found if change.path == "cordoned"] == list(systems)[1:] != []


def test_a_machine_of_another_size_or_without_visitors_is_drift() -> None:
    stack = loaded("production")
    system = stack.systems["paintbox"]
    assert isinstance(system, FlySystem)
    as_wanted = {"cpu_kind": "shared", "cpus": 2, "memory_mb": 2048}
    machines = [
        {"id": "m1", "config": {"guest": as_wanted}},
        {"id": "m2", "config": {"guest": {**as_wanted, "cpus": 4}}, "cordoned": True},
    ]
    script = ScriptedFlyctl([{"run": "machine list --app paintbox --json", "prints": json.dumps(machines)}])
    place = Surroundings(ROOT, stack, {}, Path("/nowhere"))
    found = asyncio.run(machine_changes(place, Facts(script), {"paintbox": system}))
    assert found == [
        ("paintbox", Change("machine m2", "guest.cpus", 2, 4)),
        ("paintbox", Change("machine m2", "cordoned", before=False, after=True)),
    ]
