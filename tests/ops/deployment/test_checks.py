"""What is asked before anything is changed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ops.deployment import checks
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.surroundings import Surroundings
from tests.ops.verify.systems import on_app_platform, on_fly
from tests.stacks import loaded
from tests.tetrix import ROOT


def place(*, sandboxed: bool = False, **systems: Any) -> Any:
    stack = SimpleNamespace(systems=systems or {"web": on_app_platform(), "api": on_fly()})
    return SimpleNamespace(stack=stack, sandboxed=sandboxed, environment={})


def test_only_the_clouds_that_the_stack_is_on_are_asked() -> None:
    assert checks.clouds(place()) == ["fly", "digitalocean", "cloudflare"]
    assert checks.clouds(place(api=on_fly())) == ["fly"]


def answering(monkeypatch: pytest.MonkeyPatch, **indicators: str) -> None:
    """Status pages that say this; the others do not answer."""

    def indicator(url: str) -> tuple[str, str]:
        cloud = next(name for name, page in checks.STATUS_PAGES.items() if page == url)
        found = indicators.get(cloud, "")
        return found, f"{found} trouble" if found else "its status page does not answer"

    monkeypatch.setattr(checks, "_indicator", indicator)


@pytest.mark.parametrize("indicator", ["major", "critical"])
def test_a_great_incident_stops_a_deployment_and_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, indicator: str
) -> None:
    answering(monkeypatch, fly="none", digitalocean=indicator, cloudflare="none")
    with pytest.raises(OperationError) as stopped:
        checks.platforms(place())
    assert stopped.value.exit_code is ExitCode.REFUSED
    assert str(stopped.value) == (
        f"digitalocean: {indicator} trouble. Wait until it is over, or go on all the same with: --skip platforms"
    )


def test_small_incidents_and_pages_that_do_not_answer_stop_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, fly="minor", cloudflare="none")
    assert checks.platforms(place()) == (
        "fly: minor trouble; digitalocean: its status page does not answer; cloudflare: none trouble"
    )


def test_emulated_clouds_have_no_status_pages() -> None:
    assert checks.platforms(place(sandboxed=True)) == "emulated clouds have no status pages"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"status": {"indicator": "minor", "description": "Slow builds"}}', ("minor", "Slow builds")),
        (b'{"status": "up"}', ("", "its status page does not answer")),
        (b"<html>", ("", "its status page does not answer")),
    ],
)
def test_a_status_page_is_read_or_passed_over(
    monkeypatch: pytest.MonkeyPatch, body: bytes, said: tuple[str, str]
) -> None:
    answer = checks.urllib3.HTTPResponse(body=body, status=200)
    monkeypatch.setattr(checks.urllib3, "request", lambda *_, **__: answer)
    assert checks._indicator("https://status.example.com") == said


def test_every_cloud_that_refuses_the_token_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(surroundings: Any) -> None:
        raise OperationError("the token has expired", ExitCode.ENGINE)

    asks = {"fly": lambda _: None, "digitalocean": refuse, "cloudflare": refuse}
    monkeypatch.setattr(checks, "_ASKS", asks)
    with pytest.raises(OperationError) as refused:
        checks.tokens(place())
    assert str(refused.value) == "the token has expired\nthe token has expired"
    assert checks.tokens(place(api=on_fly())) == "fly answer"


def test_a_rehearsal_is_held_to_the_drills_of_its_own_records(tmp_path: Path) -> None:
    (tmp_path / "drills.json").write_text("?")
    there = Surroundings(ROOT, loaded("production"), {}, tmp_path)
    with pytest.raises(OperationError, match=f"{tmp_path}/drills.json is not a record of drills"):
        checks.policies(there)


def test_the_policies_can_be_left_to_a_person() -> None:
    here = SimpleNamespace(root=Path("project"))
    assert checks.policy_pack(here, frozenset()) == ("--policy-pack=project/policies",)  # type: ignore[arg-type]
    assert checks.policy_pack(here, frozenset({"policies"})) == ()  # type: ignore[arg-type]
