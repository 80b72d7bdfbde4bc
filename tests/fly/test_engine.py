"""The provider under the real engine, on the real flyctl, against the emulated Fly.io."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fly.emulated import EmulatedFly
from tests.fly.stack import PulumiStack, processes, providers_of
from tests.patience import eventually

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

RELEASE = "fly:index:Release"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedFly]:
    fly = EmulatedFly(tmp_path_factory.mktemp("fly"))
    yield fly
    fly.close()


@pytest.fixture
def stack(platform: EmulatedFly, tmp_path: Path, request: pytest.FixtureRequest) -> PulumiStack:
    number = abs(hash(request.node.name)) % 10**8
    return PulumiStack(platform, tmp_path, f"app-{number}")


class Meanwhile:
    """Does something again and again while the block runs, and keeps what it gave."""

    def __init__(self, what: Callable[[], object], pause: float = 0.02) -> None:
        self._what, self._pause = what, pause
        self._end = threading.Event()
        self.seen: list[object] = []
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._end.is_set():
            self.seen.append(self._what())
            time.sleep(self._pause)

    def __enter__(self) -> Meanwhile:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - a loopback URL
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_an_app_is_deployed_and_then_nothing_changes(stack: PulumiStack) -> None:
    previewed = stack.preview()
    assert previewed.code == 0, previewed.said
    assert stack.calls() == []
    ran = stack.up()
    assert ran.code == 0, ran.said
    deployed = stack.calls()
    assert stack.platform.images(stack.spec["app"]) == {"v1"}
    again = stack.preview("--expect-no-changes")
    assert again.code == 0, again.said
    assert stack.calls() == []
    refreshed = stack.refresh("--expect-no-changes")
    assert refreshed.code == 0, refreshed.said
    asked = stack.calls()
    assert len(asked) == len(set(asked)) == 6, asked
    # The machines are looked at once a second, for as long as it takes.
    assert len([call for call in deployed if not call.startswith("machine list ")]) <= 15, deployed


def test_the_preview_shows_fly_toml_key_by_key(stack: PulumiStack) -> None:
    assert stack.up().code == 0
    config = stack.spec["release"]["config"]
    config["http_service"]["checks"][0]["grace_period"] = "1s"
    config["env"]["NEW"] = "x"
    del config["vm"]
    said = stack.preview().said
    assert 'grace_period: "0s" => "1s"' in said
    assert "+ NEW" in said
    assert "- vm" in said
    assert "internal_port" not in said
    assert "1 to update" in said


def test_a_bad_image_is_rolled_back_while_the_old_one_answers_every_request(stack: PulumiStack) -> None:
    assert stack.up().code == 0
    url = stack.platform.app(stack.spec["app"])["url"] + "/"
    stack.spec["release"]["image"] = "slipway/web:v2-unhealthy"
    stack.gives_up_after(10)
    stack.spec["secrets"]["API_KEY"] = "second-value-of-the-key"
    with Meanwhile(lambda: status(url)) as requests:
        ran = stack.up()
    assert ran.code != 0
    assert "check deep is critical: HTTP GET /deep: 503" in ran.said
    assert "rolled back: registry-1.docker.io/slipway/web:v1@sha256:" in ran.said
    assert set(requests.seen) == {200}
    assert stack.platform.images(stack.spec["app"]) == {"v1"}
    stack.spec["release"]["image"] = "slipway/web:v3"
    stack.gives_up_after(60)
    good = stack.up()
    assert good.code == 0, good.said
    assert stack.platform.images(stack.spec["app"]) == {"v3"}


def test_a_crashing_image_is_noticed_long_before_the_time_out(stack: PulumiStack) -> None:
    stack.spec["release"]["config"]["deploy"]["wait_timeout"] = "10m"
    assert stack.up().code == 0
    stack.spec["release"]["image"] = "slipway/web:v2-crash"
    began = time.monotonic()
    ran = stack.up()
    assert "it crashed: its process ended with exit code 1" in ran.said
    assert "rolled back" in ran.said
    assert time.monotonic() - began < 200
    agreed = stack.refresh("--expect-no-changes")
    assert agreed.code == 0, agreed.said


def test_a_first_release_that_fails_is_recorded_and_mended_by_the_next(stack: PulumiStack) -> None:
    stack.spec["release"]["image"] = "slipway/web:v1-crash"
    ran = stack.up()
    assert ran.code != 0
    assert "there is no earlier release to return to" in ran.said
    assert stack.state()[RELEASE]["outputs"]["verified"] is False
    stack.spec["release"]["image"] = "slipway/web:v2"
    mended = stack.up()
    assert mended.code == 0, mended.said
    assert stack.state()[RELEASE]["outputs"]["verified"] is True
    assert stack.platform.images(stack.spec["app"]) == {"v2"}


def test_a_missing_image_names_the_property_and_changes_nothing(stack: PulumiStack) -> None:
    assert stack.up().code == 0
    stack.spec["release"]["image"] = "nobody/has-this:v1"
    ran = stack.up()
    assert ran.code != 0
    assert "image: 'nobody/has-this:v1': Fly.io finds no such image (" in ran.said
    assert "push it first, or correct the reference" in ran.said
    assert stack.platform.images(stack.spec["app"]) == {"v1"}


def test_no_secret_is_ever_on_a_command_line_or_plain_in_the_state(stack: PulumiStack) -> None:
    with Meanwhile(processes, 0.005) as seen:
        assert stack.up().code == 0
    started = stack.calls()
    assert any(line.startswith("secrets import") for line in started)
    lines = {line for found in seen.seen for line in found} | set(started)  # type: ignore[attr-defined]
    assert any("fly.provider" in line for line in lines)
    assert not [line for line in lines if "first-value-of-the-key" in line]
    kept = "".join(path.read_text() for path in (stack.folder / "state").rglob("*.json"))
    assert "paintbox" in kept or stack.spec["app"] in kept
    assert "first-value-of-the-key" not in kept


def test_a_volume_never_shrinks_and_is_never_replaced_by_itself(stack: PulumiStack) -> None:
    stack.spec["volume"] = {"name": "data", "region": "sjc", "size_gb": 3, "count": 2}
    del stack.spec["release"]
    assert stack.up().code == 0
    stack.spec["volume"]["size_gb"] = 2
    refused = "sizeGb value {2} has a problem: a volume cannot shrink, there are 3; write 3, or move the data first"
    assert refused in " ".join(stack.preview().said.split())
    stack.spec["volume"] |= {"size_gb": 3, "region": "iad"}
    said = " ".join(stack.preview().said.split())
    assert "a volume keeps its data on one host and is never replaced by itself" in said
    stack.spec["volume"] |= {"size_gb": 4, "region": "sjc"}
    grown = stack.up()
    assert grown.code == 0, grown.said
    assert "4" in stack.platform.flyctl("volumes", "list", "-a", stack.spec["app"])


def test_all_wrong_settings_are_reported_at_once_with_their_paths(stack: PulumiStack) -> None:
    release = stack.spec["release"]
    release["config"]["http_service"]["concurrency"] = {"soft_limit": 200, "hard_limit": 150}
    release["config"]["http_service"]["checks"][0]["success_threshold"] = 2
    release["image"] = "not an image"
    said = stack.preview().said
    assert "config.http_service.checks[0].success_threshold" in said
    assert "is no image reference" in said
    del release["config"]["http_service"]["checks"][0]["success_threshold"]
    assert "the hard limit must not be below the soft limit 200" in stack.preview().said


def test_what_flyctl_alone_made_is_imported_without_a_difference(stack: PulumiStack) -> None:
    app = stack.spec["app"]
    flyctl = stack.platform.flyctl
    stack.spec = {
        "app": app,
        "release": stack.spec["release"],
        "volume": {"name": "data", "region": "sjc", "size_gb": 3},
    }
    stack.spec["release"]["counts"] = {"sjc": 1}
    stack.spec["release"]["config"]["http_service"]["min_machines_running"] = 1
    stack.spec["release"]["config"]["mounts"] = [{"source": "data", "destination": "/data"}]
    from fly.config import FlyConfig
    from fly.toml import render

    toml = stack.folder / "fly.toml"
    toml.write_text(render(app, FlyConfig.model_validate(stack.spec["release"]["config"])))
    flyctl("apps", "create", app, "--org", "slipway")
    flyctl("volumes", "create", "data", "-a", app, "-r", "sjc", "-s", "3", "--yes")
    flyctl(
        "deploy",
        "-a",
        app,
        "-c",
        str(toml),
        "--image",
        "slipway/web:v1",
        "--ha=false",
        "--smoke-checks=false",
        "--dns-checks=false",
        "--no-public-ips",
        "--yes",
    )
    for type_, name, id_ in (
        ("fly:index:App", "web", app),
        ("fly:index:Volume", "web-data", f"{app}/sjc/data"),
        (RELEASE, "web", app),
    ):
        ran = stack.imported(type_, name, id_)
        assert ran.code == 0, ran.said
    previewed = stack.preview("--expect-no-changes")
    assert previewed.code == 0, previewed.said


def test_only_a_true_not_found_drops_state(stack: PulumiStack) -> None:
    assert stack.up().code == 0
    stack.environment["FLY_API_TOKEN"] = "wrong"
    denied = stack.refresh()
    assert denied.code != 0
    assert "set FLY_API_TOKEN" in denied.said
    assert RELEASE in stack.state()
    stack.environment["FLY_API_TOKEN"] = "sandbox"
    stack.platform.flyctl("apps", "destroy", stack.spec["app"], "--yes")
    assert stack.refresh().code == 0
    assert RELEASE not in stack.state()
    assert "fly:index:App" not in stack.state()
    again = stack.up()
    assert again.code == 0, again.said


def test_what_somebody_changed_is_seen_by_a_refresh_and_set_back(stack: PulumiStack) -> None:
    assert stack.up().code == 0
    app = stack.spec["app"]
    stack.platform.flyctl("scale", "count", "3", "-a", app, "--yes")
    stack.platform.flyctl("secrets", "unset", "API_KEY", "-a", app, "--stage")
    assert stack.refresh().code == 0
    said = stack.preview().said
    assert "sjc: 3 => 2" in said
    assert stack.up().code == 0
    assert len(stack.platform.app(app)["machines"]) == 2
    assert "API_KEY" in stack.platform.flyctl("secrets", "list", "-a", app)


def test_destroying_leaves_nothing(stack: PulumiStack) -> None:
    stack.spec["hostname"] = "shop.example.com"
    ran = stack.up()
    assert ran.code == 0, ran.said
    assert "_acme-challenge.shop.example.com" in ran.said
    gone = stack.destroy()
    assert gone.code == 0, gone.said
    assert stack.spec["app"] not in stack.platform.flyctl("apps", "list")


def test_apps_and_volumes_are_protected_unless_told_otherwise(stack: PulumiStack) -> None:
    stack.spec["protect"] = True
    del stack.spec["release"]
    assert stack.up().code == 0
    gone = stack.destroy()
    assert gone.code != 0
    assert "protect" in gone.said
    assert stack.spec["app"] in stack.platform.flyctl("apps", "list")


@pytest.mark.parametrize("seconds", [0.5, 2.5, 4.0, 5.5])
def test_a_killed_engine_takes_its_provider_along_and_the_next_run_converges(
    stack: PulumiStack, seconds: float
) -> None:
    assert stack.up().code == 0
    stack.spec["release"]["image"] = "slipway/web:v2"
    running = stack.started()
    time.sleep(seconds)
    running.kill()
    running.wait()
    eventually(lambda: providers_of(stack.folder) == [], seconds=60)
    stack.cancel()
    ran = stack.up()
    assert ran.code == 0, ran.said
    assert stack.platform.images(stack.spec["app"]) == {"v2"}
    assert len(stack.platform.app(stack.spec["app"])["machines"]) == 2


@pytest.mark.parametrize("strategy", ["canary", "bluegreen", "immediate"])
def test_every_strategy_goes_out_and_comes_back(stack: PulumiStack, strategy: str) -> None:
    stack.spec["release"]["config"]["deploy"] = {"strategy": strategy, "wait_timeout": "60s"}
    first = stack.up()
    assert first.code == 0, first.said
    stack.spec["release"]["image"] = "slipway/web:v2"
    good = stack.up()
    assert good.code == 0, good.said
    assert stack.platform.images(stack.spec["app"]) == {"v2"}
    stack.spec["release"]["image"] = "slipway/web:v3-unhealthy"
    stack.gives_up_after(10)
    bad = stack.up()
    assert bad.code != 0
    assert "rolled back" in bad.said, bad.said
    assert stack.platform.images(stack.spec["app"]) == {"v2"}
    assert len(stack.platform.app(stack.spec["app"])["machines"]) == 2


def test_a_region_without_room_names_the_count_and_the_old_release_stays(stack: PulumiStack) -> None:
    config = stack.spec["release"]["config"]
    config["primary_region"] = "gru"
    stack.spec["release"]["counts"] = {"gru": 2}
    stack.platform.put("regions/gru", capacity=3)
    assert stack.up().code == 0
    stack.spec["release"]["counts"] = {"gru": 4}
    ran = stack.up()
    assert ran.code != 0
    assert "rolled back" in ran.said, ran.said
    assert "capacity" in ran.said or "no room" in ran.said
    assert len(stack.platform.app(stack.spec["app"])["machines"]) == 2


def test_the_documented_rate_limits_are_borne(stack: PulumiStack) -> None:
    stack.platform.put("limits", on=True)
    try:
        ran = stack.up()
    finally:
        stack.platform.put("limits", on=False)
    assert ran.code == 0, ran.said
    assert stack.platform.images(stack.spec["app"]) == {"v1"}


def test_secrets_reach_the_machines_with_a_new_release(stack: PulumiStack) -> None:
    assert stack.up().code == 0
    stack.spec["secrets"]["API_KEY"] = "second-value-of-the-key"
    previewed = stack.preview()
    assert "second-value" not in previewed.said
    ran = stack.up()
    assert ran.code == 0, ran.said
    listed = stack.platform.flyctl("secrets", "list", "-a", stack.spec["app"])
    assert "Deployed" in listed
    assert stack.state()[RELEASE]["outputs"]["version"] == 2
