"""What the engine is told by check, diff, preview, read: without an engine, against a scripted flyctl."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

import grpc
import pytest
from google.protobuf import struct_pb2

from fly.config import FlyConfig
from fly.facts import Facts
from fly.provider.address import AddressResource
from fly.provider.app import AppResource
from fly.provider.certificate import CertificateResource
from fly.provider.image import folder_hash, same_image
from fly.provider.protocol import provider_pb2, status_pb2
from fly.provider.release import ReleaseResource
from fly.provider.resource import Resource
from fly.provider.schema import schema
from fly.provider.secrets import SecretsResource
from fly.provider.server import FlyProvider
from fly.provider.values import UNKNOWN, Secret, marshal, plain, unmarshal
from fly.provider.volume import VolumeResource
from fly.release.deployer import Deployer
from fly.release.gate import Gatekeeper
from fly.release.wish import Gate, Wish
from tests.fly.script import ScriptedFlyctl
from tests.fly.test_release import COMMON, MACHINES, RELEASES, Answering, machine, machines, releases
from tests.fly.test_toml import FULL
from tests.fly.test_validation import GOOD

Answer = TypeVar("Answer")
ROOT = Path(__file__).resolve().parents[2]
URN = "urn:pulumi:t::p::{}::web"


class Context:
    """The gRPC context: keeps how the call was ended."""

    def __init__(self) -> None:
        self.ended: tuple[Any, ...] = ()

    async def abort(self, code: object, message: str, details: object = ()) -> None:
        self.ended = (code, message, details)
        raise RuntimeError("aborted")


class Side:
    """The engine's side of the provider."""

    def __init__(self, folder: Path, *steps: dict[str, Any]) -> None:
        self.flyctl = ScriptedFlyctl(list(steps))
        facts = Facts(self.flyctl)
        deployer = Deployer(facts, Gatekeeper(facts, Answering(200), {}, poll_seconds=0.01), folder)
        kinds: dict[str, Resource] = {
            "App": AppResource(facts),
            "Volume": VolumeResource(facts),
            "Secrets": SecretsResource(facts),
            "Address": AddressResource(facts),
            "Certificate": CertificateResource(facts),
            "Release": ReleaseResource(facts, deployer),
        }

        async def cancel() -> None:
            return None

        async def loaded() -> dict[str, Resource]:
            return {f"fly:index:{name}": kind for name, kind in kinds.items()}

        self.provider = FlyProvider(loaded, cancel)
        self.context = Context()

    def check(
        self, kind: str, news: dict[str, Any], olds: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], list[str]]:
        request = provider_pb2.CheckRequest(urn=_urn(kind), news=marshal(news), olds=marshal(olds or {}))
        answer = _run(self.provider.Check(request, self.context))
        return unmarshal(answer.inputs), [f"{failure.property}: {failure.reason}" for failure in answer.failures]

    def diff(self, kind: str, olds: dict[str, Any], news: dict[str, Any], ignore: list[str] | None = None) -> Any:
        request = provider_pb2.DiffRequest(
            urn=_urn(kind),
            id="x",
            old_inputs=marshal(olds),
            olds=marshal(olds),
            news=marshal(news),
            ignoreChanges=ignore,
        )
        return _run(self.provider.Diff(request, self.context))

    def preview(self, kind: str, news: dict[str, Any]) -> dict[str, Any]:
        request = provider_pb2.CreateRequest(urn=_urn(kind), properties=marshal(news), preview=True)
        return unmarshal(_run(self.provider.Create(request, self.context)).properties)

    def read(
        self, kind: str, id_: str, inputs: dict[str, Any] | None = None, outputs: dict[str, Any] | None = None
    ) -> Any:
        request = provider_pb2.ReadRequest(
            urn=_urn(kind), id=id_, inputs=marshal(inputs or {}), properties=marshal(outputs or {})
        )
        return _run(self.provider.Read(request, self.context))

    def create(self, kind: str, news: dict[str, Any]) -> Any:
        return _run(
            self.provider.Create(provider_pb2.CreateRequest(urn=_urn(kind), properties=marshal(news)), self.context)
        )


def _urn(kind: str) -> str:
    return URN.format(f"slipway:fly:System$fly:index:{kind}")


