"""`report` on the real engine: what is planted is named with risk and price; a failed preview leaves no file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.project import Project
from tests.report.record import VOLUME, plant, preview

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

SECRETS = "secrets.json"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose production stack was rehearsed."""
    made = Project(tmp_path_factory.mktemp("report") / "project")
    done = made.slipway("rehearse", "production")
    assert done.returncode == 0, done.stdout + done.stderr
    yield made
    made.close()


def told(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "production" / "report.json").read_text(encoding="utf-8")))


def test_a_planted_change_and_a_drift_are_reported_twice_alike(production: Project, tmp_path: Path) -> None:
    done = production.slipway("sandbox", "drift", "paintbox-simple", "type", '"ping"')
    assert done.returncode == 0, done.stderr
    plant(production)
    events = tmp_path / "events.jsonl"
    options = ("--sandbox", "--refresh", "--record", str(events))
    done = production.slipway("report", *options, "--out", str(tmp_path / "one"))
    assert done.returncode == 0, done.stderr
    found = told(tmp_path / "one")
    changes = {
        f"{change['operation']} {change['noun']} {change['name']}": [danger["risk"] for danger in change["dangers"]]
        for change in found["changes"]
    }
    assert changes == {
        "create DNS record shop.tetrixcorp.com CNAME": ["traffic"],
        "create Worker route shop.tetrixcorp.com/*": ["traffic"],
        "update ruleset firewall rules": ["traffic"],
        "update ruleset response headers": ["traffic"],
        "update release paintbox": ["restart"],
        "update uptime check paintbox-simple": [],
    }
    assert {change["name"]: change["cost"]["high"] for change in found["changes"] if change["cost"]["high"]} == {
        "paintbox": 85.89
    }
    assert [(moved["name"], moved["lines"]) for moved in found["drift"]] == [
        ("paintbox-simple", [{"what": "kind", "old": "https", "new": "ping"}])
    ]
    # Another preview sends its events in another order, and a recorded one says the same again.
    assert production.slipway("report", *options[:2], "--out", str(tmp_path / "two")).returncode == 0
    assert production.slipway("report", "--events", str(events), "--out", str(tmp_path / "three")).returncode == 0
    texts = [
        {file.name: file.read_bytes() for file in tmp_path.glob(f"{out}/production/*")}
        for out in ("one", "two", "three")
    ]
    assert len(texts[0]) == 5
    assert texts[0] == texts[1] == texts[2]
    secrets = json.loads((production.home / SECRETS).read_text(encoding="utf-8")).values()
    everything = b"\n".join(texts[0].values()).decode() + events.read_text(encoding="utf-8")
    assert [secret for secret in secrets if len(secret) > 8 and secret in everything] == []


def test_a_preview_that_fails_is_told_and_leaves_no_file(production: Project, tmp_path: Path) -> None:
    file = production.root / "systems" / "tattoo-contest.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("name: contest_data", "name: contest_state"), encoding="utf-8")
    try:
        out, events = tmp_path / "out", tmp_path / "events.jsonl"
        done = production.slipway("report", "--sandbox", "--record", str(events), "--out", str(out))
    finally:
        file.write_text(text, encoding="utf-8")
    assert done.returncode == 5
    assert "the preview failed, and no report was written:" in done.stderr
    assert "a volume keeps its data on one host and is never replaced by itself" in done.stderr
    assert not out.exists()
    assert not events.exists()


def test_a_replaced_volume_is_told_to_lose_its_data(production: Project, tmp_path: Path) -> None:
    assert production.pulumi("production", "state", "unprotect", VOLUME, "--yes").returncode == 0
    events = tmp_path / "events.jsonl"
    lines = (f"{json.dumps(event)}\n" for event in preview(production, "production", "--replace", VOLUME))
    events.write_text("".join(lines), encoding="utf-8")
    done = production.slipway("report", "--events", str(events), "--format", "json")
    assert done.returncode == 0, done.stderr
    (volume,) = (change for change in json.loads(done.stdout)["changes"] if change["operation"] == "replace")
    assert (volume["noun"], volume["name"]) == ("volume", "tattoo-contest/contest_data")
    assert [danger["risk"] for danger in volume["dangers"]] == ["data"]
