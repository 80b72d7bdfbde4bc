from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.engine_side import ACCOUNT, EngineSide, Refused

SCRIPT = "cloudflare/workersScript"


def script(**more: Any) -> dict[str, Any]:
    given = {
        "accountId": ACCOUNT,
        "scriptName": "calculations",
        "content": "export default {}",
        "mainModule": "worker.mjs",
        "compatibilityDate": "2026-01-01",
    }
    return {**given, **more}


def test_a_worker_is_known_by_its_name(engine: EngineSide) -> None:
    made = engine.create(SCRIPT, script())
    assert made.id == "calculations"
    assert made.outputs["hasModules"] is True
    assert engine.changes(made, script()) == {}
    assert engine.changes(made, script(content="export default {a: 1}")) == {"content": "update"}
    found = engine.read(SCRIPT, f"{ACCOUNT}/calculations")
    assert found is not None
    assert found.id == "calculations"


def test_secret_bindings_are_kept_from_the_store_and_from_the_diff(engine: EngineSide, tmp_path: Path) -> None:
    inputs = script(bindings=[{"name": "KEY", "type": "secret_text", "text": "hunter2"}])
    made = engine.create(SCRIPT, inputs)
    assert b"hunter2" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert ("bindings", 0, "text") in made.secrets
    live = engine.read(SCRIPT, made.id, made)
    assert live is not None
    assert engine.changes(live, inputs) == {}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"contentFile": "worker.mjs", "contentSha256": "x"}, "contentFile"),
        ({"content": None, "contentFile": "worker.mjs"}, "contentSha256"),
        ({"bodyPart": "x"}, "bodyPart"),
        ({"compatibilityDate": "today"}, "compatibilityDate"),
    ],
)
def test_the_provider_refuses_a_worker(engine: EngineSide, changes: dict[str, Any], path: str) -> None:
    assert list(engine.check(SCRIPT, script(**changes))[1]) == [path]


def test_a_compatibility_date_is_not_in_the_future(engine: EngineSide) -> None:
    with pytest.raises(Refused, match="compatibility date 2999-01-01 is in the future"):
        engine.create(SCRIPT, script(compatibilityDate="2999-01-01"))


@pytest.mark.parametrize(
    ("pattern", "worker", "message"),
    [
        ("other.com/*", "calculations", "is not in the zone"),
        ("tetrixcorp.com/api/*", "nothing", "Worker 'nothing' was not found"),
    ],
)
def test_a_route_needs_its_zone_and_its_worker(engine: EngineSide, pattern: str, worker: str, message: str) -> None:
    zone = engine.zone()
    engine.create(SCRIPT, script())
    with pytest.raises(Refused, match=message):
        engine.create("cloudflare/workersRoute", {"zoneId": zone.id, "pattern": pattern, "script": worker})


def test_a_route_exists_once(engine: EngineSide) -> None:
    route = {"zoneId": engine.zone().id, "pattern": "*.tetrixcorp.com/api/*"}
    engine.create("cloudflare/workersRoute", route)
    with pytest.raises(Refused, match="A route with the same pattern already exists"):
        engine.create("cloudflare/workersRoute", route, name="second")


def test_a_namespaces_title_exists_once(engine: EngineSide) -> None:
    space = {"accountId": ACCOUNT, "title": "cache"}
    engine.create("cloudflare/workersKvNamespace", space)
    with pytest.raises(Refused, match="a namespace with this account ID and title already exists"):
        engine.create("cloudflare/workersKvNamespace", space, name="second")
