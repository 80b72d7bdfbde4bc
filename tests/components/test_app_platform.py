"""The app: how it is adopted, protected, and kept from changes that are none."""

from __future__ import annotations

from typing import Any

import pytest

from components.deployed import OtherAppDeployedError
from tests.strict_engine import StrictEngine
from tests.tetrix import AUTOSCALED, BEHIND_CLOUDFLARE, build, spec_of

ADOPTED = "ca96485c-ee6b-401b-b1a2-8442c3bc7f04"
ADOPT = {"app": {"adopt": ADOPTED}}
DESTINATIONS = (
    "spec.alerts[0].destinations",
    "spec.alerts[1].destinations",
    "spec.services[0].alerts[0].destinations",
    "spec.services[0].alerts[1].destinations",
)
NO_SECRETS: dict[str, Any] = {
    "app": {"secrets": {}},
    "monitoring": {"notify": {"slack": None, "emails": ["ops@tetrixcorp.com"]}},
}


def ignored(engine: StrictEngine) -> tuple[str, ...]:
    return engine.one("App").ignore_changes


def mark(engine: StrictEngine) -> list[str]:
    return [entry["value"] for entry in spec_of(engine)["services"][0]["envs"] if entry["key"] == "SLIPWAY_SECRETS"]


def test_a_new_app_is_created_with_nothing_ignored_and_no_protection(preview: bool) -> None:
    app = build(preview=preview).one("App")
    assert (app.import_id, app.protect, app.ignore_changes) == ("", False, ())


def test_adopting_takes_the_app_over_as_it_is_and_protects_it(preview: bool) -> None:
    app = build(ADOPT, preview=preview).one("App")
    assert (app.import_id, app.protect, app.ignore_changes) == (ADOPTED, True, ("spec",))


def test_while_adopting_the_app_has_no_mark_of_our_secrets(preview: bool) -> None:
    assert build(ADOPT, preview=preview).exports["deployed"]["tetrix"] == {
        "appId": ADOPTED,
        "secretsMark": "",
        "alertsMark": "",
        "adopting": True,
    }


def test_the_run_after_adopting_applies_the_whole_spec_and_still_protects(preview: bool) -> None:
    engine = build(ADOPT, preview=preview, after=build(ADOPT))
    app = engine.one("App")
    assert (app.import_id, app.protect, app.ignore_changes) == ("", True, ())
    assert engine.exports["deployed"]["tetrix"]["adopting"] is False


def test_another_app_than_the_deployed_one_cannot_be_adopted(preview: bool) -> None:
    first = build()
    deployed = first.exports["deployed"]["tetrix"]["appId"]
    with pytest.raises(OtherAppDeployedError) as raised:
        build(ADOPT, preview=preview, after=first)
    assert str(raised.value) == (
        f"app.adopt names {ADOPTED}, but this stack runs the app {deployed} already; remove app.adopt to keep that "
        "one, or take it out of the stack first (see pulumi state delete --help)"
    )


def test_while_nothing_changes_what_the_provider_cannot_read_back_is_ignored(preview: bool) -> None:
    first = build()
    assert ignored(build(preview=preview, after=first)) == ("spec.envs", *DESTINATIONS)


@pytest.mark.parametrize("name", ["DATABASE_URL", "SLACK_WEBHOOK_URL"])
def test_a_changed_secret_is_sent_and_changes_the_mark(name: str, preview: bool) -> None:
    first = build()
    second = build(preview=preview, after=first, secrets={name: "another"})
    assert ignored(second) == ()
    assert mark(second) != mark(first)


def test_the_changed_secret_is_sent_once() -> None:
    second = build(after=build(), secrets={"DATABASE_URL": "another"})
    third = build(after=second, secrets={"DATABASE_URL": "another"})
    assert ignored(third) == ("spec.envs", *DESTINATIONS)


@pytest.mark.parametrize(
    "change",
    [
        {"app": {"replicas": 3}},
        {"app": {"variables": {"LOG_LEVEL": "debug"}}},
        {"monitoring": {"memory_percent": 90}},
        {"monitoring": {"notify": {"emails": ["ops@tetrixcorp.com"]}}},
        AUTOSCALED,
    ],
)
def test_the_mark_never_changes_without_a_secret(change: dict[str, Any]) -> None:
    assert mark(build(change)) == mark(build())


def test_the_mark_differs_between_environments() -> None:
    """Equal marks would tell that two environments share their secrets."""
    assert mark(build(environment="staging")) != mark(build())


@pytest.mark.parametrize(
    "change",
    [
        {"monitoring": {"notify": {"emails": ["ops@tetrixcorp.com"]}}},
        {"monitoring": {"notify": {"slack": {"channel": "#other"}}}},
        {"monitoring": {"memory_percent": 81}},
        {"monitoring": {"cpu_percent": 81}},
    ],
)
def test_changed_alerts_are_sent_with_their_destinations(change: dict[str, Any], preview: bool) -> None:
    assert ignored(build(change, preview=preview, after=build())) == ("spec.envs",)


def test_without_secrets_there_is_no_mark_and_only_destinations_are_ignored(preview: bool) -> None:
    first = build(NO_SECRETS)
    assert "planted" not in str(first.one("App").inputs)
    second = build(NO_SECRETS, preview=preview, after=first)
    assert (mark(second), ignored(second)) == ([], DESTINATIONS)


def test_without_secrets_and_alerts_nothing_is_ignored(preview: bool) -> None:
    bare = {**NO_SECRETS, "monitoring": None}
    assert ignored(build(bare, preview=preview, after=build(bare))) == ()


def test_the_mark_that_is_kept_is_the_one_that_the_app_has() -> None:
    """An update that leaves the app out returns its old spec: its secrets have not been sent yet."""
    engine = build()
    assert [engine.exports["deployed"]["tetrix"]["secretsMark"]] == mark(engine)


def test_the_origin_secret_reaches_the_app_only_behind_cloudflare(preview: bool) -> None:
    engine = build(BEHIND_CLOUDFLARE, preview=preview)
    header = {"key": "x-slipway-edge", "value": "planted-EDGE_ORIGIN_SECRET"}
    assert spec_of(engine)["ingress"]["secureHeader"] == header
    assert ("spec", "ingress", "secureHeader", "value") in engine.one("App").secrets
    assert "secureHeader" not in spec_of(build(preview=preview))["ingress"]