def _run(doing: Awaitable[Answer]) -> Answer:
    async def run() -> Answer:
        return await doing

    return asyncio.run(run())


RELEASE: dict[str, Any] = {"app": "web", "config": GOOD, "counts": {"sjc": 6}, "image": "slipway/web:v1"}
NEWS: dict[str, dict[str, Any]] = {
    "App": {"name": "web", "org": "acme"},
    "Volume": {"app": "web", "name": "data", "region": "sjc", "sizeGb": 3},
    "Secrets": {"app": "web", "values": {"KEY": "v"}},
    "Address": {"app": "web", "type": "v6"},
    "Certificate": {"app": "web", "hostname": "example.com"},
    "Release": RELEASE,
}


@pytest.mark.parametrize("kind", NEWS)
def test_good_inputs_pass_and_are_previewed_without_asking_flyctl(kind: str, tmp_path: Path) -> None:
    side = Side(tmp_path)
    inputs, failures = side.check(kind, NEWS[kind])
    assert failures == []
    assert plain(side.preview(kind, inputs)).items() >= plain(NEWS[kind]).items()


@pytest.mark.parametrize("kind", NEWS)
def test_unknown_inputs_never_fail_a_preview_and_are_never_acted_on(kind: str, tmp_path: Path) -> None:
    side = Side(tmp_path)
    for key in NEWS[kind]:
        news = {**NEWS[kind], key: UNKNOWN}
        inputs, failures = side.check(kind, news)
        assert failures == []
        assert side.preview(kind, inputs)[key] is UNKNOWN
    _, failures = side.check(kind, dict.fromkeys(NEWS[kind], UNKNOWN))
    assert failures == []


def test_unknown_counts_and_secrets_of_a_release_are_let_through(tmp_path: Path) -> None:
    files = [{"guest_path": "/etc/users", "secret_name": "USERS"}]
    news = {**RELEASE, "config": {**GOOD, "files": files}, "counts": {"sjc": UNKNOWN}, "singleInstance": True}
    for secrets in (UNKNOWN, Secret(UNKNOWN), Secret({"USERS": UNKNOWN})):
        assert Side(tmp_path).check("Release", {**news, "secrets": secrets, "secretDigests": UNKNOWN})[1] == []


def test_unknowns_deep_inside_are_let_through_and_the_rest_is_still_checked(tmp_path: Path) -> None:
    side = Side(tmp_path)
    env = {"DATABASE_URL": UNKNOWN, "FLY_X": "no"}
    inputs, failures = side.check("Release", {**RELEASE, "config": {**GOOD, "env": env}})
    assert failures == ["config.env.FLY_X: names that begin with FLY_ belong to the platform; choose another name"]
    assert side.preview("Release", inputs)["toml"] is UNKNOWN


@pytest.mark.parametrize(
    ("kind", "news", "failures"),
    [
        (
            "App",
            {"name": "Web!", "orgg": "x"},
            ["name: ", "org: is needed; add it", "orgg: there is no such input; did you mean org?"],
        ),
        (
            "Volume",
            {**NEWS["Volume"], "sizeGb": 501, "region": "sjd"},
            ["sizeGb: input should be less than or equal to 500", "region: is no region"],
        ),
        (
            "Secrets",
            {"app": "web", "values": {"KEY": "a\nb", "1X": "y"}},
            ["values.1X: is no name", "values.KEY: the value has more than one line"],
        ),
        ("Address", {"app": "web", "type": "v5"}, ["type: input should be 'v4', 'shared_v4', 'v6' or 'private_v6'"]),
        ("Certificate", {"app": "web", "hostname": "not a host"}, ["hostname: "]),
        (
            "Release",
            {**RELEASE, "image": "no image!", "source": {"folder": "/dev/null/source"}},
            ["image: a release has an image or a source", "source.folder: there is no such folder"],
        ),
    ],
)
def test_every_failure_is_tied_to_its_property(
    kind: str, news: dict[str, Any], failures: list[str], tmp_path: Path
) -> None:
    _, found = Side(tmp_path).check(kind, news)
    assert len(found) == len(failures), found
    for expected, failure in zip(sorted(failures), sorted(found), strict=True):
        assert failure.startswith(expected)


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"sizeGb": 2}, "sizeGb: a volume cannot shrink, there are 3; write 3, or move the data first"),
        (
            {"count": 1},
            "count: a volume is never removed by itself, there are 2; "
            "write 2, or destroy one with flyctl volumes destroy and refresh",
        ),
        (
            {"region": "iad"},
            "region: a volume keeps its data on one host and is never replaced by itself (it is 'sjc'); "
            "declare a second volume beside it, copy the data, then remove this one",
        ),
    ],
)
def test_a_volume_refuses_what_would_lose_data(change: dict[str, Any], failure: str, tmp_path: Path) -> None:
    olds = {**NEWS["Volume"], "count": 2}
    assert Side(tmp_path).check("Volume", {**olds, **change}, olds)[1] == [failure]


