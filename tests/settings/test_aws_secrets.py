"""Secrets in AWS Secrets Manager, at a local server that speaks its API."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings.load import load
from settings.problem import SettingsError
from tests.aws import client

pytestmark = pytest.mark.server

SYSTEM = """\
description: An app whose secrets lie in AWS Secrets Manager
platform: fly
app:
  name: web
  region: sjc
  image: registry.fly.io/web:v1
  machines: {size: shared-cpu-1x, memory_mb: 256, minimum: 1, maximum: 1}
  concurrency: {counts: requests, soft: 20, hard: 25}
  checks: {alive: {path: /health, steers: traffic, interval: 15s, timeout: 5s}}
  deploy: {gate_path: /health}
  secrets:
    API_KEY: {aws: {id: web/production, key: api_key, region: us-west-1}}
    TOKEN: {aws: {id: web/token, region: us-west-1}}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, aws: str) -> Path:
    """A project with one system, and an empty AWS."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    (tmp_path / "systems").mkdir()
    (tmp_path / "systems" / "web.yaml").write_text(SYSTEM)
    (tmp_path / "Pulumi.production.yaml").write_text(
        "config:\n  slipway:environment: production\n  slipway:systems:\n    web: {}\n"
    )
    return tmp_path


CONFIG = {"environment": "production", "systems": {"web": {}}}


def put(aws: str, name: str, value: str) -> None:
    client("secretsmanager", aws, "us-west-1").create_secret(Name=name, SecretString=value)


def test_values_are_read_whole_or_by_key_and_never_shown(root: Path, aws: str) -> None:
    put(aws, "web/production", '{"api_key": "from-aws-1"}')
    put(aws, "web/token", "from-aws-2")
    stack = load(root, "production", config=CONFIG)
    values = {name: value.get_secret_value() for name, value in stack.secrets["web"].items()}
    assert values == {"API_KEY": "from-aws-1", "TOKEN": "from-aws-2"}
    assert "from-aws" not in repr(stack)


def test_the_environment_goes_before_aws(root: Path, aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(aws, "web/production", '{"api_key": "from-aws-1"}')
    monkeypatch.setenv("SLIPWAY_SECRET_WEB_TOKEN", "from-the-environment")
    stack = load(root, "production", config=CONFIG)
    assert stack.secrets["web"]["TOKEN"].get_secret_value() == "from-the-environment"


def test_what_cannot_be_read_is_said_with_its_place_and_without_the_value(root: Path, aws: str) -> None:
    put(aws, "web/production", '{"other": "from-aws-1"}')
    with pytest.raises(SettingsError) as caught:
        load(root, "production", config=CONFIG)
    assert str(caught.value) == (
        "2 problems in the settings:\n"
        "  systems/web.yaml:12:15: systems.web.app.secrets.API_KEY.aws: web/production in us-west-1: it has no text "
        "under the key api_key; correct the key\n"
        "  systems/web.yaml:13:13: systems.web.app.secrets.TOKEN.aws: web/token in us-west-1: there is no such secret; "
        "correct its id or region, or create it"
    )


def test_a_check_without_the_engine_asks_aws_for_nothing(root: Path) -> None:
    assert load(root, "production").missing_secrets == ()
