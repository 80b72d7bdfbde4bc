"""`sandbox`: what a person types names one resource, and what planning trouble did is said."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ops import sandbox
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandbox import make_drift, plan_faults, sandbox_status, start_sandbox, surround
from ops.sandboxed import Sandboxed, own_backend
from sandbox.errors import NotRunningError
from sandbox.faults import Plan

RESOURCES = {
    "digitalocean/app": [{"id": "a1", "properties": {"spec": {"name": "tetrix"}}}],
    "digitalocean/uptimeCheck": [{"id": "u1", "properties": {"name": "health"}}],
    "cloudflare/dnsRecord": [
        {"id": "z/r1", "properties": {"name": "www.example.com"}},
        {"id": "z/r2", "properties": {"name": "health"}},
    ],
    "cloudflare/zoneSetting": [{"id": "z/ssl", "properties": {"settingId": "ssl", "value": "strict"}}],
}


class Cloud:
    """A client of a sandbox that holds RESOURCES, and remembers what was changed."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.planned: dict[str, dict[str, Any]] = {}

    def status(self) -> dict[str, Any]:
        instances = [{"id": "web-1", "url": "http://127.0.0.1:1", "healthy": False}]
        return {
            "pid": 7,
            "faults": 2,
            "apps": [{"name": "tetrix", "url": "http://127.0.0.1:2", "instances": instances}],
        }

    def resources(self) -> dict[str, list[dict[str, Any]]]:
        return RESOURCES

    def set(self, kind: str, id_: str, path: str, value: Any) -> dict[str, Any]:
        self.calls.append((kind, id_, path, value))
        return {"path": path, "before": 1, "after": value}

    def unset(self, kind: str, id_: str, path: str) -> dict[str, Any]:
        self.calls.append((kind, id_, path))
        return {"path": path, "before": {"a": 1}}

    def delete(self, kind: str, id_: str) -> None:
        self.calls.append((kind, id_))

    def faults(self) -> dict[str, dict[str, Any]]:
        return self.planned

    def plant(self, plan: Plan) -> str:
        self.planned["f1"] = {"kind": plan.kind}
        return "f1"

    def clear_faults(self) -> int:
        return len(self.planned)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud()
    monkeypatch.setattr(sandbox.control, "client", lambda home: made)
    return made


@pytest.mark.parametrize(
    ("wanted", "kind", "id_"),
    [
        ("a1", "digitalocean/app", "a1"),
        ("tetrix", "digitalocean/app", "a1"),
        ("www.example.com", "cloudflare/dnsRecord", "z/r1"),
        ("ssl", "cloudflare/zoneSetting", "z/ssl"),
        ("digitalocean/uptimeCheck/health", "digitalocean/uptimeCheck", "u1"),
    ],
)
def test_a_resource_is_found_by_its_id_its_name_or_its_kind_and_name(
    cloud: Cloud, wanted: str, kind: str, id_: str
) -> None:
    list(make_drift(Path(), wanted, "delete", None))
    assert cloud.calls == [(kind, id_)]


def test_a_name_that_several_have_is_refused_with_the_choices(cloud: Cloud) -> None:
    with pytest.raises(OperationError) as raised:
        list(make_drift(Path(), "health", "delete", None))
    assert str(raised.value) == (
        "health names several resources; say which: digitalocean/uptimeCheck/health, cloudflare/dnsRecord/health"
    )
    assert raised.value.exit_code is ExitCode.USAGE
    assert cloud.calls == []


@pytest.mark.parametrize("wanted", ["d1", "nobody", "tetri"])
def test_what_is_not_there_or_only_history_is_refused(cloud: Cloud, wanted: str) -> None:
    with pytest.raises(OperationError) as raised:
        list(make_drift(Path(), wanted, "delete", None))
    assert str(raised.value) == f"there is no {wanted} in the emulated cloud; see: ./slipway sandbox status"
    assert raised.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(("typed", "value"), [("3", 3), ("true", True), ('"3"', "3"), ("strict", "strict"), ("", "")])
