"""What drift says to do, and to which stack."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from ops.drift import report
from ops.drift.report import show_drift
from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandbox import Clients
from ops.surroundings import Surroundings
from tests.stacks import loaded
from tests.tetrix import ROOT


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    """A rehearsal of which nothing is deployed."""
    engine = SimpleNamespace(state=lambda: {"resources": []})
    monkeypatch.setattr(Surroundings, "engine", lambda self: engine)
    emulated: Any = None
    return Surroundings(ROOT, loaded("staging"), {}, Path("/nowhere"), sandbox=Clients(emulated, emulated))


def refused(place: Surroundings) -> OperationError:
    with pytest.raises(OperationError) as raised:
        show_drift(place, None, as_json=True, console=Console(quiet=True))
    return raised.value


def test_what_is_not_deployed_is_deployed_first(place: Surroundings) -> None:
    error = refused(place)
    way_out = "deploy it first: ./slipway deploy --stack staging --sandbox --yes"
    assert (str(error), error.exit_code) == (f"nothing of staging is deployed; {way_out}", ExitCode.USAGE)


def test_what_was_changed_elsewhere_is_put_back_by_a_deployment_of_the_same_stack(
    place: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "look", lambda *_: [SimpleNamespace(drifted=True, as_json=dict)])
    error = refused(place)
    way_out = "./slipway deploy --stack staging --sandbox --yes puts back what it manages"
    assert (str(error), error.exit_code) == (f"1 thing is not as deployed; {way_out}", ExitCode.DRIFT)
