"""What a run leaves in the stack's outputs for the next one."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.deployed import Deployed, OtherAppDeployedError, last_deployed
from tests.strict_engine import StrictEngine

ENTRY = {"appId": "id-1", "mark": "abc", "settled": True}


def read(outputs: dict[str, Any]) -> dict[str, Deployed]:
    found: dict[str, Deployed] = {}
    StrictEngine(stack_outputs=outputs).run(lambda: found.update(last_deployed()))
    return found


def test_it_is_read_from_the_stacks_own_outputs() -> None:
    assert read({"deployed": {"tetrix": ENTRY}, "tetrix": {"url": "https://a.example"}}) == {
        "tetrix": Deployed(app_id="id-1", mark="abc")
    }


@pytest.mark.parametrize("outputs", [{}, {"deployed": {}}, {"deployed": None}, {"other": 1}])
def test_before_the_first_run_there_is_none(outputs: dict[str, Any]) -> None:
    assert read(outputs) == {}


@pytest.mark.parametrize("entry", [{}, {"appId": None, "mark": None}])
def test_a_run_that_got_nowhere_counts_as_none(entry: dict[str, Any]) -> None:
    assert read({"deployed": {"tetrix": entry}}) == {"tetrix": Deployed()}


@pytest.mark.parametrize(
    ("app_id", "adopt", "adopting"),
    [("", None, False), ("", "id-1", True), ("id-1", "id-1", False), ("id-1", None, False)],
)
def test_an_app_is_taken_over_once(app_id: str, adopt: str | None, adopting: bool) -> None:
    assert Deployed(app_id=app_id).adopting(adopt) is adopting


def test_a_second_app_is_refused() -> None:
    with pytest.raises(OtherAppDeployedError):
        Deployed(app_id="id-1").adopting("id-2")


def test_a_state_that_is_just_being_written_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    invoke, asked = pulumi.runtime.invoke, []

    def early(token: str, arguments: dict[str, Any]) -> Any:
        asked.append(token)
        if len(asked) < 3:
            raise Exception(f"invoke of {token} failed: failed to load checkpoint: EOF")  # noqa: TRY002  as the SDK
        return invoke(token, arguments)

    monkeypatch.setattr(pulumi.runtime, "invoke", early)
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert read({"deployed": {"tetrix": ENTRY}}).keys() == {"tetrix"}
    assert len(asked) == 3


def test_any_other_failure_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(token: str, arguments: dict[str, Any]) -> Any:
        raise Exception("no such stack")  # noqa: TRY002  as the SDK

    monkeypatch.setattr(pulumi.runtime, "invoke", broken)
    with pytest.raises(Exception, match="no such stack"):
        read({})
