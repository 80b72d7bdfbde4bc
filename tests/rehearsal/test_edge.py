"""The edge with the real engine: what a zone has already, and what its API gives back in its own way."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml

from tests.rehearsal.project import Project

pytestmark = pytest.mark.engine

PHASE = "http_response_headers_transform"
THEIRS = {
    "ref": "theirs",
    "action": "rewrite",
    "expression": "true",
    "description": "their header",
    "actionParameters": {"headers": {"X-Theirs": {"operation": "set", "value": "1"}}},
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project in which each test deploys a stack of its own."""
    made = Project(tmp_path_factory.mktemp("edge") / "project")
    yield made
    made.close()


def test_rules_of_somebody_else_are_shown_then_taken_over_when_the_settings_say_so(project: Project) -> None:
    project.keep_systems("production", "tetrix")
    project.slipway("sandbox", "start")
    account = {"id": "0" * 28 + "5a4d"}
    zone = project.client.seed("cloudflare/zone", {"name": "tetrixcorp.com", "account": account})
    ruleset = {"zoneId": zone, "kind": "zone", "name": "default", "phase": PHASE, "rules": [THEIRS]}
    id_ = project.client.seed("cloudflare/ruleset", ruleset)

    refused = project.slipway("rehearse", "production")
    assert refused.returncode != 0
    said = refused.stdout + refused.stderr
    assert "1. rewrite when true  their header" in said
    assert f"edge.zone_settings.adopt: {{{PHASE}: {id_}}}" in said
    assert _rules(project, id_) == ["theirs"]

    _adopt(project, id_)
    done = project.slipway("rehearse", "production")
    assert done.returncode == 0, done.stdout + done.stderr
    assert _rules(project, id_) == ["tetrix_headers"]


def test_what_the_api_orders_and_adds_by_itself_is_no_drift_and_no_secret_is_in_the_state(project: Project) -> None:
    done = project.slipway("rehearse", "performance")
    assert done.returncode == 0, done.stdout + done.stderr
    state = project.state("performance")
    (limits,) = (
        found
        for found in state["resources"]
        if found["type"].endswith(":Ruleset") and found["inputs"]["phase"] == "http_ratelimit"
    )
    sent, came = (limits[side]["rules"][0] for side in ("inputs", "outputs"))
    assert sent["ratelimit"]["characteristics"] == ["cf.colo.id", "ip.src"]
    assert came["ratelimit"]["characteristics"] == ["ip.src", "cf.colo.id"]
    assert came.keys() - sent.keys() >= {"id"}
    secrets = json.loads((project.home / "secrets.json").read_text())
    assert secrets["SLIPWAY_SECRET_PAINTBOX_PERFORMANCE_LOAD_TEST_KEY"] not in json.dumps(state)


def _adopt(project: Project, id_: str) -> None:
    file = project.root / "Pulumi.production.yaml"
    stack = yaml.safe_load(file.read_text())
    stack["config"]["slipway:systems"]["tetrix"]["edge"] = {"zone_settings": {"adopt": {PHASE: id_}}}
    file.write_text(yaml.safe_dump(stack))


def _rules(project: Project, id_: str) -> list[str]:
    found = project.client.resources("cloudflare/ruleset")["cloudflare/ruleset"]
    (ruleset,) = (entry for entry in found if entry["id"] == id_)
    return [rule["ref"] for rule in ruleset["properties"]["rules"]]
