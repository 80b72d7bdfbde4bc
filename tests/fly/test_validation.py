"""Each rule that flyctl lets through: one value that breaks it and one just inside, and the whole message."""

from __future__ import annotations

from typing import Any

import pytest

from fly.config.deploy import machines_at_once
from fly.config.section import seconds
from fly.validation.release import release_problems
from fly.validation.secrets import secret_problems
from fly.validation.shape import parse_config

GOOD: dict[str, Any] = {
    "primary_region": "sjc",
    "env": {"PORT": "8080", "NODE_OPTIONS": "--max-old-space-size=1536"},
    "deploy": {"strategy": "rolling", "max_unavailable": 1, "wait_timeout": "5m"},
    "http_service": {
        "internal_port": 8080,
        "auto_stop_machines": "stop",
        "auto_start_machines": True,
        "min_machines_running": 2,
        "concurrency": {"type": "requests", "soft_limit": 150, "hard_limit": 200},
        "checks": [{"path": "/api/simple-health", "interval": "15s", "timeout": "5s", "grace_period": "30s"}],
    },
    "checks": {"deep": {"type": "http", "port": 8080, "path": "/api/health", "interval": "45s", "timeout": "10s"}},
    "vm": [{"size": "shared-cpu-2x", "memory": "2048mb"}],
}
COUNTS = {"sjc": 6}


def changed(at: str, value: object) -> dict[str, Any]:
    """GOOD with the value at a dotted path replaced."""

    def inner(data: Any, path: list[str]) -> Any:
        head, *rest = path
        if isinstance(data, list):
            at_index = int(head)
            new = inner(data[at_index], rest) if rest else value
            return [*data[:at_index], new, *data[at_index + 1 :]]
        return {**data, head: inner(data.get(head, {}), rest) if rest else value}

    result: dict[str, Any] = inner(GOOD, at.split("."))
    return result


def problems(
    data: dict[str, Any], counts: dict[str, int] | None = None, secrets: tuple[str, ...] = (), *, single: bool = False
) -> list[str]:
    config, found = parse_config("config", data)
    if config is not None:
        found = release_problems(config, COUNTS if counts is None else counts, frozenset(secrets), single=single)
    return [str(problem) for problem in found]