def test_the_toml_is_compared_key_by_key(tmp_path: Path) -> None:
    config = json.loads(json.dumps(GOOD))
    config["http_service"]["concurrency"]["soft_limit"] = 100
    config["env"]["NEW-NAME"] = "x"
    del config["checks"]["deep"]["path"]
    found = Side(tmp_path).diff("Release", RELEASE, {**RELEASE, "config": config})
    kinds = provider_pb2.PropertyDiff
    assert {path: change.kind for path, change in found.detailedDiff.items()} == {
        "config.http_service.concurrency.soft_limit": kinds.UPDATE,
        'config.env["NEW-NAME"]': kinds.ADD,
        "config.checks.deep.path": kinds.DELETE,
    }
    assert list(found.replaces) == []


@pytest.mark.parametrize(
    ("kind", "change", "replaces"),
    [
        ("App", {"name": "other"}, ["name"]),
        ("App", {"org": "other"}, ["org"]),
        ("Address", {"type": "v4"}, ["type"]),
        ("Certificate", {"hostname": "example.org"}, ["hostname"]),
        ("Release", {"app": "other"}, ["app"]),
        ("Release", {"counts": {"sjc": 4}}, []),
        ("Volume", {"sizeGb": 9}, []),
        ("Secrets", {"values": {"KEY": "w"}}, []),
    ],
)
def test_a_difference_says_whether_it_replaces(
    kind: str, change: dict[str, Any], replaces: list[str], tmp_path: Path
) -> None:
    found = Side(tmp_path).diff(kind, NEWS[kind], {**NEWS[kind], **change})
    assert found.changes == provider_pb2.DiffResponse.DIFF_SOME
    assert list(found.replaces) == replaces


def test_moving_an_app_to_another_organization_deletes_the_old_one_first(tmp_path: Path) -> None:
    side = Side(tmp_path)
    assert side.diff("App", NEWS["App"], {"name": "web", "org": "other"}).deleteBeforeReplace
    assert not side.diff("App", NEWS["App"], {"name": "other", "org": "acme"}).deleteBeforeReplace


@pytest.mark.parametrize(
    "change",
    [
        {"gate": {"successes": 5}},
        {"image": "docker.io/slipway/web:v1"},
        {"image": "slipway/web:v1"},
        {"config": {**GOOD, "deploy": {**GOOD["deploy"], "wait_timeout": "300s"}}},
        {"secrets": {"KEY": "changed, but its digest did not"}},
    ],
)
def test_what_makes_no_new_release_is_no_difference(change: dict[str, Any], tmp_path: Path) -> None:
    found = Side(tmp_path).diff("Release", RELEASE, {**RELEASE, **change})
    assert found.changes == provider_pb2.DiffResponse.DIFF_NONE, found


def test_ignored_changes_are_ignored(tmp_path: Path) -> None:
    found = Side(tmp_path).diff("Release", RELEASE, {**RELEASE, "counts": {"sjc": 4}}, ignore=["counts"])
    assert found.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_values_of_secrets_are_secret_even_when_the_program_forgot(tmp_path: Path) -> None:
    side = Side(tmp_path)
    inputs, _ = side.check("Secrets", NEWS["Secrets"])
    assert isinstance(inputs["values"], Secret)
    assert isinstance(side.preview("Secrets", inputs)["values"], Secret)
    inputs, _ = side.check("Release", {**RELEASE, "secrets": {"KEY": "v"}})
    assert isinstance(inputs["secrets"], Secret)


