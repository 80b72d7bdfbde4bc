"""App Platform's part of a deployment: new code, and the way back to code that ran."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ops.clouds.app_platform import App, Deployment, RollbackCheck
from ops.clouds.errors import NotThere
from ops.deployment import app_platform
from ops.errors import OperationError
from tests.ops.verify.systems import on_app_platform, on_fly


class Account:
    """One app, or none. Remembers what it is told to do."""

    def __init__(self, *, phase: str = "ACTIVE", valid: bool = True, **app: Any) -> None:
        self.calls: list[str] = []
        self.state: dict[str, Any] = {"id": "a1", "spec": {"name": "sample-app"}, **app}
        self._phase = phase
        self._valid = valid

    def app_named(self, name: str) -> App:
        if "active_deployment" not in self.state:
            raise NotThere("DigitalOcean", "GET /v2/apps", 0, "there is no app")
        return App.model_validate(self.state)

    def app(self, id_: str) -> App:
        return App.model_validate(self.state)

    def deploy(self, app_id: str, *, force_build: bool) -> Deployment:
        self.calls.append(f"deploy force_build={force_build}")
        return Deployment(id="new")

    def wait(self, app_id: str, id_: str, seconds: float) -> Deployment:
        self.calls.append(f"wait {id_}")
        for key in ("in_progress_deployment", "pending_deployment"):
            self.state.pop(key, None)
        return Deployment(id=id_, phase=self._phase)

    def validate_rollback(self, app_id: str, deployment: str) -> RollbackCheck:
        self.calls.append(f"validate {deployment}")
        error = None if self._valid else {"code": "exceeded_revision_limit", "message": "it is too old"}
        return RollbackCheck.model_validate({"valid": self._valid, "error": error})

    def roll_back(self, app_id: str, deployment: str) -> Deployment:
        self.calls.append(f"roll back {deployment}")
        return Deployment(id="back")

    def commit_rollback(self, app_id: str) -> None:
        self.calls.append("commit")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Surroundings of a stack whose app is that of an account."""

    def make(account: Account, changes: str = "{}") -> Any:
        monkeypatch.setattr(app_platform, "DigitalOcean", lambda environment: account)
        systems = {"web": on_app_platform(changes)}
        stack = SimpleNamespace(systems=systems)
        return SimpleNamespace(stack=stack, environment={}, app_name=lambda system: "sample-app")

    return make


def running(id_: str = "d2", **more: Any) -> dict[str, Any]:
    return {"active_deployment": {"id": id_, "phase": "ACTIVE", **more}}


def test_no_token_is_needed_where_the_stack_has_no_app_there(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = SimpleNamespace(systems={"web": on_fly()})
    assert app_platform.active(SimpleNamespace(stack=stack, environment={})) == {}  # type: ignore[arg-type]  # stand-in


def test_an_app_that_is_not_there_yet_has_no_active_deployment(place: Any) -> None:
    assert app_platform.active(place(Account())) == {}
    assert app_platform.active(place(Account(**running("d1")))) == {"sample-app": "d1"}


def test_code_is_deployed_where_the_engine_left_the_app_as_it_was(place: Any) -> None:
    account = Account(**running("d1"))
    assert list(app_platform.deploy_code(place(account), {"sample-app": "d1"})) == ["sample-app deployed from main"]
    assert account.calls == ["deploy force_build=False", "wait new"]


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        ({"sample-app": "d0"}, "{}"),
        ({}, "{}"),
        ({"sample-app": "d1"}, "app: {github: {deploy_on_push: true}}"),
    ],
)
def test_code_that_the_engine_or_the_platform_deploys_is_left_alone(
    place: Any, before: dict[str, str], changes: str
) -> None:
    account = Account(**running("d1"))
    assert list(app_platform.deploy_code(place(account, changes), before)) == []
    assert account.calls == []


def test_a_deployment_under_way_is_waited_for_and_not_doubled(place: Any) -> None:
    account = Account(**running("d1"), in_progress_deployment={"id": "d2", "phase": "BUILDING"})
    list(app_platform.deploy_code(place(account), {"sample-app": "d1"}))
    assert account.calls == ["wait d2"]


def test_code_that_does_not_build_fails_the_deployment(place: Any) -> None:
    account = Account(**running("d1"), phase="ERROR")
    with pytest.raises(OperationError, match="the deployment new of sample-app is ERROR"):
        list(app_platform.deploy_code(place(account), {"sample-app": "d1"}))


def test_the_way_back_is_validated_rolled_back_and_committed(place: Any) -> None:
    account = Account(**running("d2"))
    done = list(app_platform.bring_back(place(account), {"sample-app": "d1"}))
    assert done == ["sample-app rolled back to d1"]
    assert account.calls == ["validate d1", "roll back d1", "wait back", "commit"]


@pytest.mark.parametrize("app", [running("d1"), running("d3", cloned_from="d1")])
def test_what_runs_already_is_not_rolled_back_to(place: Any, app: dict[str, Any]) -> None:
    account = Account(**app)
    assert list(app_platform.bring_back(place(account), {"sample-app": "d1"})) == []
    assert account.calls == []


def test_a_rollback_that_was_cut_off_is_committed(place: Any) -> None:
    account = Account(**running("d2"), pinned_deployment={"id": "back"})
    list(app_platform.bring_back(place(account), {"sample-app": "d1"}))
    assert account.calls == ["wait back", "commit"]


def test_a_deployment_under_way_ends_before_the_way_back_begins(place: Any) -> None:
    account = Account(**running("d2"), pending_deployment={"id": "d3"})
    list(app_platform.bring_back(place(account), {"sample-app": "d1"}))
    assert account.calls[:2] == ["wait d3", "validate d1"]


def test_what_the_platform_refuses_is_said_and_not_tried(place: Any) -> None:
    account = Account(**running("d2"), valid=False)
    for verb in (app_platform.bring_back, app_platform.would_bring_back):
        with pytest.raises(OperationError, match="cannot roll sample-app back to d1: it is too old"):
            list(verb(place(account), {"sample-app": "d1"}))
    assert account.calls == ["validate d1"] * 2


def test_a_rollback_that_fails_stays_uncommitted(place: Any) -> None:
    account = Account(**running("d2"), phase="ERROR")
    with pytest.raises(OperationError, match="the deployment back of sample-app is ERROR"):
        list(app_platform.bring_back(place(account), {"sample-app": "d1"}))
    assert "commit" not in account.calls


def test_a_dry_run_only_asks(place: Any) -> None:
    account = Account(**running("d2"))
    said = list(app_platform.would_bring_back(place(account), {"sample-app": "d1"}))
    assert (said, account.calls) == (["sample-app would be rolled back to d1"], ["validate d1"])
