"""The app spec, number by number."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.app_platform import app_name, app_spec, build_command, deployed_mark, marked_settings, never_read_back
from settings.app_platform import NodeBuild
from tests.tetrix import AUTOSCALED, BEHIND_CLOUDFLARE, tetrix

HIDDEN = {
    name: f"<{name}>"
    for name in (
        "DATABASE_URL",
        "EDGE_ORIGIN_SECRET",
        "FIREBASE_SERVICE_ACCOUNT",
        "SINCH_API_TOKEN",
        "SINCH_SERVICE_PLAN_ID",
        "SLACK_WEBHOOK_URL",
        "TELNYX_API_KEY",
    )
}


def spec(changes: dict[str, Any] | None = None, mark: str = "mark", environment: str = "production") -> dict[str, Any]:
    return app_spec(tetrix(changes), environment, HIDDEN, mark=mark)


def service(changes: dict[str, Any] | None = None, mark: str = "mark") -> dict[str, Any]:
    found: dict[str, Any] = spec(changes, mark)["services"][0]
    return found


def test_tetrix_has_what_its_documents_ask_for() -> None:
    whole = spec()
    assert whole.keys() == {"name", "region", "services", "envs", "ingress", "alerts", "domain_names"}
    assert (whole["name"], whole["region"]) == ("tetrix-minimal", "fra")
    [web] = whole["services"]
    del web["envs"], web["alerts"]
    assert web == {
        "name": "web",
        "environment_slug": "node-js",
        "github": {"repo": "tetrixcorp/tetrix", "branch": "main", "deploy_on_push": False},
        "build_command": "corepack enable && corepack prepare pnpm@10.18.3 --activate && "
        "pnpm install --frozen-lockfile && pnpm build",
        "run_command": "node ./dist/server/entry.mjs",
        "http_port": 8080,
        "instance_size_slug": "apps-s-1vcpu-1gb",
        "instance_count": 2,
        "health_check": {
            "http_path": "/api/health",
            "initial_delay_seconds": 10,
            "period_seconds": 10,
            "timeout_seconds": 5,
            "success_threshold": 1,
            "failure_threshold": 3,
        },
        "liveness_health_check": {
            "http_path": "/api/health",
            "initial_delay_seconds": 10,
            "period_seconds": 30,
            "timeout_seconds": 10,
            "success_threshold": 1,
            "failure_threshold": 5,
        },
        "termination": {"drain_seconds": 15, "grace_period_seconds": 35},
    }


@pytest.mark.parametrize(
    ("manager", "script", "command"),
    [
        (
            "pnpm@10.18.3",
            "build",
            "corepack enable && corepack prepare pnpm@10.18.3 --activate && "
            "pnpm install --frozen-lockfile && pnpm build",
        ),
        (
            "npm@11.0.0",
            "build:ssr",
            "corepack enable && corepack prepare npm@11.0.0 --activate && npm ci && npm run build:ssr",
        ),
        (
            "yarn@4.5.1",
            "build",
            "corepack enable && corepack prepare yarn@4.5.1 --activate && yarn install --immutable && yarn build",
        ),
    ],
)
def test_the_build_installs_from_the_frozen_lockfile_with_exactly_the_named_manager(
    manager: str, script: str, command: str
) -> None:
    assert build_command(NodeBuild(package_manager=manager, script=script)) == command


def test_plain_variables_are_plain_and_seen_at_run_time_only() -> None:
    assert service()["envs"] == [
        {"key": key, "value": value, "scope": "RUN_TIME", "type": "GENERAL"}
        for key, value in [
            ("HOST", "0.0.0.0"),  # noqa: S104 - in a container, behind the platform's proxy
            ("NODE_ENV", "production"),
            ("REPLICAS", "2"),
            ("SHUTDOWN_TIMEOUT_MS", "30000"),
        ]
    ]


def test_secrets_stand_apart_with_nothing_but_their_mark() -> None:
    secrets: dict[str, Any] = {"TELNYX_API_KEY": {}, "DATABASE_URL": {"scope": "run_and_build_time"}}
    listed = spec({"app": {"secrets": secrets}})["envs"]
    assert listed[0] == {"key": "SLIPWAY_MARK", "value": "mark", "scope": "RUN_TIME", "type": "GENERAL"}
    assert [tuple(entry.values()) for entry in listed[1:]] == [
        (name, f"<{name}>", "RUN_AND_BUILD_TIME" if name == "DATABASE_URL" else "RUN_TIME", "SECRET")
        for name in sorted({**tetrix().app.secrets, **secrets})
    ]


def test_without_secrets_only_the_mark_is_listed_and_without_a_mark_nothing() -> None:
    none = {"app": {"secrets": {}}}
    assert [entry["key"] for entry in spec(none)["envs"]] == ["SLIPWAY_MARK"]
    assert "envs" not in spec(none, mark="")


def test_a_fixed_count_and_autoscaling_exclude_each_other() -> None:
    assert "autoscaling" not in service()
    scaled = service(AUTOSCALED)
    assert "instance_count" not in scaled
    assert scaled["autoscaling"] == {
        "min_instance_count": 2,
        "max_instance_count": 5,
        "metrics": {"cpu": {"percent": 70}},
    }
    assert scaled["instance_size_slug"] == "apps-d-1vcpu-1gb"


def test_liveness_is_checked_only_where_it_is_asked_for() -> None:
    assert "liveness_health_check" not in service({"app": {"liveness": None}})


def test_the_first_rule_that_matches_is_the_most_exact_and_no_prefix_is_cut_off() -> None:
    cors = [{"path": path, "allow_origins": ["https://a.example"]} for path in ("/api", "/b", "/api/v2", "/a")]
    rules = spec({"app": {"cors": cors}})["ingress"]["rules"]
    assert [rule["match"]["path"]["prefix"] for rule in rules] == ["/api/v2", "/api", "/a", "/b", "/"]
    assert [rule["component"] for rule in rules] == [{"name": "web", "preserve_path_prefix": True}] * 5
    assert ["cors" in rule for rule in rules] == [True, True, True, True, False]


def test_a_rule_for_all_paths_is_the_last_one() -> None:
    cors = [{"path": "/", "allow_origins": ["https://a.example"]}]
    [rule] = spec({"app": {"cors": cors}})["ingress"]["rules"]
    assert rule["match"]["path"]["prefix"] == "/"
    assert "cors" in rule


def test_without_cross_origin_rules_everything_goes_to_the_service() -> None:
    assert spec({"app": {"cors": []}})["ingress"] == {
        "rules": [
            {"match": {"path": {"prefix": "/"}}, "component": {"name": "web", "preserve_path_prefix": True}},
        ]
    }


def test_one_origin_is_matched_exactly() -> None:
    cors = [{"path": "/api", "allow_origins": ["https://a.example"], "max_age": "90s"}]
    assert spec({"app": {"cors": cors}})["ingress"]["rules"][0]["cors"] == {
        "allow_origins": {"exact": "https://a.example"},
        "allow_methods": ["GET", "POST", "OPTIONS"],
        "allow_headers": ["Content-Type", "Authorization"],
        "max_age": "90s",
    }


@given(st.lists(st.from_regex(r"https://[a-z]{1,5}\.[a-z]{2,4}", fullmatch=True), min_size=2, max_size=4, unique=True))
def test_several_origins_match_whole_and_nothing_else_does(origins: list[str]) -> None:
    cors = [{"path": "/api", "allow_origins": origins}]
    matcher = spec({"app": {"cors": cors}})["ingress"]["rules"][0]["cors"]["allow_origins"]
    assert matcher.keys() == {"regex"}
    assert all(re.search(matcher["regex"], origin) for origin in origins)
    for origin in origins:
        for other in (f"{origin}.evil.example", f"x{origin}", origin.replace(".", "x"), f"{origin}\nx"):
            assert other in origins or not re.search(matcher["regex"], other)


def test_the_only_primary_domain_comes_first() -> None:
    assert spec()["domain_names"] == [
        {"name": "tetrixcorp.com", "type": "PRIMARY"},
        {"name": "code-academy.tetrixcorp.com", "type": "ALIAS"},
        {"name": "joromi.tetrixcorp.com", "type": "ALIAS"},
    ]


def test_behind_cloudflare_the_app_has_no_domain_and_a_secret_door() -> None:
    behind = spec(BEHIND_CLOUDFLARE)
    assert "domain_names" not in behind
    assert behind["ingress"]["secure_header"] == {"key": "x-slipway-edge", "value": "<EDGE_ORIGIN_SECRET>"}
    assert "secure_header" not in spec()["ingress"]


def test_another_environment_is_another_app() -> None:
    assert app_name(tetrix(), "production") == "tetrix-minimal"
    assert app_name(tetrix(), "staging") == "tetrix-minimal-staging"
    assert spec(environment="staging")["name"] == "tetrix-minimal-staging"


def test_what_cannot_be_read_back_is_named_path_by_path() -> None:
    assert never_read_back(spec({"monitoring": {"cpu_percent": None}})) == [
        "spec.envs",
        "spec.alerts[0].destinations",
        "spec.alerts[1].destinations",
        "spec.services[0].alerts[0].destinations",
    ]
    assert never_read_back(spec({"monitoring": None})) == ["spec.envs"]


@pytest.mark.parametrize(
    "change",
    [
        {"memory_percent": 81},
        {"cpu_percent": 81},
        {"cpu_percent": None},
        {"notify": {"emails": ["ops@tetrixcorp.com"]}},
        {"notify": {"slack": {"channel": "#other"}}},
        {"notify": {"slack": {"webhook_secret": "OTHER_URL"}}},
    ],
)
def test_the_mark_covers_what_alerts_consist_of(change: dict[str, Any]) -> None:
    assert marked_settings(tetrix({"monitoring": change}).monitoring) != marked_settings(tetrix().monitoring)


@pytest.mark.parametrize("change", [{"certificate_days": 7}, {"regions": ["us_east"]}, {"uptime_percent": 99.5}])
def test_the_mark_covers_no_other_part_of_monitoring(change: dict[str, Any]) -> None:
    assert marked_settings(tetrix({"monitoring": change}).monitoring) == marked_settings(tetrix().monitoring)


def test_without_monitoring_the_mark_covers_secrets_only() -> None:
    assert marked_settings(None) == ""


class Part:
    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


MARK = Part(key="SLIPWAY_MARK", value="abc")
OTHER = Part(key="OTHER", value="x")


@pytest.mark.parametrize(
    ("live", "mark"),
    [
        (Part(envs=None), ""),
        (Part(envs=[]), ""),
        (Part(envs=[OTHER]), ""),
        (Part(envs=[Part(key="SLIPWAY_MARK", value=None)]), ""),
        (Part(envs=[OTHER, MARK]), "abc"),
    ],
)
def test_the_mark_is_found_in_whatever_app_is_live(live: Part, mark: str) -> None:
    assert deployed_mark(live) == mark
