"""The state machine of an alert: when it speaks, and all the times when it does not."""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from planning.alerts.alert import Alert
from planning.alerts.state import Notice, State, step
from planning.thresholds import Threshold
from settings.watch import Watch

MINUTE = 60.0


def alert(*, in_a_row: int = 1, lasts: int = 0, successes: int = 2, cooldown: int = 15, repeat: int = 240) -> Alert:
    """Durations in minutes. Trouble is a value above 10."""
    watch = Watch(successes=successes, cooldown=timedelta(minutes=cooldown), repeat=timedelta(minutes=repeat))
    limit = Threshold(
        "memory", 10, "MB", "alert", severity="critical", in_a_row=in_a_row, lasts=timedelta(minutes=lasts)
    )
    return Alert("paintbox", "memory", limit, watch)


def told(of: Alert, values: str, every: float = MINUTE) -> list[tuple[float, str]]:
    """What is told in which round: `x` is beyond the limit, `.` well, `?` not measured, `=` exactly at the limit."""
    state, notices = State(), []
    for number, letter in enumerate(values):
        measured = {"x": 11.0, ".": 0.0, "?": None, "=": 10.0}[letter]
        state, notice = step(of, state, number * every, measured)
        if notice:
            notices.append((number, notice.word))
    return notices


def test_it_fires_at_the_third_failure_in_a_row_and_not_before() -> None:
    assert told(alert(in_a_row=3), "xx") == []
    assert told(alert(in_a_row=3), "xx.xx.xx") == []
    assert told(alert(in_a_row=3), "xxx") == [(2, "firing")]


def test_it_fires_when_the_trouble_lasted_long_enough_and_not_before() -> None:
    assert told(alert(lasts=5), "xxxxx") == []
    assert told(alert(lasts=5), "xxxxxx") == [(5, "firing")]
    assert told(alert(lasts=5), "xxxxx.xxxxx") == []


def test_the_limit_itself_is_no_trouble() -> None:
    assert told(alert(), "=====") == []


def test_a_round_without_a_measurement_neither_raises_nor_ends_an_alert() -> None:
    assert told(alert(in_a_row=3), "xx??x") == [(4, "firing")]
    assert told(alert(), "x????") == [(0, "firing")]
    assert told(alert(), "x.??") == [(0, "firing")]
    assert told(alert(), "x.?.") == [(0, "firing"), (3, "recovered")]


def test_its_end_is_told_once_it_was_good_often_enough() -> None:
    assert told(alert(), "x.x.x.x") == [(0, "firing")]
    assert told(alert(), "x..") == [(0, "firing"), (2, "recovered")]
    assert told(alert(successes=1), "x.") == [(0, "firing"), (1, "recovered")]


def test_within_the_cooldown_it_is_held_back_and_told_afterwards_if_it_still_fires() -> None:
    assert told(alert(cooldown=10), "x..x..") == [(0, "firing"), (2, "recovered")]
    assert told(alert(cooldown=10), "x..xxxxxxxxx") == [(0, "firing"), (2, "recovered"), (10, "firing")]


def test_one_that_lasts_is_told_again_and_its_end_once() -> None:
    assert told(alert(repeat=30), "x" * 61 + "..") == [
        (0, "firing"),
        (30, "still firing"),
        (60, "still firing"),
        (62, "recovered"),
    ]


def test_a_notice_says_since_when() -> None:
    state, notice = State(), None
    for number in range(3):
        state, notice = step(alert(in_a_row=3), state, number * MINUTE, 11.0)
    assert notice == Notice(alert(in_a_row=3), "firing", 2 * MINUTE, 2 * MINUTE, 11.0)


ROUNDS = st.lists(st.sampled_from("x.?="), max_size=300).map("".join)
PATIENCE = st.builds(
    alert,
    in_a_row=st.integers(1, 5),
    lasts=st.integers(0, 10),
    successes=st.integers(1, 4),
    cooldown=st.integers(0, 30),
    repeat=st.integers(30, 60),
)


@given(PATIENCE, ROUNDS)
def test_firing_and_its_end_are_told_in_turn(of: Alert, rounds: str) -> None:
    ends = [word for _, word in told(of, rounds) if word != "still firing"]
    assert ends == ["firing", "recovered"] * (len(ends) // 2) + ["firing"] * (len(ends) % 2)


@given(PATIENCE, ROUNDS)
def test_between_two_tellings_lies_the_cooldown(of: Alert, rounds: str) -> None:
    fired = [number for number, word in told(of, rounds) if word != "recovered"]
    pauses = [after - before for before, after in itertools.pairwise(fired)]
    assert all(pause * MINUTE >= of.watch.cooldown.total_seconds() for pause in pauses)


@given(PATIENCE, ROUNDS)
def test_before_each_telling_were_enough_bad_rounds(of: Alert, rounds: str) -> None:
    for number, word in told(of, rounds):
        if word == "firing":
            seen = rounds[: number + 1].replace("?", "").rstrip(".=")
            assert seen.endswith("x")
            assert number * MINUTE >= of.threshold.lasts.total_seconds()
        if word == "recovered":
            seen = rounds[: number + 1].replace("?", "")
            assert "x" not in seen[-of.watch.successes :]
