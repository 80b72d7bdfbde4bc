"""The monitor's settings: what contradicts itself, the probes or the addresses is refused."""

from __future__ import annotations

import pytest

from tests.settings.samples import DIGITALOCEAN, FLY, refusals


def watch(words: str) -> str:
    return f"monitoring: {{watch: {{{words}}}}}"


MAIL = "mail: {host: smtp.example.com, sender: alerts@example.com}"


@pytest.mark.parametrize(
    "changes",
    [
        watch("interval: 10s, timeout: 9s"),
        watch("interval: 1h, timeout: 90s"),
        watch("failures: 1, successes: 1, cooldown: 0s, repeat: 5m"),
        watch("failures: 20, successes: 20, cooldown: 1d, repeat: 1d"),
        watch(f"pagerduty: {{}}, webhook: {{}}, {MAIL}"),
        "monitoring: {memory_percent: 85, memory_critical_percent: 86}",
        "monitoring: {memory_critical_percent: 95, thresholds: {memory_mb: 400}}",
        "monitoring: {probes: {health: {slow_above: [9s]}}}",
        "monitoring: {probes: {health: {json_list: keys, failures: 20}}}",
    ],
)
def test_settings_that_agree_are_kept(changes: str) -> None:
    assert refusals(DIGITALOCEAN, changes) == []


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        (
            watch("interval: 10s"),
            [
                "monitoring.watch.timeout: 10s is not shorter than the interval of 10s; "
                "shorten the timeout or lengthen the interval",
            ],
        ),
        (
            watch("cooldown: 10m, repeat: 9m"),
            [
                "monitoring.watch.repeat: 9m is shorter than the cooldown of 10m; lengthen repeat or shorten the "
                "cooldown",
            ],
        ),
        (
            "monitoring: {probes: {health: {slow_above: [1s, 10s]}}}",
            [
                "monitoring.watch.timeout: an answer that takes 10s is never seen: the monitor waits 10s; "
                "set it to more than 10s",
            ],
        ),
        (
            f'monitoring: {{notify: {{emails: [], slack: {{channel: "#a"}}}}, watch: {{{MAIL}}}}}',
            [
                "monitoring.watch.mail: there is no address to send mail to; name one in notify.emails, or remove mail",
            ],
        ),
        (
            "monitoring: {memory_percent: 85, memory_critical_percent: 85}",
            [
                "monitoring.memory_critical_percent: 85 % is not more than the 85 % that warn; set it to more than 85",
            ],
        ),
        (
            "monitoring: {memory_critical_percent: 95}",
            ["monitoring.memory_critical_percent: nothing warns before it; set memory_percent as well"],
        ),
        (
            "monitoring: {probes: {health: {json_list: a-b}}}",
            [
                'monitoring.probes.health.json_list: "a-b" is not a key of a JSON object: letters, digits and _; '
                'write it as in "keys"',
            ],
        ),
    ],
)
def test_settings_that_contradict_are_refused(changes: str, problems: list[str]) -> None:
    assert refusals(DIGITALOCEAN, changes) == problems


def test_a_warning_in_mb_must_come_before_what_is_critical_in_per_cent() -> None:
    changes = """
        monitoring:
          notify: {emails: [a@example.com]}
          regions: [us_west]
          probes: {ready: {path: /ready}}
          memory_critical_percent: 80
          thresholds: {memory_mb: 410}
    """
    assert refusals(FLY, changes) == [
        "monitoring.thresholds.memory_mb: 410 MB is not less than the 80 % of 512 MB that are critical; "
        "set it to less than 409"
    ]
    assert refusals(FLY, changes.replace("410", "409")) == []
