"""What was measured is held against the thresholds, each in the phases that it is about."""

from __future__ import annotations

import pytest

from ops.loadtest.recording import Recording
from ops.loadtest.sockets import SocketRecording
from ops.loadtest.verdict import Judgement, judge, judged_seconds
from planning.load_plan import LoadPlan, Phase
from planning.thresholds import Threshold
from settings.load_test import LoadRequest, LoadSocket
from tests.loadtest.plans import plan, steady, target

HEALTH = LoadRequest(path="/health")
CALCULATIONS = LoadRequest(path="/calculations")


def sample(*targets: Threshold) -> LoadPlan:
    """Two seconds that are not judged, then ten at one request a second that are."""
    warm = steady(2, 1, judged=False)
    return plan(warm, steady(10, 1, start=2), targets=targets, health=HEALTH, calculations=CALCULATIONS)


def recorded(**answers: int) -> Recording:
    """In the judged phase, so many of each outcome, as `_200=3`, each 100 ms; 1 s for all of the warm-up."""
    found = Recording()
    for _ in range(2):
        found.came((0, 0, 0), "200", 1.0)
    for outcome, count in answers.items():
        for _ in range(count):
            found.came((1, 3, 0), outcome.removeprefix("_"), 0.1)
    return found


def one(recording: Recording, threshold: Threshold) -> Judgement:
    (judgement,) = judge(sample(threshold), recording, None)
    return judgement


def test_percentiles_leave_out_what_is_not_judged() -> None:
    judgement = one(recorded(_200=20), target("p95", 100.5, "ms"))
    assert judgement.measured == pytest.approx(100, rel=0.01)
    assert (judgement.word, judgement.note) == ("kept", "")


def test_a_percentile_of_one_path_leaves_out_the_others() -> None:
    recording = recorded(_200=100)
    recording.came((1, 4, 1), "200", 0.5)
    judgement = one(recording, target("p99", 400, "ms", subject="/calculations"))
    assert judgement.measured == pytest.approx(500, rel=0.01)
    assert (judgement.word, judgement.note) == ("missed", "of 1 requests only")


def test_a_target_of_which_nothing_was_seen_is_neither_kept_nor_missed() -> None:
    judgement = one(recorded(_200=100), target("p99", 400, "ms", subject="/calculations"))
    assert (judgement.word, judgement.missed) == ("not measured", False)


@pytest.mark.parametrize(("answers", "word"), [(100, "kept"), (99, "missed")])
def test_requests_a_second_are_the_answers_of_the_judged_phases(answers: int, word: str) -> None:
    judgement = one(recorded(_200=answers, timeout=5), target("requests", 10, "per second", above=False))
    assert judgement.measured == answers / 10
    assert judgement.word == word


def test_errors_count_in_every_phase_and_use_up_a_budget() -> None:
    judgement = one(recorded(_200=95, _500=2, timeout=1), Threshold("errors", 5, "percent", "alert"))
    assert judgement.measured == pytest.approx(3)
    assert judgement.note == "3 of 5 allowed errors, 60% of the budget"
    assert judgement.word == "kept"


def test_users_are_the_most_that_were_served_in_a_judged_second() -> None:
    recording = recorded(_200=1)
    recording.users_at = {0: 50, 2: 8, 3: 9}
    assert one(recording, target("users", 9, "users", above=False)).word == "kept"
    assert one(recording, target("users", 10, "users", above=False)).word == "missed"


def test_the_cache_is_judged_by_what_may_be_kept() -> None:
    recording = Recording()
    for cache, count in {"HIT": 6, "REVALIDATED": 1, "MISS": 2, "EXPIRED": 1, "DYNAMIC": 30}.items():
        for _ in range(count):
            recording.came((1, 3, 0), "200", 0.1, cache)
    hits = Threshold("cache hits", 70, "percent", "alert", above=False)
    judgement = one(recording, hits)
    assert (judgement.measured, judgement.word) == (70, "kept")
    assert judgement.note == "of 10 answers that may be kept; 30 others left out"
    assert one(recorded(_200=3), hits).note == "no answer came through Cloudflare"


def test_users_with_a_websocket_share_the_errors_that_are_allowed() -> None:
    sockets = SocketRecording(wanted=20)
    sockets.failures["timeout"] = 2
    wanted = plan(
        steady(1, 1), targets=(Threshold("errors", 5, "percent", "alert"),), socket=LoadSocket(path="/ws", users=20)
    )
    judgement = judge(wanted, Recording(), sockets)[-1]
    assert (judgement.threshold.measure, judgement.measured, judgement.word) == ("errors /ws", 10, "missed")


def test_only_whole_seconds_of_judged_phases_count_for_users() -> None:
    phases = (Phase("a", 0, 1.5, 1, 1, judged=False), Phase("b", 1.5, 2.7, 1, 1, judged=True))
    assert list(judged_seconds(plan(*phases))) == [2, 3]
    assert list(judged_seconds(plan(Phase("a", 0, 0.5, 1, 1, judged=True)))) == [0]
