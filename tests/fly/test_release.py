"""A release from deploy to verdict: what is typed, what is decided, and what comes back when it is not good."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fly.config import FlyConfig
from fly.errors import DeployFailed, InvalidInput, NotFound
from fly.facts import Facts
from fly.release import deployer
from fly.release.deployer import Deployer, Released
from fly.release.gate import Gatekeeper
from fly.release.wish import Gate, Wish
from tests.fly.script import ScriptedFlyctl

CONFIG = {
    "primary_region": "sjc",
    "deploy": {"strategy": "rolling", "wait_timeout": "60s"},
    "http_service": {"internal_port": 8080, "checks": [{"path": "/health", "interval": "400ms", "timeout": "100ms"}]},
}
MACHINES = "machine list --app web --json"
RELEASES = "releases --app web --image --json"
SECRETS = "secrets list --app web --json"
COMMON = (
    "--ha=false --smoke-checks=false --dns-checks=false --deploy-retries 0 --wait-timeout 60s --no-public-ips --yes"
)


class Answering:
    """Stands for the world outside: answers with these statuses in turn, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.asked: list[str] = []

    async def get(self, url: str) -> tuple[int, str]:
        self.asked.append(url)
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return status, "body"


def machine(
    name: str, image: str, release: int, *, check: str = "passing", crashes: int = 0, **more: Any
) -> dict[str, Any]:
    end = {"exit_code": 1, "requested_stop": False, "restarting": True}
    events = [{"type": "exit", "timestamp": 100 + n, "request": {"exit_event": end}} for n in range(crashes)]
    return {
        "id": name,
        "state": "started",
        "region": "sjc",
        "image_ref": {"registry": "reg", "repository": "web", "tag": image, "digest": f"sha256:{image}"},
        "config": {"metadata": {"fly_release_version": str(release)}, "services": [{"checks": [{}]}]},
        "checks": [{"name": "servicecheck-00", "status": check, "output": "HTTP GET /health: 503"}],
        "events": events,
        **more,
    }


def machines(*found: dict[str, Any]) -> dict[str, Any]:
    return {"run": MACHINES, "prints": json.dumps(found)}


def releases(*versions: int) -> dict[str, Any]:
    found = [{"ID": str(v), "Version": v, "Status": "complete", "ImageRef": "x"} for v in versions]
    return {"run": RELEASES, "prints": json.dumps(found)}


def wish(image: str, count: int = 2, *, gate_seconds: float = 60.0, **more: Any) -> Wish:
    gate = Gate("/health", successes=2, interval_seconds=0, timeout_seconds=gate_seconds)
    config = FlyConfig.model_validate(CONFIG)
    return Wish(app="web", config=config, counts={"sjc": count}, image=f"web:{image}", source=None, gate=gate, **more)


class Release:
    """Runs a release against a script in which `TOML` stands for the path of the rendered file."""

    def __init__(self, folder: Path, steps: list[dict[str, Any]], http: Answering | None = None) -> None:
        nobody = Facts(ScriptedFlyctl([]))
        path = Deployer(nobody, Gatekeeper(nobody, Answering(200), {}), folder)._written(wish("v1"))
        self.flyctl = ScriptedFlyctl([{**step, "run": step["run"].replace("TOML", path)} for step in steps])
        self.http = http or Answering(200)
        facts = Facts(self.flyctl)
        self._deployer = Deployer(facts, Gatekeeper(facts, self.http, {}, poll_seconds=0.01), folder)

    def run(self, new: Wish, previous: Wish | None = None) -> Released:
        released = asyncio.run(self._deployer.release(new, previous))
        self.flyctl.require_end()
        return released

    def fails(self, new: Wish, previous: Wish | None = None) -> DeployFailed:
        with pytest.raises(DeployFailed) as caught:
            asyncio.run(self._deployer.release(new, previous))
        self.flyctl.require_end()
        return caught.value


def deploy(image: str, tail: str = "", **more: Any) -> dict[str, Any]:
    return {"run": f"deploy --app web --config TOML {COMMON} --image {image}{tail}", **more}


GOOD = machines(machine("m1", "v1", 1), machine("m2", "v1", 1))
LOGS = {"run": "logs --app web --machine m1 --no-tail --json", "prints": '{"timestamp": "t", "message": "no database"}'}


def test_a_first_release_deploys_scales_and_is_asked_from_outside(tmp_path: Path) -> None:
    run = Release(
        tmp_path,
        [
            machines(),
            releases(),
            deploy("web:v1"),
            machines(machine("m1", "v1", 1)),
            {"run": "scale count 2 --process-group app --region sjc --app web --yes"},
            GOOD,
            GOOD,
            GOOD,
            releases(1),
        ],
    )
    assert run.run(wish("v1")) == Released(1, "reg/web:v1@sha256:v1", {})
    assert run.http.asked == ["https://web.fly.dev/health"] * 2


def test_health_is_waited_for(tmp_path: Path) -> None:
    starting = machines(machine("m1", "v1", 1), machine("m2", "v1", 1, check="warning"))
    steps = [machines(), releases(), deploy("web:v1"), GOOD, starting, starting, GOOD, GOOD, releases(1)]
    assert Release(tmp_path, steps).run(wish("v1")).version == 1


