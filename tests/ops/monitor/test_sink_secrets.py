"""Where the secrets of the ways to people come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from ops.engine import Engine
from ops.errors import OperationError
from ops.monitor.sink_secrets import sink_secrets
from ops.surroundings import Surroundings
from tests.planning.alerts.watched import stack

VARIABLE = "SLIPWAY_SECRET_PAINTBOX_SLACK_WEBHOOK_URL"
PRINTED = """{
  "slipway:environment": {"value": "production", "secret": false},
  "slipway:secrets": {"value": "{}", "objectValue": {"paintbox": {"SLACK_WEBHOOK_URL": "planted"}}, "secret": true}
}"""


def found(environment: Mapping[str, str], engine: Engine) -> dict[str, str]:
    class Here(Surroundings):
        def engine(self) -> Engine:
            return engine

    here = Here(Path(), stack("production"), environment, Path())
    monitoring = stack("production").systems["paintbox"].monitoring
    assert monitoring
    secrets: dict[str, Any] = cast("dict[str, Any]", sink_secrets(here, {"paintbox": monitoring})["paintbox"])
    return {name: secret.get_secret_value() for name, secret in secrets.items()}


def test_the_environment_goes_first_and_the_engine_is_not_asked(engine: Callable[[str], Engine]) -> None:
    assert found({VARIABLE: "given"}, engine("exit 1")) == {"SLACK_WEBHOOK_URL": "given"}


def test_the_engine_decrypts_what_the_environment_does_not_have(engine: Callable[[str], Engine]) -> None:
    assert found({}, engine(f"cat <<'END'\n{PRINTED}\nEND")) == {"SLACK_WEBHOOK_URL": "planted"}


def test_a_secret_that_nobody_has_is_left_out(engine: Callable[[str], Engine]) -> None:
    assert found({}, engine("echo '{}'")) == {}


def test_an_engine_that_cannot_decrypt_says_the_other_way(engine: Callable[[str], Engine]) -> None:
    with pytest.raises(OperationError) as caught:
        found({}, engine("echo 'error: not logged in' >&2; exit 1"))
    assert str(caught.value) == (
        "pulumi config: error: not logged in\n"
        f"log in to the stack's backend, or give the secrets in the environment, such as ${VARIABLE}"
    )