def test_a_good_configuration_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("at", "value", "message"),
    [
        ("primary_region", "sjd", "config.primary_region: 'sjd': is no region of Fly.io; did you mean syd?"),
        (
            "vm",
            [{"size": "shared-cpu-4x", "memory": "512mb"}],
            "config.vm[0].memory: '512mb': shared-cpu-4x has 1024 to 8192 MB; "
            "change the memory, or the size to shared-cpu-1x or shared-cpu-2x",
        ),
        (
            "vm",
            [{"size": "shared-cpu-1x", "memory": "300mb"}],
            "config.vm[0].memory: '300mb': memory comes in steps of 256 MB; write \"256mb\"",
        ),
        (
            "vm",
            [{"size": "shared-cpu-3x", "memory": "2gb"}],
            "config.vm[0].size: 'shared-cpu-3x': is no machine size of Fly.io; did you mean shared-cpu-8x?",
        ),
        (
            "http_service.concurrency.hard_limit",
            149,
            "config.http_service.concurrency.hard_limit: 149: the hard limit must not be below the soft limit 150; "
            "raise it or lower the soft limit",
        ),
        (
            "http_service.checks.0.timeout",
            "15s",
            "config.http_service.checks[0].timeout: '15s': a check must give up before the next one starts, 15 s "
            "later; make the interval longer or the time-out shorter",
        ),
        (
            "http_service.checks.0.interval",
            "61s",
            "config.http_service.checks[0].interval: '61s': Fly.io silently clamps this to 1 s to 60 s; "
            "write a time in that range",
        ),
        (
            "http_service.checks.0.interval",
            15,
            "config.http_service.checks[0].interval: 15: a bare number is milliseconds here and seconds there; "
            'write a duration with its unit, such as "15s"',
        ),
        (
            "http_service.checks.0.failure_threshold",
            3,
            "config.http_service.checks[0].failure_threshold: 'failure_threshold': Fly.io knows no such key; "
            "Fly.io has no thresholds: count in the app, or poll with the monitor",
        ),
        (
            "checks.deep.interval",
            "1s",
            "config.checks.deep.interval: '1s': the shortest interval is 2 s; write \"2s\" or more",
        ),
        (
            "checks.deep.timeout",
            "61s",
            "config.checks.deep.timeout: '61s': the longest time-out is 60 s; write \"60s\" or less",
        ),
        (
            "deploy.strategy",
            "canari",
            "config.deploy.strategy: 'canari': input should be 'rolling', 'canary', 'bluegreen' or 'immediate'; "
            "correct the value",
        ),
        (
            "deploy.max_unavailable",
            0.25,
            "config.deploy.max_unavailable: 0.25: Fly.io rounds up: 2 of 6 machines, 33%, would be away at once; "
            "write 1",
        ),
        (
            "deploy.wait_timeout",
            "89s",
            "config.deploy.wait_timeout: '89s': the slowest check needs 90 s (grace period and two intervals); "
            'write "90s"',
        ),
        (
            "env.NODE_OPTIONS",
            "--max-old-space-size=1537",
            "config.env.NODE_OPTIONS: '--max-old-space-size=1537': the heap may take at most 75 % of the machine's "
            "2048 MB; write --max-old-space-size=1536 or give the machine more memory",
        ),
        (
            "env.NODE_OPTIONS",
            "--max-old-space-size=1536 --optimize-for-size",
            "config.env.NODE_OPTIONS: '--max-old-space-size=1536 --optimize-for-size': Node 20 ends with exit code 9 "
            "when NODE_OPTIONS holds --optimize-for-size; put it on the command line: "
            "node --optimize-for-size server.js",
        ),
        (
            "env.FLY_REGION",
            "x",
            "config.env.FLY_REGION: 'x': names that begin with FLY_ belong to the platform; choose another name",
        ),
        (
            "env.PORT",
            "3000",
            "config.http_service.internal_port: 8080: the app is told to listen on env PORT=3000; "
            "use the same port in both",
        ),
        (
            "kill_timeout",
            "301s",
            "config.kill_timeout: '301s': Fly.io waits 300 s at most; write \"5m\" or less",
        ),
        ("resources", {}, "config.resources: 'resources': Fly.io knows no such key; write [[vm]] size and memory"),
        ("swap", {}, "config.swap: 'swap': Fly.io knows no such key; write swap_size_mb"),
        (
            "kil_timeout",
            "5s",
            "config.kil_timeout: 'kil_timeout': Fly.io knows no such key; did you mean kill_timeout?",
        ),
        (
            "http_service.auto_start_machines",
            False,
            "config.http_service.auto_start_machines: False: machines that stop by themselves would never start again; "
            "set it true, or auto_stop_machines off",
        ),
        (
            "http_service.min_machines_running",
            7,
            "counts.sjc: 6: min_machines_running is 7, and it counts the primary region sjc; write 7 or more",
        ),
        (
            "http_service.internal_port",
            "8080",
            "config.http_service.internal_port: '8080': input should be a valid integer; correct the value",
        ),
        (
            "mounts",
            [{"source": "Data", "destination": "/d"}],
            "config.mounts[0].source: 'Data': string should match pattern '^[a-z0-9_]{1,30}$'; correct the value",
        ),
    ],
)
def test_a_broken_rule_names_the_value_the_rule_and_the_way_out(at: str, value: object, message: str) -> None:
    assert message in problems(changed(at, value))


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("vm", [{"size": "shared-cpu-2x", "memory": "4096mb"}]),
        ("vm", [{"size": "shared-cpu-2x", "memory": "4gb"}]),
        ("http_service.concurrency.hard_limit", 150),
        ("http_service.checks.0.interval", "60s"),
        ("checks.deep.interval", "11s"),
        ("checks.deep.timeout", "44s"),
        ("deploy.max_unavailable", 2),
        ("deploy.max_unavailable", 0.5),
        ("deploy.wait_timeout", "90s"),
        ("kill_timeout", "300s"),
        ("http_service.min_machines_running", 6),
        ("http_service.http_options", {"response": {"headers": {"X-Frame-Options": "DENY", "X-Powered-By": False}}}),
    ],
)
def test_a_value_at_the_limit_passes(at: str, value: object) -> None:
    assert problems(changed(at, value)) == []


def test_suspend_needs_little_memory_and_no_swap() -> None:
    suspended = changed("http_service.auto_stop_machines", "suspend")
    assert problems(suspended) == []
    assert problems({**suspended, "swap_size_mb": 512}) == [
        "config.http_service.auto_stop_machines: 'suspend': suspend works up to 2048 MB of memory and without swap; "
        'write "stop"'
    ]