def test_a_secret_inside_the_configuration_makes_the_rendered_file_secret(tmp_path: Path) -> None:
    config = {**GOOD, "env": {"TOKEN": Secret("x")}}
    assert isinstance(Side(tmp_path).preview("Release", {**RELEASE, "config": config})["toml"], Secret)


GONE: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "App": (
        "web",
        [
            {"run": "apps list --json", "prints": "[]"},
            {"run": "status --app web --json", "fails": 'Could not find App "web"'},
        ],
    ),
    "Volume": ("web/sjc/data", [{"run": "volumes list --app web --json", "prints": "[]"}]),
    "Secrets": ("web", [{"run": "secrets list --app web --json", "fails": "app not found"}]),
    "Address": ("web/v6", [{"run": "ips list --app web --json", "prints": "[]"}]),
    "Certificate": ("web/example.com", [{"run": "certs list --app web --json", "prints": "[]"}]),
    "Release": ("web", [{"run": MACHINES, "fails": "app not found"}]),
}


@pytest.mark.parametrize("kind", GONE)
def test_a_resource_that_is_gone_is_dropped_from_state(kind: str, tmp_path: Path) -> None:
    id_, steps = GONE[kind]
    assert Side(tmp_path, *steps).read(kind, id_).id == ""


@pytest.mark.parametrize(
    "trouble", ["You must be authenticated to view this.", "429", "502", "Could not find Organization", "boom"]
)
@pytest.mark.parametrize("kind", GONE)
def test_trouble_while_reading_never_drops_state(kind: str, trouble: str, tmp_path: Path) -> None:
    id_, steps = GONE[kind]
    side = Side(tmp_path, {"run": steps[0]["run"], "fails": trouble})
    with pytest.raises(RuntimeError, match="aborted"):
        side.read(kind, id_)
    assert side.context.ended[0] is grpc.StatusCode.FAILED_PRECONDITION
    assert "flyctl" in side.context.ended[1]


def test_an_app_that_only_the_list_does_not_show_stays_in_state(tmp_path: Path) -> None:
    shown = {
        "run": "status --app web --json",
        "prints": '{"ID": "web", "Name": "web", "Organization": {"Slug": "acme"}}',
    }
    found = Side(tmp_path, {"run": "apps list --org acme --json", "prints": "[]"}, shown).read(
        "App", "web", NEWS["App"]
    )
    assert found.id == "web"
    assert unmarshal(found.inputs) == NEWS["App"]


def test_a_changed_secret_is_left_out_of_what_is_read(tmp_path: Path) -> None:
    listed = [{"name": "A", "digest": "a1"}, {"name": "B", "digest": "other"}, {"name": "BY_HAND", "digest": "x"}]
    side = Side(tmp_path, {"run": "secrets list --app web --json", "prints": json.dumps(listed)})
    outputs = {
        "app": "web",
        "values": Secret({"A": "1", "B": "2", "C": "3"}),
        "digests": {"A": "a1", "B": "b1", "C": "c1"},
    }
    found = side.read("Secrets", "web", {"app": "web", "values": outputs["values"]}, outputs)
    assert plain(unmarshal(found.inputs)) == {"app": "web", "values": {"A": "1"}}


def test_a_volume_that_extended_itself_within_its_limit_is_as_wished(tmp_path: Path) -> None:
    grown = {
        "run": "volumes list --app web --json",
        "prints": '[{"id": "v", "name": "data", "region": "sjc", "size_gb": 7}]',
    }
    inputs = {**NEWS["Volume"], "extendsToGb": 10}
    assert unmarshal(Side(tmp_path, grown).read("Volume", "web/sjc/data", inputs).inputs)["sizeGb"] == 3
    assert unmarshal(Side(tmp_path, grown).read("Volume", "web/sjc/data", NEWS["Volume"]).inputs)["sizeGb"] == 7


