"""The surroundings of a rehearsal: nothing of the user's, the same in every run, readable by the owner only."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
import yaml

from ops.errors import OperationError
from ops.exit_code import ExitCode
from ops.sandboxed import Sandboxed, prepare, refuse_foreign_backend, sandbox_home
from settings.stack import Stack
from tests.settings.samples import DIGITALOCEAN, Project

STACK = """\
encryptionsalt: v1:of-the-real-stack
config:
  slipway:environment: production
  slipway:systems: {sample: {}}
  slipway:secrets: {sample: {DATABASE_URL: {secure: ciphertext}}}
  other:key: kept
"""
ENDPOINTS = {"PULUMI_DEBUG_PROVIDERS": "digitalocean:1", "DIGITALOCEAN_TOKEN": "sandbox"}
URL = "SLIPWAY_SECRET_SAMPLE_DATABASE_URL"


@pytest.fixture
def stack(project: Project, monkeypatch: pytest.MonkeyPatch) -> Stack:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    project.system("sample", {**DIGITALOCEAN, "app": {**DIGITALOCEAN["app"], "secrets": {"DATABASE_URL": {}}}})
    project.stack(STACK)
    return project.load()


def prepared(project: Project, stack: Stack) -> Sandboxed:
    return prepare(project.root, stack, ENDPOINTS)


@pytest.mark.parametrize(
    ("backend", "shown"),
    [
        ("https://api.pulumi.com", "https://api.pulumi.com"),
        ("s3://state?region=eu-central-1", "s3://state"),
        ("s3://state?endpoint=fra1.digitaloceanspaces.com", "s3://state"),
        ("s3://state?endpoint=https://localhost.example.com:9000", "s3://state"),
        ("gs://state", "gs://state"),
        ("postgres://user:planted@db/state", "postgres://db"),
    ],
)
def test_a_backend_that_is_not_on_this_machine_is_refused(backend: str, shown: str) -> None:
    with pytest.raises(OperationError) as raised:
        refuse_foreign_backend({"PULUMI_BACKEND_URL": backend})
    assert str(raised.value) == (
        f"PULUMI_BACKEND_URL is {shown}, and a rehearsal uses state on this machine only; unset it, the rehearsal "
        "brings its own"
    )
    assert raised.value.exit_code is ExitCode.REFUSED


@pytest.mark.parametrize(
    "backend",
    [
        "",
        "file:///var/state",
        "file://~",
        "s3://state?endpoint=127.0.0.1:9000&disableSSL=true",
        "s3://state?endpoint=http://localhost:9000",
        "s3://state?endpoint=http://[::1]:9000",
    ],
)
def test_files_and_buckets_on_this_machine_are_taken(backend: str) -> None:
    refuse_foreign_backend({"PULUMI_BACKEND_URL": backend})


def test_a_foreign_backend_is_refused_before_anything_is_written(
    project: Project, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://api.pulumi.com")
    with pytest.raises(OperationError):
        prepared(project, stack)
    assert not sandbox_home(project.root).exists()


def test_nothing_of_the_callers_accounts_reaches_the_engine(
    project: Project, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = [
        "PULUMI_ACCESS_TOKEN",
        "PULUMI_CONFIG_PASSPHRASE",
        "DIGITALOCEAN_TOKEN",
        "CLOUDFLARE_API_TOKEN",
        "CLOUDFLARE_API_KEY",
        "FLY_API_TOKEN",
        "FLY_API_BASE_URL",
        "SLIPWAY_SECRET_OTHER_TOKEN",
    ]
    for name in foreign:
        monkeypatch.setenv(name, "of-the-caller")
    monkeypatch.setenv("LANG", "C.UTF-8")
    environment = prepared(project, stack).environment
    assert [name for name, value in environment.items() if value == "of-the-caller"] == []
    assert environment.items() >= {**ENDPOINTS, "LANG": "C.UTF-8"}.items()
    home = sandbox_home(project.root)
    assert environment["PULUMI_HOME"] == str(home / "pulumi-home")
    assert environment["PULUMI_BACKEND_URL"] == f"file://{home}/state?metadata=skip"


def test_a_local_backend_of_the_callers_is_kept(
    project: Project, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = "s3://state?endpoint=127.0.0.1:9000"
    monkeypatch.setenv("PULUMI_BACKEND_URL", bucket)
    kept = prepared(project, stack)
    assert kept.environment["PULUMI_BACKEND_URL"] == bucket
    assert kept.own_state is None


def test_without_one_the_state_is_the_rehearsals_own(
    project: Project, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = prepared(project, stack)
    assert own.own_state == own.home / "state"
    assert own.environment["PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS"] == "true"
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{own.home}/elsewhere")
    elsewhere = prepared(project, stack)
    assert elsewhere.own_state is None
    assert "PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS" not in elsewhere.environment


def test_secrets_are_made_up_once_and_only_the_owner_can_read_them(project: Project, stack: Stack) -> None:
    first, second = prepared(project, stack), prepared(project, stack)
    assert first.environment[URL] == second.environment[URL]
    assert len(first.environment[URL]) >= 16
    for name in ("secrets.json", "passphrase", "Pulumi.production.yaml"):
        assert stat.S_IMODE((first.home / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE(first.home.stat().st_mode) == 0o700
    assert json.loads((first.home / "secrets.json").read_text()) == {URL: first.environment[URL]}


def test_a_secret_that_the_caller_gives_goes_before_the_made_up_one_and_is_not_kept(
    project: Project, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, "planted-value")
    given = prepared(project, stack)
    assert given.environment[URL] == "planted-value"
    written = [file.read_text() for file in given.home.rglob("*") if file.is_file()]
    assert [text for text in written if "planted-value" in text] == []


def test_the_stack_file_comes_without_ciphertext_and_the_original_stays(project: Project, stack: Stack) -> None:
    copy = yaml.safe_load(prepared(project, stack).config_file.read_text())
    assert copy == {
        "config": {"slipway:environment": "production", "slipway:systems": {"sample": {}}, "other:key": "kept"}
    }
    assert (project.root / "Pulumi.production.yaml").read_text() == STACK


def test_the_sandboxs_own_salt_is_kept_from_run_to_run(project: Project, stack: Stack) -> None:
    file = prepared(project, stack).config_file
    file.write_text(f"encryptionsalt: v1:of-the-sandbox\n{file.read_text()}")
    assert yaml.safe_load(prepared(project, stack).config_file.read_text())["encryptionsalt"] == "v1:of-the-sandbox"


def test_no_file_is_left_half_written(project: Project, stack: Stack) -> None:
    home: Path = prepared(project, stack).home
    assert list(home.rglob("*.new")) == []
