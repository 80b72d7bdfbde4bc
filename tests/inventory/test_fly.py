"""What a fly.toml says is read with Fly.io's own defaults, and what is unknown stays unknown."""

from __future__ import annotations

from typing import Any

import pytest

from inventory.fly_app import FlyApp
from inventory.from_resources import from_resources
from inventory.reading.fly_units import gigabytes, megabytes, seconds
from inventory.unknown import UNKNOWN, UnknownValueError, known
from policies.samples.fly import fly_app, fly_part


def read(config: Any = None, **more: Any) -> FlyApp:
    (app,) = from_resources("sample", "production", fly_app(config, **more)).fly_apps
    return app


@pytest.mark.parametrize(
    ("text", "meant"),
    [("15s", 15), ("1m30s", 90), ("500ms", 0.5), ("1h", 3600), ("soon", None), (None, None), (UNKNOWN, UNKNOWN)],
)
def test_times(text: Any, meant: Any) -> None:
    assert seconds({"time": text}, "time") == meant


@pytest.mark.parametrize(
    ("text", "mb", "gb"), [("2gb", 2048, 2), ("512mb", 512, 512), (8, 8, 8), ("much", None, None), (UNKNOWN,) * 3]
)
def test_sizes(text: Any, mb: Any, gb: Any) -> None:
    assert megabytes(text) == mb
    assert gigabytes(text) == gb


def test_memory_is_the_sizes_own_where_none_is_said() -> None:
    assert read({"vm": [{"size": "shared-cpu-4x"}]}).memory_mb == 1024
    assert read({"vm": [{"size": "performance-2x"}]}).memory_mb == 4096
    assert read({"vm": [{"size": "unheard-of"}]}).memory_mb is UNKNOWN
    assert read({"vm": None}).size == "shared-cpu-1x"


@pytest.mark.parametrize(
    ("service", "counts", "awake"),
    [
        ({}, {"fra": 6}, 2),
        ({}, {"fra": 1}, 1),
        ({"auto_stop_machines": "off"}, {"fra": 6}, 6),
        ({"auto_stop_machines": "suspend", "min_machines_running": None}, {"fra": 6}, 0),
        ({"min_machines_running": UNKNOWN}, {"fra": 6}, UNKNOWN),
        ({}, {"fra": UNKNOWN}, UNKNOWN),
        ({}, {"fra": 2, "ams": 3}, 2),
    ],
)
def test_how_many_machines_stay_awake(service: Any, counts: Any, awake: Any) -> None:
    assert read(service=service, counts=counts).awake == awake


def test_an_autoscaler_decides_in_the_proxys_place() -> None:
    scaled = fly_app(service={"auto_stop_machines": "off"}, counts={"fra": 6})
    scaler = fly_part("Autoscaler", {"env": {"FAS_MIN_STARTED_MACHINE_COUNT": "3"}, "http_service": None})
    found = from_resources("sample", "production", (*scaled, *scaler))
    (app,) = (app for app in found.fly_apps if app.role == "app")
    assert app.awake == 6
    assert found.running(app) == (3, 6)


def test_services_by_port_are_read_like_the_short_form() -> None:
    ports = [{"port": 80, "handlers": ["http"], "force_https": True}, {"port": 443, "handlers": ["tls", "http"]}]
    checks = [{"interval": "30s", "timeout": "2s", "path": "/up"}]
    service = {"protocol": "tcp", "internal_port": 8080, "ports": ports, "http_checks": checks}
    app = read({"http_service": None, "services": [service]})
    (found,) = known(app.services)
    assert (found.protocol, found.ports, found.plain_http, found.force_https) == ("http", (80, 443), True, True)
    (check,) = known(app.checks)
    assert (check.kind, check.steers, check.path, check.interval_seconds) == ("http", "traffic", "/up", 30)


def test_what_hangs_on_something_unknown_is_unknown() -> None:
    app = read({"http_service": UNKNOWN})
    assert app.services is UNKNOWN
    assert app.checks is UNKNOWN
    with pytest.raises(UnknownValueError):
        assert app.http
    assert read({"env": {"A": UNKNOWN, "B": "seen"}}).variable("B") == "seen"
    with pytest.raises(UnknownValueError):
        read({"env": {"A": UNKNOWN}}).variable("A")
