"""Each alert of the documents fires in its incident at the right minute, and recovers."""

from __future__ import annotations

import pytest

from planning.alerts.incident import KINDS, changes, simulated
from planning.alerts.replay import replay
from tests.planning.alerts.watched import ALL, alerts

TOLD = {
    ("paintbox", "outage"): {
        # The application is down after three consecutive failures: trouble is there from minute 10 on.
        "answers-api-simple-health": [(12, "firing"), (41, "recovered")],
        "answers-well-known-jwks-json": [(12, "firing"), (41, "recovered")],
        "answers-api-well-known-jwks-json": [(12, "firing"), (41, "recovered")],
        "machines": [(12, "firing"), (41, "recovered")],
        "machines-critical": [(12, "firing"), (41, "recovered")],
    },
    ("paintbox", "slow"): {
        "response-time-api-simple-health": [(15, "firing"), (41, "recovered")],
        "response-time-api-simple-health-critical": [(15, "firing"), (41, "recovered")],
    },
    # Evenly from 870 MB to 2918 within half an hour: 85 % of 2048 are passed in minute 23, 95 % in minute 26.
    ("paintbox", "memory-leak"): {
        "memory": [(28, "firing"), (41, "recovered")],
        "memory-critical": [(31, "firing"), (41, "recovered")],
    },
    ("paintbox", "certificate"): {"certificate": [(11, "firing"), (41, "recovered")]},
    ("paintbox", "flapping"): {
        "flapping-api-simple-health": [(16, "firing"), (66, "recovered")],
        "flapping-well-known-jwks-json": [(16, "firing"), (66, "recovered")],
        "flapping-api-well-known-jwks-json": [(16, "firing"), (66, "recovered")],
    },
    ("paintbox-performance", "error-burst"): {"errors": [(30, "firing"), (41, "recovered")]},
    ("paintbox-performance", "cache-drop"): {"cache-hits": [(15, "firing"), (41, "recovered")]},
    ("tetrix", "slow"): {
        "response-time-api-health": [(15, "firing"), (41, "recovered")],
        "response-time-api-health-critical": [(15, "firing"), (41, "recovered")],
        "response-time-root": [(15, "firing"), (41, "recovered")],
    },
    ("tattoo-contest", "wrong-dns"): {"leads-here-tattoo-contest-com": [(12, "firing"), (41, "recovered")]},
}


def told(name: str, kind: str) -> dict[str, list[tuple[float, str]]]:
    found: dict[str, list[tuple[float, str]]] = {}
    for event in replay(alerts(name), simulated(kind, alerts(name))).events:
        if event.what.startswith("told "):
            found.setdefault(event.alert.key, []).append((event.at / 60, event.what.removeprefix("told ")))
    return found


@pytest.mark.parametrize(("name", "kind"), TOLD)
def test_an_alert_is_told_at_the_right_minute_and_recovers(name: str, kind: str) -> None:
    assert told(name, kind) == TOLD[name, kind]


def test_the_third_outage_within_the_cooldown_of_the_first_is_held_back() -> None:
    listed = alerts("paintbox")
    events = [
        (event.at / 60, event.what)
        for event in replay(listed, simulated("outages", listed)).events
        if event.alert.key == "answers-api-simple-health"
    ]
    assert events == [
        (10, "pending"),
        (12, "firing"),
        (12, "told firing"),
        (17, "quiet"),
        (17, "told recovered"),
        (20, "pending"),
        (22, "firing"),
        (22, "held back"),
        (27, "quiet"),
        (30, "pending"),
        (32, "firing"),
        (32, "told firing"),
        (37, "quiet"),
        (37, "told recovered"),
    ]


@pytest.mark.parametrize("name", ALL)
def test_every_alert_of_a_system_fires_in_some_incident_and_none_before_the_trouble(name: str) -> None:
    listed = alerts(name)
    firing: dict[str, float] = {}
    for kind in KINDS:
        for key, times in replay(listed, simulated(kind, listed)).firing.items():
            if times:
                firing[key] = min(times[0], firing.get(key, times[0]))
    assert firing.keys() == {alert.key for alert in listed}
    assert min(firing.values()) > 10 * 60


@pytest.mark.parametrize("name", ALL)
def test_every_alert_has_a_name_of_its_own(name: str) -> None:
    listed = alerts(name)
    assert len({alert.key for alert in listed}) == len(listed)


def test_changes_are_counted_within_the_window_only() -> None:
    answers = [(minute * 60.0, float(minute % 2)) for minute in range(60)]
    assert changes(answers, 59 * 60.0) == 30
    assert changes(answers[:3], 59 * 60.0) == 0
