"""fly.toml is the same bytes for the same settings, and says what was set."""

from __future__ import annotations

import random
import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fly.config import FlyConfig
from fly.config.fly_toml import from_flyctl
from fly.toml import render
from tests.fly.test_validation import GOOD

FULL: dict[str, Any] = {
    **GOOD,
    "kill_signal": "SIGTERM",
    "kill_timeout": "30s",
    "swap_size_mb": 512,
    "processes": {"web": "node server.js", "worker": "node worker.js"},
    "services": [
        {
            "protocol": "tcp",
            "internal_port": 6432,
            "processes": ["web"],
            "ports": [{"port": 5432}, {"port": 6432, "handlers": ["tls"]}],
            "tcp_checks": [{"interval": "10s", "timeout": "2s"}],
        }
    ],
    "mounts": [{"source": "data", "destination": "/data", "initial_size": "8gb", "processes": ["worker"]}],
    "files": [{"guest_path": "/etc/x.ini", "raw_value": "[x]\na = \"b\"\n\tc = 'd'\n"}],
    "statics": [{"guest_path": "/public", "url_prefix": "/static"}],
    "metrics": [{"port": 8080, "path": "/metrics"}],
    "restart": [{"policy": "on-failure", "retries": 3}],
}


def test_what_is_rendered_is_read_back_as_it_was() -> None:
    config = FlyConfig.model_validate(FULL)
    assert tomllib.loads(render("paintbox", config)) == {"app": "paintbox", **config.as_dict()}


def test_the_order_of_the_settings_does_not_matter() -> None:
    shuffled = random.Random(7)  # noqa: S311 - an order, not a secret

    def shuffle(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            shuffled.shuffle(keys)
            return {key: shuffle(value[key]) for key in keys}
        return [shuffle(item) for item in value] if isinstance(value, list) else value

    assert render("x", FlyConfig.model_validate(shuffle(FULL))) == render("x", FlyConfig.model_validate(FULL))


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_any_text_survives_the_file(env: dict[str, str]) -> None:
    env = {name.replace("\ud800", ""): value for name, value in env.items()}
    config = FlyConfig.model_validate({"primary_region": "sjc", "env": env})
    assert tomllib.loads(render("x", config)).get("env", {}) == env


def test_a_small_file_is_exactly_this() -> None:
    config = FlyConfig.model_validate(
        {
            "primary_region": "sjc",
            "env": {"PORT": "8080", "A": "x"},
            "http_service": {
                "internal_port": 8080,
                "http_options": {"response": {"headers": {"X-Powered-By": False}}},
                "checks": [{"path": "/ok", "interval": "15s"}],
            },
        }
    )
    assert render("paintbox", config) == (
        'app = "paintbox"\n'
        'primary_region = "sjc"\n'
        "\n[env]\n"
        'A = "x"\n'
        'PORT = "8080"\n'
        "\n[http_service]\n"
        "internal_port = 8080\n"
        "\n[http_service.http_options.response.headers]\n"
        "X-Powered-By = false\n"
        "\n[[http_service.checks]]\n"
        'interval = "15s"\n'
        'path = "/ok"\n'
    )


def test_what_flyctl_shows_of_a_deployed_app_is_the_same_configuration() -> None:
    shown = {"app": "paintbox", "build": {}, "mounts": None, **FULL}
    assert FlyConfig.model_validate(from_flyctl(shown)) == FlyConfig.model_validate(FULL)
