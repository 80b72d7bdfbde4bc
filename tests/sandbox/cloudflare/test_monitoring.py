from pathlib import Path

import pytest

from tests.sandbox.engine_side import ACCOUNT, EngineSide, Refused

WEBHOOK = "cloudflare/notificationPolicyWebhooks"
POLICY = "cloudflare/notificationPolicy"


def test_a_health_check_has_cloudflares_defaults(engine: EngineSide) -> None:
    inputs = {"zoneId": engine.zone().id, "name": "origin", "address": "tetrixcorp.com", "type": "HTTPS"}
    made = engine.create("cloudflare/healthcheck", inputs)
    assert (made.outputs["interval"], made.outputs["retries"], made.outputs["timeout"]) == (60, 2, 5)
    assert engine.changes(made, inputs) == {}


def test_a_webhooks_secret_is_never_given_back_and_never_stored(engine: EngineSide, tmp_path: Path) -> None:
    inputs = {"accountId": ACCOUNT, "name": "ops", "url": "https://hooks.slack.com/x", "secret": "hunter2"}
    made = engine.create(WEBHOOK, inputs)
    assert made.outputs["type"] == "slack"
    assert ("secret",) in made.secrets
    assert b"hunter2" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    imported = engine.read(WEBHOOK, made.id)
    assert imported is not None
    assert imported.outputs["secret"] is None
    assert engine.changes(made, inputs) == {}


def test_a_policy_tells_somebody_that_exists(engine: EngineSide) -> None:
    policy = {"accountId": ACCOUNT, "name": "health", "alertType": "health_check_status_notification"}
    with pytest.raises(Refused, match="webhook 'nope' of the policy was not found"):
        engine.create(POLICY, {**policy, "mechanisms": {"webhooks": [{"id": "nope"}]}})
    with pytest.raises(Refused, match="a policy needs at least one mechanism"):
        engine.create(POLICY, {**policy, "mechanisms": {}})
    webhook = engine.create(WEBHOOK, {"accountId": ACCOUNT, "name": "ops", "url": "https://example.com"})
    made = engine.create(POLICY, {**policy, "mechanisms": {"webhooks": [{"id": webhook.id}]}})
    assert made.outputs["enabled"] is True


def test_an_unknown_alert_type_is_refused(engine: EngineSide) -> None:
    inputs = {"accountId": ACCOUNT, "name": "x", "alertType": "http_alert_edge_eror", "mechanisms": {}}
    assert 'did you mean "http_alert_edge_error"?' in engine.check(POLICY, inputs)[1]["alertType"]