def test_a_volume_that_no_machine_has_is_none_too_many(tmp_path: Path) -> None:
    def counted(*machines: str | None) -> object:
        shown = [
            {"id": f"v{at}", "name": "data", "region": "sjc", "size_gb": 3, "attached_machine_id": machine}
            for at, machine in enumerate(machines)
        ]
        listed = {"run": "volumes list --app web --json", "prints": json.dumps(shown)}
        asked = {**NEWS["Volume"], "count": 2}
        return unmarshal(Side(tmp_path, listed).read("Volume", "web/sjc/data", asked).inputs)["count"]

    assert counted("m1", "m2", None) == 2
    assert counted("m1", None) == 2
    assert counted("m1", "m2", "m3") == 3
    assert counted("m1") == 1


STATE = {
    **RELEASE,
    "counts": {"sjc": 2},
    "version": 1,
    "deployedImage": "reg/web:v1@sha256:v1",
    "verified": True,
    "toml": "x",
}


def test_a_release_that_is_as_it_was_reads_as_it_was(tmp_path: Path) -> None:
    inputs = {**RELEASE, "counts": {"sjc": 2}}
    steps = (machines(machine("m1", "v1", 1), machine("m2", "v1", 1)), releases(1))
    found = Side(tmp_path, *steps).read("Release", "web", inputs, STATE)
    assert unmarshal(found.inputs) == inputs
    assert unmarshal(found.properties)["version"] == 1


def test_after_a_rollback_the_old_release_still_counts_as_the_one_in_state(tmp_path: Path) -> None:
    inputs = {**RELEASE, "counts": {"sjc": 2}}
    shown = {"app": "web", **GOOD, "deploy": {"strategy": "immediate"}}
    config = {"run": "config show --app web", "prints": json.dumps(shown)}
    steps = (machines(machine("m1", "v1", 3), machine("m2", "v1", 1)), releases(1, 2, 3), config)
    found = Side(tmp_path, *steps).read("Release", "web", inputs, STATE)
    assert unmarshal(found.inputs) == inputs
    assert unmarshal(found.properties)["version"] == 1


def test_what_was_deployed_by_hand_shows_in_what_is_read(tmp_path: Path) -> None:
    inputs = {**RELEASE, "counts": {"sjc": 2}}
    config = {"run": "config show --app web", "prints": json.dumps({"app": "web", **GOOD, "kill_timeout": "9s"})}
    steps = (machines(machine("m1", "v7", 4)), releases(1, 4), config)
    found = Side(tmp_path, *steps).read("Release", "web", inputs, STATE)
    now = unmarshal(found.inputs)
    assert now["image"] == "reg/web:v7@sha256:v7"
    assert now["counts"] == {"sjc": 1}
    assert now["config"]["kill_timeout"] == "9s"
    assert unmarshal(found.properties)["version"] == 4


def test_a_first_release_that_fails_goes_into_state_with_its_reason(tmp_path: Path) -> None:
    config = {"primary_region": "sjc", "deploy": {"wait_timeout": "60s"}}
    news = {"app": "web", "config": config, "counts": {"sjc": 1}, "image": "web:v1"}
    wish = Wish("web", FlyConfig.model_validate(config), {"sjc": 1}, "web:v1", None, Gate("/"))
    nobody = Facts(ScriptedFlyctl([]))
    toml = Deployer(nobody, Gatekeeper(nobody, Answering(200), {}), tmp_path)._written(wish)
    side = Side(
        tmp_path,
        machines(),
        {"run": RELEASES, "prints": "[]"},
        {"run": f"deploy --app web --config {toml} {COMMON} --image web:v1", "fails": "machine m1 failed to start"},
        releases(1),
        machines(machine("m1", "v1", 1, state="failed")),
        {"run": "logs --app web --machine m1 --no-tail --json", "fails": "no logs"},
    )
    with pytest.raises(RuntimeError, match="aborted"):
        side.create("Release", news)
    _, message, details = side.context.ended
    assert "machine m1 in sjc: it failed to start" in message
    status = status_pb2.Status.FromString(details[0][1])
    recorded = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(recorded)
    assert recorded.id == "web"
    assert unmarshal(recorded.properties)["verified"] is False