def test_a_value_is_json_or_else_plain_text(cloud: Cloud, typed: str, value: Any) -> None:
    list(make_drift(Path(), "tetrix", "spec.x", typed))
    assert cloud.calls == [("digitalocean/app", "a1", "spec.x", value)]


def test_drift_says_what_was_and_what_is(cloud: Cloud) -> None:
    assert list(make_drift(Path(), "tetrix", "spec.x", "3")) == ["tetrix spec.x: 1 → 3"]
    assert list(make_drift(Path(), "tetrix", "spec.x", None)) == ['tetrix spec.x: removed, was {"a": 1}']
    assert list(make_drift(Path(), "tetrix", "delete", None)) == ["deleted tetrix"]


def test_status_names_apps_instances_and_resources(cloud: Cloud) -> None:
    assert list(sandbox_status(Path(), as_json=False)) == [
        "process 7, 2 faults planned",
        "tetrix  http://127.0.0.1:2",
        "  web-1  http://127.0.0.1:1  not healthy",
        "cloudflare/dnsRecord  www.example.com  z/r1",
        "cloudflare/dnsRecord  health  z/r2",
        "cloudflare/zoneSetting  ssl  z/ssl",
        "digitalocean/app  tetrix  a1",
        "digitalocean/uptimeCheck  health  u1",
    ]


def test_planned_trouble_is_told_listed_and_cleared(cloud: Cloud) -> None:
    assert list(plan_faults(Path(), None, clear=False)) == ["no faults are planned"]
    plan = Plan.read({"kind": "throttle", "api": "fly", "count": 2})
    assert list(plan_faults(Path(), plan, clear=False)) == ["planned f1: throttle for * of * at fly, 2 times"]
    assert list(plan_faults(Path(), None, clear=False)) == ['f1: {"kind": "throttle"}']
    assert list(plan_faults(Path(), None, clear=True)) == ["1 faults removed"]


def test_a_sandbox_that_does_not_answer_has_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_runs(home: Path) -> None:
        raise NotRunningError("no sandbox runs")

    monkeypatch.setattr(sandbox.control, "client", none_runs)
    with pytest.raises(OperationError) as raised:
        list(sandbox_status(Path(), as_json=True))
    assert (str(raised.value), raised.value.exit_code) == ("no sandbox runs", ExitCode.SANDBOX)


def test_a_sandbox_is_not_started_beside_a_foreign_backend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://api.pulumi.com")
    with pytest.raises(OperationError) as raised:
        list(start_sandbox(tmp_path))
    assert raised.value.exit_code is ExitCode.REFUSED
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("own", [True, False], ids=["the rehearsal's own", "the caller's"])
def test_only_a_state_of_the_rehearsals_own_is_mended_and_that_is_said_beside_the_output(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], own: bool
) -> None:
    endpoints = SimpleNamespace(control="http://127.0.0.1:1", fly={"machines": "http://127.0.0.1:1"}, environment=dict)
    backend = own_backend(tmp_path) if own else f"file://{tmp_path / 'state'}"
    sandboxed = Sandboxed(tmp_path, tmp_path / "Pulumi.staging.yaml", {"PULUMI_BACKEND_URL": backend})
    replaced = {
        "load_stack": lambda root, name: None,
        "seed": lambda control, fly, stack: None,
        "prepare": lambda root, stack, environment: sandboxed,
        "mend_checkpoints": lambda state: iter([f"put back {state}"]),
    }
    for name, stand_in in replaced.items():
        monkeypatch.setattr(sandbox, name, stand_in)
    monkeypatch.setattr(sandbox.control, "start", lambda home: endpoints)
    assert surround(tmp_path, "staging")[1] is sandboxed
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"put back {tmp_path / 'state'}\n" if own else "")
