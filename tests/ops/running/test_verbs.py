"""Nothing is done without `yes`, one at a time, and what was done before an error is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.holder import Holder
from ops.journal import Journal
from ops.lease import Lease
from ops.running import verbs
from ops.running.wish import ScaleWish
from tests.ops.running.test_fly import machines
from tests.ops.scripted import Scripted, scripted

CORDON = {"run": "machine cordon m1 --app paintbox"}
STOP = {"run": "machine stop m1 --app paintbox"}
RESTART = {"run": "machine restart m1 --app paintbox"}


def stopped(place: Scripted, *, yes: bool, as_json: bool = False) -> list[str]:
    lines = list(verbs.stop(place, "paintbox", keep_running=False, yes=yes, as_json=as_json))
    place.flyctl.require_end()
    return lines


def test_without_yes_it_only_looks(tmp_path: Path) -> None:
    assert stopped(scripted(tmp_path, {}, machines(m1="started")), yes=False) == [
        "paintbox: would keep requests from machine m1 of paintbox",
        "paintbox: would stop machine m1 of paintbox",
        "to do it, add --yes",
    ]
    assert list(tmp_path.iterdir()) == []


def test_with_yes_it_says_what_it_did(tmp_path: Path) -> None:
    place = scripted(tmp_path, {}, machines(m1="started"), CORDON, machines(m1="started!"), STOP)
    assert stopped(place, yes=True) == [
        "paintbox: keep requests from machine m1 of paintbox",
        "  cordoned m1",
        "paintbox: stop machine m1 of paintbox",
        "  stopped m1",
        "the next deployment starts it again; until then: ./slipway start --system paintbox --stack production",
    ]


def test_json_has_every_step_with_its_result(tmp_path: Path) -> None:
    place = scripted(tmp_path, {}, machines(m1="started"), CORDON, machines(m1="started!"), STOP)
    (text,) = stopped(place, yes=True, as_json=True)
    told = json.loads(text)
    assert (told["stack"], told["verb"], told["done"]) == ("production", "stop", True)
    assert [step["result"] for step in told["steps"]] == ["cordoned m1", "stopped m1"]


def test_an_error_says_what_was_done_before_it(tmp_path: Path) -> None:
    failing = {**STOP, "fails": "app not found"}
    place = scripted(tmp_path, {}, machines(m1="started"), CORDON, machines(m1="started!"), failing)
    with pytest.raises(OperationError) as raised:
        stopped(place, yes=True)
    assert str(raised.value).endswith(
        "done before that: keep requests from machine m1 of paintbox; run stop again to go on"
    )
    assert raised.value.exit_code is ExitCode.ENGINE


def test_a_system_that_cannot_be_reached_keeps_no_other_from_being_stopped(tmp_path: Path) -> None:
    missing = {"run": "machine list --app tattoo-contest --json", "fails": "Could not find App"}
    place = scripted(tmp_path, {}, machines(m1="started"), missing, CORDON, machines(m1="started!"), STOP)
    told: list[str] = []
    with pytest.raises(OperationError) as raised:
        told.extend(verbs.stop(place, None, keep_running=False, yes=True, as_json=False))
    assert raised.value.exit_code is ExitCode.ENGINE
    tetrix, contest, done = str(raised.value).splitlines()
    assert tetrix.startswith("tetrix: DIGITALOCEAN_TOKEN is not set")
    assert contest.startswith("tattoo-contest: ")
    assert "  stopped m1" in told
    assert done.startswith("done before that: keep requests from machine m1 of paintbox; stop machine m1 of paintbox; ")
    place.flyctl.require_end()


def test_any_other_verb_does_nothing_where_a_system_cannot_be_reached(tmp_path: Path) -> None:
    missing = {"run": "machine list --app tattoo-contest --json", "fails": "Could not find App"}
    place = scripted(tmp_path, {}, machines(m1="started"), missing)
    with pytest.raises(OperationError, match="tattoo-contest: "):
        list(verbs.restart(place, None, yes=True, as_json=False))
    place.flyctl.require_end()


def test_only_a_stop_does_not_wait_for_a_deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Holder("somebody", "elsewhere", 1, "another place", "then")
    lease = Lease(Journal(tmp_path).file, me=other)
    assert lease.take("deploy production") is None
    with pytest.raises(OperationError, match="is busy with this stack: deploy production") as raised:
        list(verbs.restart(scripted(tmp_path, {}), "paintbox", yes=True, as_json=False))
    assert raised.value.exit_code is ExitCode.REFUSED
    place = scripted(tmp_path, {}, machines(m1="started"), CORDON, machines(m1="started!"), STOP)
    assert "  stopped m1" in stopped(place, yes=True)
    lease.release()
    place = scripted(tmp_path, {}, machines(m1="started"), RESTART, machines(m1="started"))
    assert "  m1 runs again and passes its checks" in verbs.restart(place, "paintbox", yes=True, as_json=False)


@pytest.mark.parametrize(
    ("system", "wish", "message"),
    [
        (None, ScaleWish(2), "say which system to scale: --system with one of tetrix, paintbox, tattoo-contest"),
        ("tetris", ScaleWish(2), 'tetris is no system of production; did you mean "tetrix"?'),
    ],
)
def test_scale_needs_a_system_of_the_stack(tmp_path: Path, system: Any, wish: ScaleWish, message: str) -> None:
    with pytest.raises(OperationError) as raised:
        list(verbs.scale(scripted(tmp_path, {}), system, wish, yes=True, as_json=False))
    assert (str(raised.value), raised.value.exit_code) == (message, ExitCode.USAGE)


def test_scale_shows_the_line_to_change(tmp_path: Path) -> None:
    place = scripted(tmp_path, {}, machines(m1="started"))
    *_, line = verbs.scale(place, "paintbox", ScaleWish(4), yes=False, as_json=False)
    assert line.startswith("the next deployment puts it back; to keep it, change the settings: systems/paintbox.yaml, ")
