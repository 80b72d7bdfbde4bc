"""`./slipway deploy`, whole: the real engine and flyctl on the emulated clouds, one small app on each platform."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from ops.deployment.steps import BACK, FORWARD
from sandbox.faults import Plan
from tests.ops.deployment.small import APP, IMAGE, SMALL, STACK, Small
from tests.patience import eventually

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """Release 1, with the image v1, runs. Each test leaves a release that runs well."""
    made = Small(tmp_path_factory.mktemp("small") / "project")
    done = made.deploy()
    assert done.returncode == 0, done.stdout + done.stderr
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _no_faults(small: Small) -> Iterator[None]:
    yield
    small.client.clear_faults()


def settled(small: Small) -> None:
    """Everything is well, and state and clouds agree."""
    verified = small.run("verify", "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout)["ok"]
    assert not small.state(STACK).get("pending_operations")
    compared = small.pulumi(STACK, "refresh", "--preview-only", "--expect-no-changes")
    assert compared.returncode == 0, compared.stdout + compared.stderr


def test_without_yes_a_deployment_only_says_what_it_would_do(small: Small) -> None:
    before = small.history()
    small.image("dry")
    said = small.run("deploy")
    assert said.returncode == 0, said.stderr
    assert "1 update" in said.stdout
    assert "to do it, add: --yes" in said.stdout
    assert small.history() == before
    assert small.running() == "v1"


def test_a_good_release_is_deployed_verified_and_recorded(small: Small) -> None:
    small.image("good")
    done = small.deploy("--json")
    assert done.returncode == 0, done.stdout + done.stderr
    (told,) = json.loads(done.stdout)
    assert (told["kind"], told["verdict"], told["runs"]) == ("deploy", "deployed", told["number"])
    assert told["images"][APP].startswith("registry.fly.io/small:good@sha256:")
    assert [step["name"] for step in told["steps"]] == [plan.name for plan in FORWARD]
    assert "@" in told["who"]
    assert told["backup"][APP]["snapshots"]
    assert "pages-lab deployed from main" in next(step["result"] for step in told["steps"] if step["name"] == "up")
    kept = small.home / "records" / STACK / "releases" / str(told["number"]) / "before"
    assert sorted(file.name for file in kept.iterdir()) == ["pages-lab.spec.json", "small-lab.fly.json"]
    assert small.running() == "good"


@pytest.mark.parametrize(
    ("tag", "behaviour", "why"),
    [
        # flyctl ends with 0: its checks pass, but what users ask for fails
        ("hollow", {"failing_paths": ["/.well-known/jwks.json"]}, "verify: small: jwks: "),
        # flyctl ends with 1 or is stopped; the provider itself has brought the old image back
        ("crash", {"crash_after_seconds": 0.1}, "up: the release of small-lab is not good:"),
    ],
)
def test_a_bad_release_is_rolled_back_and_called_so(
    small: Small, tag: str, behaviour: dict[str, object], why: str
) -> None:
    before, runs = small.running(), small.history()[0]["runs"]
    small.image(tag, **behaviour)
    done = small.deploy()
    assert done.returncode == 9, done.stdout + done.stderr
    assert done.stderr.startswith(f"rolled back: release {runs} runs again\n{why}")
    assert small.running() == before
    newest = small.history()[0]
    assert (newest["verdict"], newest["runs"]) == ("rolled back", runs)
    settled(small)


def test_a_lost_answer_makes_flyctl_fail_and_no_release_bad(small: Small) -> None:
    small.image("lost-answer")
    small.slipway("sandbox", "faults", "timeout", "--api", "fly", "--operation", "machine_update")
    done = small.deploy()
    assert done.returncode == 0, done.stdout + done.stderr
    assert small.running() == "lost-answer"


def test_rate_limits_slow_a_deployment_down_and_stop_it_not(small: Small) -> None:
    small.image("throttled")
    for api in ("fly", "digitalocean", "cloudflare"):
        small.slipway("sandbox", "faults", "throttle", "--api", api, "--count", "2", "--retry-after", "1")
    done = small.deploy()
    assert done.returncode == 0, done.stdout + done.stderr
    assert small.running() == "throttled"


def test_without_a_network_nothing_is_begun(small: Small) -> None:
    before = small.running()
    small.image("unreachable")
    small.slipway("sandbox", "faults", "error", "--api", "fly", "--status", "503", "--count", "0")
    done = small.deploy()
    assert done.returncode == 8, done.stdout + done.stderr
    assert done.stderr.startswith("refused, nothing was changed:\ntokens: ")
    small.client.clear_faults()
    assert small.running() == before


def test_a_network_lost_half_way_is_no_rollback_until_one_was_seen(small: Small) -> None:
    before = small.history()[0]["runs"]
    small.image("cut")
    process = small.start_deploy()
    eventually(lambda: small.running() == "cut", seconds=120)
    # Planted from here, since the deployment goes on while a command starts.
    small.client.plant(Plan("error", api="fly", status=503, count=0))
    assert process.wait(timeout=200) == 10
    small.client.clear_faults()
    newest = small.history()[0]
    assert (newest["verdict"], newest["runs"]) == ("failed and NOT rolled back", None)
    back = small.run("rollback", "--yes", "--patience", "1")
    assert back.returncode == 0, back.stdout + back.stderr
    assert small.history()[0]["runs"] == before
    settled(small)


def test_of_two_deployments_the_second_is_refused_or_waits(small: Small) -> None:
    small.image("first")
    since = datetime.now(UTC).isoformat()
    first = small.start_deploy()
    small.wait_for_step(first, "up", since)
    os.kill(first.pid, signal.SIGSTOP)  # so that it surely has not ended before the other one begins
    try:
        refused = small.deploy()
    finally:
        os.kill(first.pid, signal.SIGCONT)
    waited = small.deploy("--wait", "120")
    assert refused.returncode == 8, refused.stdout + refused.stderr
    assert f"(process {first.pid}) is busy with this stack: deploy" in refused.stderr
    assert first.wait(timeout=120) == 0
    assert waited.returncode == 0, waited.stdout + waited.stderr


def test_a_deployment_killed_at_every_step_ends_in_the_new_release(small: Small) -> None:
    small.image("killed")
    resume: list[str] = []
    names = [plan.name for plan in FORWARD]
    later = names.index("up") + 1
    again: list[tuple[str, dict[str, Any]]] = [("up", {"after_seconds": 1.0})]
    again.append(("up", {"after_seconds": 2.5, "orphans": True}))
    cuts = [*((name, {}) for name in names[:later]), *again, *((name, {}) for name in names[later:])]
    killed: list[str] = []
    for step, how in cuts:
        if not small.cut_off(step, *resume, **how):
            break
        killed.append(step)
        if not resume:
            plain = small.deploy()
            assert plain.returncode == 8, plain.stdout + plain.stderr
            assert "was cut off in the step" in plain.stderr
            assert "./slipway deploy --resume --yes" in plain.stderr
        resume = ["--resume"]
    else:
        done = small.deploy("--resume")
        assert done.returncode == 0, done.stdout + done.stderr
    assert killed[:later] == names[:later]
    assert small.running() == "killed"
    assert small.history()[0]["verdict"] == "deployed"
    settled(small)


def test_a_way_back_killed_at_every_step_ends_in_the_old_release(small: Small) -> None:
    before, runs = small.running(), small.history()[0]["runs"]
    small.image("bad", failing_paths=["/.well-known/jwks.json"])
    killed: list[str] = []
    for plan in BACK:
        if not small.cut_off(plan.name, *(["--resume"] if killed else [])):
            break
        killed.append(plan.name)
    else:
        done = small.deploy("--resume")
        assert done.returncode == 9, done.stdout + done.stderr
    assert "return" in killed
    assert small.running() == before
    newest = small.history()[0]
    assert (newest["verdict"], newest["runs"]) == ("rolled back", runs)
    settled(small)


def test_a_rollback_brings_back_image_secrets_and_code_of_the_release_before(small: Small) -> None:
    old, image, digests = small.history()[0]["runs"], small.running(), secret_digests(small)
    small.image("new")
    assert small.deploy(SLIPWAY_SECRET_SMALL_TOKEN="planted-5b1e-value").returncode == 0
    assert secret_digests(small) != digests
    said = small.run("rollback")
    assert f"would return to release {old}: " in said.stdout, said.stderr
    assert "pages-lab would be rolled back to" in said.stdout
    assert small.running() == "new"
    done = small.run("rollback", "--yes", "--patience", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (small.running(), secret_digests(small)) == (image, digests)
    records = small.home / "records" / STACK
    kept = [file for file in records.rglob("*") if file.is_file() and ".venv" not in file.parts]
    assert not [file for file in kept if b"planted-5b1e-value" in file.read_bytes()]


def test_a_rollback_that_would_lose_data_is_refused(small: Small) -> None:
    image = f"{IMAGE}:{small.running()}"
    small.settings(small={"app": {"image": image, "volume": {"size_gb": 2}}})
    done = small.deploy()
    assert done.returncode == 0, done.stdout + done.stderr
    refused = small.run("rollback", "--yes")
    assert refused.returncode == 8, refused.stdout + refused.stderr
    assert "Volume data has sizeGb 2 by now and cannot shrink back to 1" in refused.stderr
    assert small.history()[0]["verdict"] == "deployed"


def test_what_came_with_a_bad_release_and_holds_data_stays_in_place(small: Small) -> None:
    """The last test here: afterwards the state has an app that no stack file names."""
    before, runs = small.running(), small.history()[0]["runs"]
    extra = SMALL.replace("name: small", "name: extra").replace("registry.fly.io/small:v1", "registry.fly.io/extra:v1")
    (small.root / "systems" / "extra.yaml").write_text(extra)
    small.fly.put_image("registry.fly.io/extra:v1", failing_paths=["/.well-known/jwks.json"])
    kept = {"app": {"image": f"{IMAGE}:{before}", "volume": {"size_gb": 2}}}
    small.settings(small=kept, extra={})
    done = small.deploy()
    assert done.returncode == 9, done.stdout + done.stderr
    assert "left in place: App extra-app, Volume extra-volume" in done.stdout
    assert small.history()[0]["runs"] == runs
    there = {part["urn"].rpartition("::")[2] for part in small.state(STACK)["resources"]}
    assert {"extra-app", "extra-volume"} <= there
    assert "extra-release" not in there


def secret_digests(small: Small) -> dict[str, str]:
    """Of the secrets that the release of `small` was made with."""
    releases = [part for part in small.state(STACK)["resources"] if part["type"] == "fly:index:Release"]
    found: dict[str, str] = releases[0]["outputs"]["secretDigests"]
    return found
