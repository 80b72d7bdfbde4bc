"""What status says of machines, replicas and domains, from what the platforms answer."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from fly.facts import Facts
from ops.clouds.app_platform import App
from ops.status.app_platform import seen_on_app_platform
from ops.status.fly import seen_on_fly
from ops.status.seen import Domain, Instance, Seen
from settings.fly_system import FlySystem
from tests.fly.script import ScriptedFlyctl
from tests.stacks import loaded

OPTIONS = "--stack production --sandbox"


def system() -> FlySystem:
    found = loaded("production").systems["paintbox"]
    assert isinstance(found, FlySystem)
    return found


def machine(id_: str, release: str = "3", **more: Any) -> dict[str, Any]:
    metadata = {"fly_release_version": release, "fly_process_group": "app"}
    config = {"metadata": metadata, "services": [{"checks": [{}]}]}
    image = {"registry": "registry.fly.io", "repository": "paintbox", "tag": "v2", "digest": "sha256:1"}
    checks = [{"name": "ready", "status": "passing"}]
    told = {"id": id_, "state": "started", "region": "sjc", "config": config, "image_ref": image, "checks": checks}
    return {**told, **more}


def seen(machines: list[dict[str, Any]], certificates: str = "[]", *more: dict[str, Any]) -> Seen:
    script = [
        {"run": "machine list --app paintbox --json", "prints": json.dumps(machines)},
        *([{"run": "certs list --app paintbox --json", "prints": certificates}] if machines else []),
        *more,
    ]
    return asyncio.run(seen_on_fly(Facts(ScriptedFlyctl(script)), "paintbox", system(), "production", OPTIONS))


def test_machines_are_told_with_their_release_image_and_checks() -> None:
    found = seen([machine("m2"), machine("m1")])
    assert [instance.id for instance in found.instances] == ["m1", "m2"]
    assert found.instances[0] == Instance("app", "m1", "started", "sjc", "v3", "paintbox:v2", (1, 1))
    assert (found.notes, found.trouble) == ((), "")


def test_mixed_releases_and_cordoned_machines_are_noted() -> None:
    found = seen([machine("m1"), machine("m2", "4", cordoned=True)])
    assert found.notes == (
        "app: several releases run beside each other",
        "cordoned, so without requests: m2; back with: ./slipway start --system paintbox --stack production --sandbox "
        "--yes",
    )


@pytest.mark.parametrize("maintenance", [{"archive": True}, {"enabled": True}])
def test_an_app_that_visitors_do_not_reach_is_noted_with_the_way_back(maintenance: dict[str, bool]) -> None:
    app = App(id="1", spec={"name": "tetrix", "maintenance": maintenance})
    api: Any = SimpleNamespace(app_named=lambda _: app, health=lambda _: [], instances=lambda _: [])
    (note,) = seen_on_app_platform(api, "tetrix", "tetrix", OPTIONS).notes
    assert note.endswith("offline page; back with: ./slipway start --system tetrix --stack production --sandbox --yes")


def test_the_certificate_that_ends_first_counts() -> None:
    issued = [{"expires_at": "2027-02-01T00:00:00Z"}, {"expires_at": "2027-01-01T00:00:00Z"}]
    told = {"hostname": "a.b", "status": "Ready", "configured": True, "certificates": issued}
    check = {"run": "certs check a.b --app paintbox --json", "prints": json.dumps(told)}
    (domain,) = seen([machine("m1")], '[{"hostname": "a.b"}]', check).domains
    assert (domain.state, domain.expires_at) == ("Ready", datetime(2027, 1, 1, tzinfo=UTC))


def test_an_app_that_is_not_there_is_a_note_and_a_refused_token_a_trouble() -> None:
    assert seen([]).notes == ("paintbox has no machines",)
    script = [{"run": "machine list --app paintbox --json", "fails": "You must be authenticated to view this."}]
    told = asyncio.run(seen_on_fly(Facts(ScriptedFlyctl(script)), "paintbox", system(), "production", OPTIONS))
    assert "token" in told.trouble
    assert told.instances == ()


@pytest.mark.parametrize(
    ("state", "checks", "cordoned", "well"),
    [
        ("started", (2, 2), False, True),
        ("started", (1, 2), False, False),
        ("started", (2, 2), True, False),
        ("stopped", (0, 2), False, True),
        ("stopped", (0, 2), True, False),
        ("failed", (0, 0), False, False),
        ("running", (1, 1), False, True),
    ],
)
def test_an_instance_is_well_when_it_answers_or_may_rest(
    state: str, checks: tuple[int, int], cordoned: bool, well: bool
) -> None:
    assert Instance("app", "m", state, "sjc", "", "", checks, cordoned).well is well


def test_a_certificates_end_is_counted_in_whole_days() -> None:
    assert Domain("a.b", "active", datetime.now(UTC) + timedelta(days=3, minutes=1)).days_left == 3
    assert Domain("a.b", "active").days_left is None
