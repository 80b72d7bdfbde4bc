"""The monitor as a whole: what it tells is what a replay says, through restarts and sinks that fail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ops.errors import OperationError
from ops.monitor.deliver import TOO_OLD_SECONDS
from ops.monitor.monitor import alone
from ops.monitor.seen import Seen
from ops.monitor.store import Store
from planning.alerts.incident import simulated
from planning.alerts.replay import replay
from tests.ops.monitor.seen_by import START, Box, in_memory, incident, monitor, through
from tests.planning.alerts.watched import alerts


@pytest.mark.parametrize(
    ("name", "kind"), [("paintbox", "outages"), ("paintbox", "flapping"), ("paintbox-performance", "slow")]
)
def test_it_tells_exactly_what_a_replay_of_the_same_rounds_says(name: str, kind: str) -> None:
    box, rounds = Box(), incident(name, kind)
    through(monitor(name, rounds, box), rounds)
    told = [
        (event.at, event.alert.key, event.what.removeprefix("told "))
        for event in replay(alerts(name), simulated(kind, alerts(name))).events
        if event.what.startswith("told ")
    ]
    assert [(message.at - START, message.alert, message.word) for message in box.got] == told != []


def test_a_restart_between_any_two_rounds_changes_nothing(tmp_path: Path) -> None:
    rounds, whole, restarted = dict(list(incident("paintbox", "outages").items())[9:40]), Box(), Box()
    through(monitor("paintbox", rounds, whole), rounds)
    for at, seen in rounds.items():
        store = Store.on_disk(tmp_path / "monitor.sqlite")
        through(monitor("paintbox", rounds, restarted, store=store), {at: seen})
        store.close()
    assert restarted.got == whole.got
    assert len(whole.got) > 6


def test_a_dry_run_tells_nobody_and_leaves_the_records_alone(tmp_path: Path) -> None:
    file = tmp_path / "monitor.sqlite"
    rounds, box = incident("paintbox", "outage"), Box()
    first = dict(list(rounds.items())[:12])
    through(monitor("paintbox", rounds, store=Store.on_disk(file)), first)
    before = file.read_bytes()
    rest = {at: seen for at, seen in rounds.items() if at not in first}
    reports = through(monitor("paintbox", rounds, box, store=Store.copy_of(file), dry_run=True), rest)
    assert file.read_bytes() == before
    assert box.got == []
    # It goes on from what was remembered: the third failure in a row is the first of these rounds.
    assert [verdict.alert.key for verdict in reports[0].verdicts["paintbox"] if verdict.message] != []


def test_a_sink_that_fails_gets_it_later_in_order_and_keeps_nobody_else_waiting() -> None:
    rounds = incident("paintbox", "outage")
    away, well = Box("away", failures=2), Box("well")
    reports = through(monitor("paintbox", rounds, away, well), rounds)
    assert away.got == well.got != []
    assert [report.troubles for report in reports if report.troubles] == [
        ["paintbox/away: away is away; next try in 15 s"],
        ["paintbox/away: away is away; next try in 30 s"],
    ]


def test_an_end_never_overtakes_its_alert_on_the_way() -> None:
    rounds, away = incident("paintbox", "outage"), Box("away", failures=30)
    through(monitor("paintbox", rounds, away), rounds)
    words = [message.word for message in away.got if message.alert == "machines"]
    assert words == ["firing", "recovered"][: len(words)]


def test_what_did_not_arrive_within_a_day_is_given_up() -> None:
    store, away = in_memory(), Box("away", failures=10**6)
    rounds = incident("paintbox", "certificate")
    later = max(rounds) + TOO_OLD_SECONDS + 60
    rounds[later] = Seen(rounds[START].measured)
    reports = through(monitor("paintbox", rounds, away, store=store), rounds)
    assert store.waiting() == []
    assert reports[-1].troubles == [
        "paintbox/away: gave up after a day: WARNING paintbox: certificate below 14 days",
        "paintbox/away: gave up after a day: RECOVERED paintbox: certificate no longer below 14 days",
    ]


def test_what_waits_for_a_sink_that_is_named_no_more_is_dropped() -> None:
    store, rounds = in_memory(), incident("paintbox", "certificate")
    through(monitor("paintbox", rounds, Box("away", failures=10**6), store=store), rounds)
    assert store.waiting() != []
    through(monitor("paintbox", {START: Seen()}, store=store), {START: Seen()})
    assert store.waiting() == []


def test_what_waits_for_the_people_of_another_system_is_left_to_its_own_monitor() -> None:
    store, rounds, back = in_memory(), incident("paintbox", "certificate"), Box("box")
    through(monitor("paintbox", rounds, Box("box", failures=10**6), store=store), rounds)
    waiting = [one.message.title for one in store.waiting()]
    later = max(rounds) + 3_600
    through(monitor("tetrix", {later: Seen()}, store=store), {later: Seen()})
    through(monitor("paintbox", {later: Seen()}, back, store=store), {later: Seen()})
    assert [message.title for message in back.got] == waiting != []


def test_uptime_counts_the_rounds_in_which_every_page_answered() -> None:
    store, rounds = in_memory(), incident("tetrix", "outage")
    through(monitor("tetrix", rounds, store=store), rounds)
    assert store.uptime("tetrix") == (51, 81)


def test_a_day_of_rounds_is_kept_and_a_month_of_counts() -> None:
    store = in_memory()
    for day in range(40):
        store.add_round("tetrix", START + day * 86_400, {"memory": 1.0}, up=True)
    assert [at for at, _ in store.rounds("tetrix", 0)] == [START + 38 * 86_400, START + 39 * 86_400]
    assert store.uptime("tetrix") == (31, 31)


def test_two_monitors_of_a_stack_do_not_tell_everything_twice(tmp_path: Path) -> None:
    said = "another monitor of this stack works on this machine"
    with alone(tmp_path), pytest.raises(OperationError, match=said), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_records_of_another_version_are_refused(tmp_path: Path) -> None:
    store = Store.on_disk(tmp_path / "monitor.sqlite")
    store._connection.execute("PRAGMA user_version = 9")
    store.close()
    with pytest.raises(OperationError, match="have version 9, and this is 1"):
        Store.on_disk(tmp_path / "monitor.sqlite")


def test_a_round_is_in_the_store_as_a_whole_or_not_at_all() -> None:
    store = in_memory()

    class Broken(Box):
        def wants(self, message: object) -> bool:
            raise RuntimeError("cut off")

    rounds = incident("paintbox", "outage")
    of = monitor("paintbox", rounds, Broken(), store=store)
    times = list(rounds)
    through(of, dict.fromkeys(times[:12], Seen()))
    with pytest.raises(RuntimeError, match="cut off"):
        of.round(datetime.fromtimestamp(times[12], UTC))
    assert [at for at, _ in store.rounds("paintbox", 0)] == times[:12]