def test_three_mounts_on_one_machine_are_refused() -> None:
    mounts = [{"source": f"contest_{name}", "destination": f"/{name}"} for name in ("data", "backups", "uploads")]
    assert problems({**GOOD, "mounts": mounts}) == [
        "config.mounts: 'contest_data+contest_backups+contest_uploads': a machine can mount one volume, group app has "
        "3; merge contest_data+contest_backups+contest_uploads into one volume with a sub-directory for each"
    ]


@pytest.mark.parametrize("strategy", ["canary", "bluegreen"])
def test_strategies_that_make_new_machines_are_impossible_with_volumes(strategy: str) -> None:
    data = changed("deploy.strategy", strategy)
    assert problems(data) == []
    assert problems({**data, "mounts": [{"source": "data", "destination": "/data"}]}) == [
        f"config.deploy.strategy: '{strategy}': a volume belongs to one host, so machines with mounts are only "
        'replaced in place; write "rolling" or "immediate"'
    ]


def test_blue_green_without_checks_is_refused() -> None:
    data = {"primary_region": "sjc", "deploy": {"strategy": "bluegreen"}, "http_service": {"internal_port": 80}}
    assert problems(data) == [
        "config.deploy.strategy: 'bluegreen': blue-green decides by health checks and there is none; "
        "add a check, or another strategy"
    ]


@pytest.mark.parametrize("counts", [{"iad": 2}, {"iad": 1, "lhr": 1}, {}])
def test_state_in_files_allows_exactly_one_machine(counts: dict[str, int]) -> None:
    data = {"primary_region": "iad"}
    assert problems(data, {"iad": 1}, single=True) == []
    assert problems(data, counts, single=True)[0] == (
        f"counts: {counts!r}: machines with their state in files on a volume would hold different data; "
        "set one machine in one region, or move the state to a database"
    )


def test_automatic_extension_needs_all_three_keys() -> None:
    mount = {"source": "data", "destination": "/data", "auto_extend_size_threshold": 80}
    data = {"primary_region": "iad", "mounts": [mount]}
    assert problems(data, {"iad": 1}) == [
        "config.mounts[0].auto_extend_size_threshold: 80: automatic extension needs threshold, increment and limit "
        "together; set all three or none"
    ]
    whole = {**mount, "auto_extend_size_increment": "2gb", "auto_extend_size_limit": "20gb"}
    assert problems({"primary_region": "iad", "mounts": [whole]}, {"iad": 1}) == []


def test_a_name_is_either_a_secret_or_a_variable() -> None:
    assert problems(GOOD, secrets=("PORT",)) == [
        "config.env.PORT: 'PORT': is set as a secret too, and the secret wins; keep it in one place"
    ]


def test_a_file_from_a_secret_needs_that_secret() -> None:
    data = {**GOOD, "files": [{"guest_path": "/etc/users", "secret_name": "USERS"}]}
    assert problems(data, secrets=("USERS",)) == []
    assert problems(data) == [
        "config.files[0].secret_name: 'USERS': no such secret belongs to the release; add it to the app's secrets"
    ]


def test_all_problems_are_reported_at_once() -> None:
    data = {**changed("primary_region", "xyz"), "kill_timeout": "10m", "swap_size_mb": 512}
    assert len(problems(data, {"xyz": 6})) == 3


@pytest.mark.parametrize(("share", "machines", "at_once"), [(0.25, 2, 1), (0.25, 4, 1), (0.25, 6, 1), (0.25, 8, 2)])
def test_a_share_of_machines_is_rounded_down_but_not_to_none(share: float, machines: int, at_once: int) -> None:
    assert machines_at_once(share, machines) == at_once


@pytest.mark.parametrize(
    ("text", "expected"), [("10s", 10), ("1m30s", 90), ("1h", 3600), ("250ms", 0.25), ("5m0s", 300)]
)
def test_durations_are_read_as_go_reads_them(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "10", "s", "1.5h", "10 s", "-1s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="written with its unit"):
        seconds(text)


def test_secret_names_are_variable_names() -> None:
    assert [str(problem) for problem in secret_problems("values", {"1A": "x", "FLY_X": "x"})] == [
        "values.1A: '1A': is no name of an environment variable; use letters, digits and _, not starting with a digit",
        "values.FLY_X: 'FLY_X': names that begin with FLY_ belong to the platform; choose another name",
    ]
