"""A running test is shown: in place on a terminal, in lines elsewhere, not at all to programs."""

from __future__ import annotations

import io
import sys

import pytest

from ops.loadtest.moment import Moment, moment
from ops.loadtest.progress import shown
from ops.loadtest.recording import Recording
from planning.load_plan import Phase
from tests.loadtest.plans import plan, steady

PLAN = plan(Phase("ramp", 0, 10, 0, 20, judged=False), steady(10, 20, start=10))


def at(seconds: int) -> Moment:
    return Moment(seconds, "steady", 20, 19.5, 10, 1.5, 12.25, 150.0, 300, 2)


def test_a_line_comes_every_five_seconds_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    lines: list[str] = []
    with shown(PLAN, lines.append, silent=False) as tell:
        for seconds in range(1, 12):
            tell(at(seconds))
    assert len(lines) == 2
    assert " ".join(lines[0].split()) == (
        "5 s of 20 steady 20.0/s due 19.5/s answered 10 users p50 1.5 p95 12.2 p99 150.0 ms 2 errors"
    )


def test_programs_see_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(PLAN, pytest.fail, silent=True) as tell:
        tell(at(5))
    assert capsys.readouterr().err == ""


def test_a_terminal_sees_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with shown(PLAN, pytest.fail, silent=False) as tell:
        tell(at(1))
        tell(at(10))
    assert "19.5 of 20.0" in screen.getvalue()
    assert "██" in screen.getvalue()
    assert "10 s left" in screen.getvalue()


def test_a_moment_is_of_the_last_five_seconds_and_its_errors_of_all() -> None:
    recording = Recording()
    for second in range(8):
        recording.came((0, second, 0), "200" if second else "500", 0.1 * (second + 1))
        recording.answered_at[second] += 2
    recording.users_at[7] = 3
    now = moment(PLAN, recording, 8)
    assert (now.phase, now.offered, now.achieved, now.users) == ("ramp", 16, 2, 3)
    assert (now.requests, now.errors) == (8, 1)
    assert now.p50 == pytest.approx(600, rel=0.01)
    assert moment(PLAN, recording, 25).phase == "waiting for the last answers"