@pytest.mark.parametrize(
    ("kind", "steps", "message"),
    [
        (
            "App",
            [
                {"run": "apps list --org acme --json", "prints": "[]"},
                {"run": "apps create web --org acme --yes --json", "fails": "Name has already been taken"},
            ],
            "name: 'web': somebody else on Fly.io has this app name (Name has already been taken); "
            "names are global: choose another, or use a token of the organization that owns it",
        ),
        (
            "App",
            [{"run": "apps list --org acme --json", "fails": "Could not find Organization"}],
            "org: 'acme': there is no such organization, or the token does not belong to it (Could not find "
            "Organization); correct the name, or set FLY_API_TOKEN to a token of that organization",
        ),
        (
            "Address",
            [{"run": "ips list --app web --json", "fails": 'Could not find App "web"'}],
            "app: 'web': there is no such app (Could not find App \"web\"); "
            "declare the App, and take this input from its name",
        ),
    ],
)
def test_a_refusal_names_the_input_to_correct(
    kind: str, steps: list[dict[str, Any]], message: str, tmp_path: Path
) -> None:
    side = Side(tmp_path, *steps)
    with pytest.raises(RuntimeError, match="aborted"):
        side.create(kind, NEWS[kind])
    assert side.context.ended[1] == message


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("slipway/web:v1", "docker.io/slipway/web:v1", True),
        ("nginx", "registry-1.docker.io/library/nginx:latest", True),
        (f"web:v1@sha256:{'a' * 64}", f"web@sha256:{'a' * 64}", True),
        (f"web:v1@sha256:{'a' * 64}", f"web:v1@sha256:{'b' * 64}", False),
        (f"web:v1@sha256:{'a' * 64}", "web:v1", True),
        ("web:v1", "web:v2", False),
        ("web:v1", "other:v1", False),
    ],
)
def test_images_are_the_same_by_digest_or_by_name_and_tag(old: str, new: str, *, same: bool) -> None:
    assert same_image(old, new) is same


def test_the_hash_of_a_folder_changes_with_what_would_be_sent(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch")
    (tmp_path / ".dockerignore").write_text("*.log\n# comment\n")
    first = folder_hash(tmp_path)
    (tmp_path / "x.log").write_text("noise")
    assert folder_hash(tmp_path) == first
    (tmp_path / "server.js").write_text("1")
    assert folder_hash(tmp_path) != first


def test_a_changed_source_file_is_a_changed_release(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch")
    news = {key: value for key, value in RELEASE.items() if key != "image"} | {"source": {"folder": str(folder)}}
    side = Side(tmp_path)
    before, failures = side.check("Release", news)
    assert failures == []
    (folder / "Dockerfile").write_text("FROM scratch\n")
    after, _ = side.check("Release", news)
    assert list(side.diff("Release", before, after).detailedDiff) == ["source.hash"]


def test_values_survive_the_wire() -> None:
    values = {"a": [1, 2.5, "x", True], "b": {"c": Secret({"d": UNKNOWN}), "e": UNKNOWN}, "config": FULL}
    assert plain(unmarshal(marshal(values))) == plain(values)
    assert marshal({"none": None}) == struct_pb2.Struct()
    assert repr(Secret("x")) == "Secret([redacted])"


def test_the_schema_names_every_resource_with_its_inputs_and_outputs() -> None:
    found = schema("1.0.0")["resources"]
    assert set(found) == {f"fly:index:{kind}" for kind in NEWS}
    for kind, news in NEWS.items():
        assert set(news) <= set(found[f"fly:index:{kind}"]["inputProperties"])
    assert found["fly:index:Secrets"]["inputProperties"]["values"]["secret"]
    assert "deployedImage" in found["fly:index:Release"]["properties"]


def test_it_can_be_woken_and_has_no_other_function(tmp_path: Path) -> None:
    side = Side(tmp_path)
    _run(side.provider.Invoke(provider_pb2.InvokeRequest(tok="fly:index:wake"), side.context))
    with pytest.raises(RuntimeError, match="aborted"):
        _run(side.provider.Invoke(provider_pb2.InvokeRequest(tok="fly:index:getApp"), side.context))
    assert side.context.ended[1] == "the provider fly has no function fly:index:getApp"


def test_the_server_answers_before_the_models_are_imported() -> None:
    """The engine keeps all resources waiting until it does."""
    script = "import sys, fly.provider.serve; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    packages = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert "grpc" in packages.split()
    assert "pydantic" not in packages.split()
