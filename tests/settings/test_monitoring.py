"""Probes and alerts: every rule, refused just beyond its bound and kept at it."""

from __future__ import annotations

import pytest

from tests.settings.samples import DIGITALOCEAN, refusals

KEPT = (
    "monitoring: null",
    'monitoring: {notify: {emails: null, slack: {channel: "#alerts"}}}',
    "monitoring: {regions: [us_east, us_west, eu_west, se_asia]}",
    "monitoring: {probes: {health: {slow_above: [1ms, 1s, 60s]}}, watch: {interval: 2m, timeout: 61s}}",
    "monitoring: {probes: {health: {down_for: 1h}}}",
    "monitoring: {certificate_days: 1}",
    "monitoring: {certificate_days: 90}",
    "monitoring: {memory_percent: 100, cpu_percent: 1}",
    "monitoring: {uptime_percent: 90}",
    "monitoring: {uptime_percent: 99.999}",
)
REFUSED = (
    (
        "monitoring: {notify: {emails: []}}",
        [
            "monitoring.notify: nobody is notified; name an e-mail address or a Slack channel",
        ],
    ),
    (
        "monitoring: {notify: {emails: [a@b]}}",
        [
            'monitoring.notify.emails[0]: "a@b" is not an e-mail address; write it as in "operations@example.com"',
        ],
    ),
    (
        "monitoring: {notify: {emails: [a@b.c, a@b.c]}}",
        [
            'monitoring.notify.emails: "a@b.c" stands here 2 times; name it once',
        ],
    ),
    (
        "monitoring: {notify: {slack: {channel: alerts}}}",
        [
            'monitoring.notify.slack.channel: "alerts" is not a Slack channel in lower case with its #; write it '
            'as in "#alerts"',
        ],
    ),
    (
        'monitoring: {notify: {slack: {channel: "#alerts", webhook_secret: a-b}}}',
        [
            'monitoring.notify.slack.webhook_secret: "a-b" is not the name of an environment variable: letters, '
            'digits and underscores, no digit first; write it as in "LOG_LEVEL"',
        ],
    ),
    (
        "monitoring: {regions: []}",
        [
            "monitoring.regions: it is empty; write at least 1 entry",
        ],
    ),
    (
        "monitoring: {regions: [eu_west, eu_west]}",
        [
            'monitoring.regions: "eu_west" stands here 2 times; name it once',
        ],
    ),
    (
        "monitoring: {regions: [eu-west]}",
        [
            'monitoring.regions[0]: "eu-west" is not one of us_east, us_west, eu_west, se_asia; did you mean '
            '"eu_west"?',
        ],
    ),
    (
        "monitoring: {probes: {health: null}}",
        [
            "monitoring.probes: it is empty; write at least 1 entry",
        ],
    ),
    (
        "monitoring: {probes: {Health: {path: /}}}",
        [
            'monitoring.probes.Health: "Health" is not a name of at most 31 lower-case letters, digits and '
            'hyphens, a letter first; write it as in "health"',
        ],
    ),
    (
        "monitoring: {probes: {health: {slow_above: [1s, 500ms]}}}",
        [
            "monitoring.probes.health.slow_above: 1s, 500ms is not in rising order; put the target first and the "
            "higher limits after it",
        ],
    ),
    (
        "monitoring: {probes: {health: {slow_above: [1s, 1s]}}}",
        [
            "monitoring.probes.health.slow_above: 1s, 1s is not in rising order; put the target first and the "
            "higher limits after it",
        ],
    ),
    (
        "monitoring: {probes: {health: {slow_above: [1ms, 2ms, 3ms, 4ms]}}}",
        [
            "monitoring.probes.health.slow_above: 4 entries are more than 3; shorten it",
        ],
    ),
    (
        "monitoring: {probes: {health: {slow_above: [0ms]}}}",
        [
            "monitoring.probes.health.slow_above[0]: 0s is outside 1ms to 60s; choose a duration in that range",
        ],
    ),
    (
        "monitoring: {probes: {health: {slow_above: [60001ms]}}}",
        [
            "monitoring.probes.health.slow_above[0]: 60001ms is outside 1ms to 60s; choose a duration in that range",
        ],
    ),
    (
        "monitoring: {probes: {health: {slow_for: 4m}}}",
        [
            'monitoring.probes.health.slow_for: "4m" is not one of 2m, 3m, 5m, 10m, 15m, 30m, 1h; use one of them',
        ],
    ),
    (
        "monitoring: {certificate_days: 0}",
        [
            "monitoring.certificate_days: 0 is less than 1; choose 1 to 90",
        ],
    ),
    (
        "monitoring: {certificate_days: 91}",
        [
            "monitoring.certificate_days: 91 is more than 90; choose 1 to 90",
        ],
    ),
    (
        "monitoring: {memory_percent: 101, cpu_percent: 0}",
        [
            "monitoring.cpu_percent: 0 is less than 1; choose 1 to 100",
            "monitoring.memory_percent: 101 is more than 100; choose 1 to 100",
        ],
    ),
    (
        "monitoring: {uptime_percent: 89.9}",
        [
            "monitoring.uptime_percent: 89.9 is less than 90; choose 90 or more, but less than 100",
        ],
    ),
    (
        "monitoring: {uptime_percent: 100}",
        [
            "monitoring.uptime_percent: 100 is not less than 100; choose 90 or more, but less than 100",
        ],
    ),
)


@pytest.mark.parametrize("changes", KEPT)
def test_a_value_at_its_bound_is_kept(changes: str) -> None:
    assert refusals(DIGITALOCEAN, changes) == []


@pytest.mark.parametrize(("changes", "problems"), REFUSED, ids=[changes for changes, _ in REFUSED])
def test_a_value_beyond_its_bound_is_refused_with_the_rule_and_the_way_out(changes: str, problems: list[str]) -> None:
    assert refusals(DIGITALOCEAN, changes) == problems