BEFORE = [GOOD, releases(1)]
BROKEN = machines(machine("m1", "v2", 2, check="critical"), machine("m2", "v1", 1))
TIMED_OUT = {"fails": "timeout reached waiting for health checks to pass for machine m1"}


def test_a_failing_check_brings_the_old_image_back_on_the_touched_machine_only(tmp_path: Path) -> None:
    back = [
        BROKEN,
        deploy("reg/web@sha256:v1", " --strategy immediate --only-machines m1"),
        machines(machine("m1", "v1", 3), machine("m2", "v1", 1)),
        *[machines(machine("m1", "v1", 3), machine("m2", "v1", 1))] * 2,
    ]
    steps = [*BEFORE, deploy("web:v2", **TIMED_OUT), releases(1, 2), BROKEN, LOGS, *back]
    failed = Release(tmp_path, steps).fails(wish("v2"), previous(image="reg/web@sha256:v1"))
    assert failed.rolled_back is True
    assert str(failed) == (
        "the release of web is not good:\n"
        "  machine m1 in sjc: check servicecheck-00 is critical: HTTP GET /health: 503\n"
        "  flyctl: timeout reached waiting for health checks to pass for machine m1\n"
        "  last lines of m1:\n"
        "    t no database\n"
        "rolled back: reg/web:v1@sha256:v1 runs again and is healthy"
    )


def previous(image: str = "reg/web@sha256:v1", **more: Any) -> Wish:
    old = wish("v1", **more)
    return Wish(**{**old.__dict__, "image": image})


def test_a_rollback_that_fails_says_so(tmp_path: Path) -> None:
    back = [BROKEN, deploy("reg/web@sha256:v1", " --strategy immediate --only-machines m1")]
    steps = [*BEFORE, deploy("web:v2", **TIMED_OUT), releases(1, 2), BROKEN, LOGS, *back]
    steps[-1] = {**steps[-1], "fails": 'Could not find image "reg/web@sha256:v1"'}
    failed = Release(tmp_path, steps).fails(wish("v2"), previous())
    assert failed.rolled_back is False
    assert "rollback failed: `flyctl deploy" in str(failed)


def test_a_first_release_that_fails_has_nothing_to_return_to(tmp_path: Path) -> None:
    broken = machines(machine("m1", "v1", 1, check="critical"))
    steps = [machines(), releases(), deploy("web:v1", **TIMED_OUT), releases(1), broken, LOGS]
    failed = Release(tmp_path, steps).fails(wish("v1"))
    assert failed.rolled_back is None
    assert "there is no earlier release to return to" in str(failed)


def test_an_image_that_does_not_exist_changes_nothing(tmp_path: Path) -> None:
    missing = {"fails": 'failed to fetch an image or build from source: Could not find image "web:v9"'}
    run = Release(tmp_path, [*BEFORE, deploy("web:v9", **missing), releases(1)])
    with pytest.raises(NotFound, match='Could not find image "web:v9"'):
        run.run(wish("v9"), previous())
    run.flyctl.require_end()


def test_a_crash_is_noticed_at_once_and_named(tmp_path: Path) -> None:
    crashed = machines(machine("m1", "v2", 2, crashes=2), machine("m2", "v1", 1))
    restored = machines(machine("m1", "v1", 3), machine("m2", "v1", 1))
    back = [
        releases(1, 2),
        crashed,
        deploy("reg/web@sha256:v1", " --strategy immediate --only-machines m1"),
        *[restored] * 3,
    ]
    steps = [*BEFORE, deploy("web:v2"), crashed, crashed, LOGS, *back]
    failed = Release(tmp_path, steps).fails(wish("v2"), previous())
    assert "machine m1 in sjc: it crashed: its process ended with exit code 1, 2 times" in str(failed)
    assert failed.rolled_back is True


def test_bad_answers_from_outside_fail_a_release_whose_checks_all_pass(tmp_path: Path) -> None:
    new = machines(machine("m1", "v2", 2), machine("m2", "v2", 2))
    restored = machines(machine("m1", "v1", 3), machine("m2", "v1", 3))
    back = [releases(1, 2), new, deploy("reg/web@sha256:v1"), *[restored] * 3]
    steps = [*BEFORE, deploy("web:v2"), *[new] * 2, *back]
    http = Answering(200, 502, *[502] * 100)
    run = Release(tmp_path, steps, http)
    run.http._statuses = [502]
    with pytest.raises(DeployFailed, match=r"from outside: GET https://web.fly.dev/health answered 502"):
        asyncio.run(run._deployer.release(wish("v2", gate_seconds=0.05), previous(gate_seconds=0.05)))


