"""The app: how it is adopted, protected, and kept from changes that are none."""

from __future__ import annotations

from typing import Any

import pytest

from components.deployed import OtherAppDeployedError
from tests.strict_engine import StrictEngine
from tests.tetrix import ADOPTED, AUTOSCALED, BEHIND_CLOUDFLARE, build, spec_of

ADOPT = {"app": {"adopt": ADOPTED}}
NEVER_READ_BACK = (
    "spec.envs",
    "spec.alerts[0].destinations",
    "spec.alerts[1].destinations",
    "spec.services[0].alerts[0].destinations",
    "spec.services[0].alerts[1].destinations",
)
NO_SECRETS: dict[str, Any] = {
    "app": {"secrets": {}},
    "monitoring": {"notify": {"slack": None, "emails": ["ops@tetrixcorp.com"]}},
}
ALERT_CHANGES: list[dict[str, Any]] = [
    {"monitoring": {"notify": {"emails": ["ops@tetrixcorp.com"]}}},
    {"monitoring": {"notify": {"slack": {"channel": "#other"}}}},
    {"monitoring": {"memory_percent": 81}},
    {"monitoring": {"cpu_percent": 81}},
]


def ignored(engine: StrictEngine) -> tuple[str, ...]:
    return engine.one("App").ignore_changes


def mark(engine: StrictEngine) -> list[str]:
    return [entry["value"] for entry in spec_of(engine).get("envs", ()) if entry["key"] == "SLIPWAY_MARK"]


def left(engine: StrictEngine) -> dict[str, Any]:
    deployed: dict[str, Any] = engine.exports["deployed"]["tetrix"]
    return deployed


def test_a_new_app_is_created_unprotected_and_is_settled_at_once(preview: bool) -> None:
    engine = build(preview=preview)
    app = engine.one("App")
    assert (app.import_id, app.protect, app.ignore_changes) == ("", False, NEVER_READ_BACK)
    assert left(engine)["settled"] is True


def test_adopting_takes_the_app_over_as_it_is_and_protects_it(preview: bool) -> None:
    app = build(ADOPT, preview=preview).one("App")
    assert (app.import_id, app.protect, app.ignore_changes) == (ADOPTED, True, ("spec",))


def test_while_adopting_the_app_has_no_mark_of_ours_and_is_not_settled(preview: bool) -> None:
    assert left(build(ADOPT, preview=preview)) == {"appId": ADOPTED, "mark": "", "settled": False}


def test_the_run_after_adopting_applies_the_whole_spec_and_still_protects(preview: bool) -> None:
    engine = build(ADOPT, preview=preview, after=build(ADOPT))
    app = engine.one("App")
    assert (app.import_id, app.protect, app.ignore_changes) == ("", True, ())


def test_an_adopted_app_settles_like_a_new_one(preview: bool) -> None:
    second = build(ADOPT, after=build(ADOPT))
    third = build(ADOPT, preview=preview, after=second)
    assert (ignored(third), left(third)["settled"]) == (NEVER_READ_BACK, True)
    assert third.one("App").protect


def test_another_app_than_the_deployed_one_cannot_be_adopted(preview: bool) -> None:
    first = build()
    with pytest.raises(OtherAppDeployedError) as raised:
        build(ADOPT, preview=preview, after=first)
    assert str(raised.value) == (
        f"app.adopt names {ADOPTED}, but this stack runs the app {left(first)['appId']} already; remove app.adopt to "
        "keep that one, or take it out of the stack first (see pulumi state delete --help)"
    )


def test_while_nothing_changes_what_the_provider_cannot_read_back_is_ignored(preview: bool) -> None:
    first = build()
    second = build(preview=preview, after=first)
    assert (ignored(second), mark(second), left(second)) == (NEVER_READ_BACK, mark(first), left(first))


@pytest.mark.parametrize("name", ["DATABASE_URL", "SLACK_WEBHOOK_URL"])
def test_a_changed_secret_is_sent_and_changes_the_mark(name: str, preview: bool) -> None:
    first = build()
    second = build(preview=preview, after=first, secrets={name: "another"})
    assert (ignored(second), left(second)["settled"]) == ((), False)
    assert mark(second) != mark(first)


@pytest.mark.parametrize("change", ALERT_CHANGES)
def test_changed_alerts_are_sent_with_their_destinations(change: dict[str, Any], preview: bool) -> None:
    assert ignored(build(change, preview=preview, after=build())) == ()


@pytest.mark.parametrize("secret", ["another", "planted-DATABASE_URL"])
def test_after_a_failed_first_run_everything_is_sent_again(secret: str, preview: bool) -> None:
    """A wrong secret may be why it failed: the app exists with it, but the stack has no outputs that tell."""
    second = build(preview=preview, after_failed=build(), secrets={"DATABASE_URL": secret})
    assert (ignored(second), left(second)["settled"]) == ((), False)
    third = build(after=second, secrets={"DATABASE_URL": secret})
    assert (ignored(third), left(third)["settled"]) == (NEVER_READ_BACK, True)


def test_what_tells_the_first_run_never_changes() -> None:
    [stash] = build(after=build()).of("Stash")
    assert (stash.name, stash.ignore_changes) == ("tetrix-first-run", ("input",))


def test_what_changed_is_sent_once() -> None:
    second = build(after=build(), secrets={"DATABASE_URL": "another"})
    third = build(after=second, secrets={"DATABASE_URL": "another"})
    assert (ignored(third), left(third)["settled"]) == (NEVER_READ_BACK, True)


@pytest.mark.parametrize(
    "change",
    [
        {"app": {"replicas": 3}},
        {"app": {"variables": {"LOG_LEVEL": "debug"}}},
        {"monitoring": {"certificate_days": 7}},
        AUTOSCALED,
    ],
)
def test_the_mark_changes_with_nothing_that_the_provider_reads_back(change: dict[str, Any]) -> None:
    second = build(change, after=build())
    assert (mark(second), ignored(second)) == (mark(build()), NEVER_READ_BACK)


def test_the_mark_differs_between_environments() -> None:
    """Equal marks would tell that two environments share their secrets."""
    assert mark(build(environment="staging")) != mark(build())


def test_without_secrets_the_mark_stands_for_the_alerts(preview: bool) -> None:
    first = build(NO_SECRETS)
    assert [entry["key"] for entry in spec_of(first)["envs"]] == ["SLIPWAY_MARK"]
    second = build(NO_SECRETS, preview=preview, after=first)
    assert (mark(second), ignored(second)) == (mark(first), NEVER_READ_BACK)


def test_without_secrets_and_alerts_there_is_no_mark(preview: bool) -> None:
    bare = {**NO_SECRETS, "monitoring": None}
    engine = build(bare, preview=preview, after=build(bare))
    assert "envs" not in spec_of(engine)
    assert left(engine)["mark"] == ""


def test_the_mark_that_is_kept_is_the_one_that_the_app_has() -> None:
    """An update that leaves the app out returns its old spec: its secrets have not been sent yet."""
    engine = build()
    assert [left(engine)["mark"]] == mark(engine)


def test_the_origin_secret_reaches_the_app_only_behind_cloudflare(preview: bool) -> None:
    engine = build(BEHIND_CLOUDFLARE, preview=preview)
    header = {"key": "x-slipway-edge", "value": "planted-EDGE_ORIGIN_SECRET"}
    assert spec_of(engine)["ingress"]["secureHeader"] == header
    assert ("spec", "ingress", "secureHeader", "value") in engine.one("App").secrets
    assert "secureHeader" not in spec_of(build(preview=preview))["ingress"]
