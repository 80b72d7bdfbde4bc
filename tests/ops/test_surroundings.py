"""Where a verb works, and where the apps of a stack answer."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandbox import Clients
from ops.surroundings import Surroundings, surroundings
from sandbox.client import Client
from sandbox.errors import NotRunningError, SandboxError
from sandbox.fly.client import FlyClient
from tests.stacks import loaded

ROOT = Path(__file__).resolve().parents[2]


class Emulated:
    """What the emulated clouds tell about their apps."""

    def app(self, name: str) -> dict[str, Any]:
        if name != "paintbox":
            raise SandboxError(f"no app {name}")
        return {"url": "http://127.0.0.1:20001"}

    def status(self) -> dict[str, Any]:
        return {"apps": [{"name": "tetrix-minimal", "url": "http://127.0.0.1:20002/"}]}


def of(stack: str, tmp_path: Path, *, sandbox: bool = False) -> Surroundings:
    emulated: Any = Emulated()
    clients = Clients(emulated, emulated) if sandbox else None
    return Surroundings(ROOT, loaded(stack), {}, tmp_path, sandbox=clients)


def test_an_app_is_asked_at_its_domain_or_at_the_platforms_own_name(tmp_path: Path) -> None:
    production = of("production", tmp_path)
    assert {name: production.url(name) for name in production.stack.systems} == {
        "tetrix": "https://tetrixcorp.com",
        "paintbox": "https://paintbox.fly.dev",
        "tattoo-contest": "https://tattoo-contest.com",
    }


def test_a_rehearsed_app_is_asked_on_loopback(tmp_path: Path) -> None:
    rehearsed = of("production", tmp_path, sandbox=True)
    assert rehearsed.sandboxed
    assert rehearsed.url("paintbox") == "http://127.0.0.1:20001"
    assert rehearsed.url("tetrix") == "http://127.0.0.1:20002"


def test_what_is_not_deployed_has_no_url(tmp_path: Path) -> None:
    way_out = "deploy it first: ./slipway deploy --stack production --sandbox --yes"
    with pytest.raises(OperationError, match=f"tattoo-contest is not deployed; {way_out}"):
        of("production", tmp_path, sandbox=True).url("tattoo-contest")


def test_emulated_clouds_that_are_gone_are_not_taken_for_an_app_that_is_not_deployed(tmp_path: Path) -> None:
    gone = Client("http://127.0.0.1:9")
    there = replace(of("production", tmp_path), sandbox=Clients(gone, FlyClient("http://127.0.0.1:9")))
    for name in ("paintbox", "tetrix"):
        with pytest.raises(NotRunningError, match="no sandbox answers"):
            there.url(name)


def test_a_system_that_the_stack_does_not_have_is_refused_by_name(tmp_path: Path) -> None:
    production = of("production", tmp_path)
    assert list(production.systems("tetrix")) == ["tetrix"]
    assert list(production.systems()) == ["tetrix", "paintbox", "tattoo-contest"]
    with pytest.raises(OperationError) as refused:
        production.systems("painbox")
    assert refused.value.exit_code is ExitCode.USAGE
    assert str(refused.value) == 'painbox is no system of production; did you mean "paintbox"?'


def test_records_are_for_their_owner_only(tmp_path: Path) -> None:
    (tmp_path / "systems").symlink_to(ROOT / "systems")
    (tmp_path / "Pulumi.staging.yaml").symlink_to(ROOT / "Pulumi.staging.yaml")
    found = surroundings(tmp_path, "staging", sandbox=False)
    assert found.records == tmp_path / ".slipway" / "records" / "staging"
    assert stat.S_IMODE(found.records.stat().st_mode) == 0o700