def test_what_a_killed_deploy_left_behind_is_destroyed_first(tmp_path: Path) -> None:
    canary = machine("m3", "v2", 2)
    canary["config"]["metadata"]["fly_canary"] = "true"
    steps = [
        machines(machine("m1", "v1", 1), machine("m2", "v1", 1), canary),
        releases(1),
        {"run": "machine destroy m3 --app web --force"},
        *BEFORE,
        deploy("web:v2"),
        *[machines(machine("m1", "v2", 2), machine("m2", "v2", 2))] * 3,
        releases(1, 2),
    ]
    assert Release(tmp_path, steps).run(wish("v2"), previous()).version == 2


def test_a_mount_without_enough_volumes_is_refused_before_anything_starts(tmp_path: Path) -> None:
    config = FlyConfig.model_validate({**CONFIG, "mounts": [{"source": "data", "destination": "/data"}]})
    volumes = {
        "run": "volumes list --app web --json",
        "prints": '[{"id": "v", "name": "data", "region": "iad", "size_gb": 1}]',
    }
    run = Release(tmp_path, [volumes])
    new = Wish(**{**wish("v1").__dict__, "config": config})
    with pytest.raises(InvalidInput) as caught:
        run.run(new)
    assert str(caught.value) == (
        "config.mounts[0].source: 'data': 2 machines in sjc need as many volumes of that name there, there are 0; "
        "declare a Volume data in sjc with count 2 before the release"
    )


def test_secrets_of_the_old_release_come_back_with_it(tmp_path: Path) -> None:
    def secrets(**digests: str) -> dict[str, Any]:
        return {"run": SECRETS, "prints": json.dumps([{"name": n, "digest": d} for n, d in digests.items()])}

    new_secrets = {"secrets": {"KEY": "new", "MORE": "x"}, "secret_digests": {"KEY": "d2", "MORE": "m1"}}
    old_secrets = {"secrets": {"KEY": "old"}, "secret_digests": {"KEY": "d1"}}
    restored = machines(machine("m1", "v1", 3), machine("m2", "v1", 1))
    back = [
        secrets(KEY="d2", MORE="m1"),
        {"run": "secrets import --app web --stage", "stdin": 'KEY="old"\n'},
        {"run": "secrets unset MORE --app web --stage"},
        secrets(KEY="d1"),
        BROKEN,
        deploy("reg/web@sha256:v1", " --strategy immediate --only-machines m1"),
        *[restored] * 3,
    ]
    steps = [*BEFORE, secrets(KEY="d2", MORE="m1"), deploy("web:v2", **TIMED_OUT), releases(1, 2), BROKEN, LOGS, *back]
    failed = Release(tmp_path, steps).fails(wish("v2", **new_secrets), previous(**old_secrets))
    assert failed.rolled_back is True


def test_a_lost_answer_of_a_deploy_is_asked_again(tmp_path: Path) -> None:
    new = machines(machine("m1", "v2", 2), machine("m2", "v2", 2))
    steps = [*BEFORE, deploy("web:v2", fails="connection reset"), deploy("web:v2"), *[new] * 3, releases(1, 2)]
    assert Release(tmp_path, steps).run(wish("v2"), previous()).version == 2


def test_a_release_that_stands_is_good_whatever_flyctl_ended_with(tmp_path: Path) -> None:
    new = machines(machine("m1", "v2", 2), machine("m2", "v2", 2))
    starting = machines(machine("m1", "v2", 2), machine("m2", "v2", 2, state="starting"))
    wrong = deploy("web:v2", fails="failed to update VM m2: the request timed out")
    steps = [*BEFORE, wrong, releases(1, 2), starting, *[new] * 3]
    run = Release(tmp_path, steps)
    assert run.run(wish("v2"), previous()) == Released(2, "reg/web:v2@sha256:v2", {})
    assert run.http.asked == ["https://web.fly.dev/health"] * 2


def test_what_flyctl_left_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter((0.0, deployer.SECOND_LOOK_SECONDS - 1, deployer.SECOND_LOOK_SECONDS))
    monkeypatch.setattr(deployer, "time", SimpleNamespace(monotonic=lambda: next(looks)))
    ill = machines(machine("m1", "v2", 2), machine("m2", "v2", 2, check="critical"))
    restored = machines(machine("m1", "v1", 3), machine("m2", "v1", 3))
    steps = [*BEFORE, deploy("web:v2", **TIMED_OUT), releases(1, 2), *[ill] * 2]
    steps += [{"run": "logs --app web --machine m2 --no-tail --json", "prints": ""}, ill]
    steps += [deploy("reg/web@sha256:v1", " --strategy immediate"), *[restored] * 3]
    failed = Release(tmp_path, steps).fails(wish("v2"), previous())
    assert failed.rolled_back is True
    assert "m2 in sjc: check servicecheck-00 is critical" in str(failed)


def test_machines_that_gave_up_are_started_again(tmp_path: Path) -> None:
    given_up = machines(machine("m1", "v2", 2, state="stopped"), machine("m2", "v2", 2))
    new = machines(machine("m1", "v2", 2), machine("m2", "v2", 2))
    steps = [
        *BEFORE,
        deploy("web:v2"),
        given_up,
        {"run": "machine start m1 --app web"},
        *[new] * 2,
        releases(1, 2),
    ]
    assert Release(tmp_path, steps).run(wish("v2"), previous()).version == 2
