import json
from pathlib import Path

import pytest
from pulumi.runtime.proto import language_pb2

from tools.engine.program_call import CannotRunError, analyzer_call, program_call, provider_call, python_of

STARTER = Path("/opt/pulumi-language-python-exec")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with a virtual environment."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    (tmp_path / ".venv/pyvenv.cfg").touch()
    return tmp_path


def info(project: Path, **options: str) -> language_pb2.ProgramInfo:
    made = language_pb2.ProgramInfo(
        root_directory=str(project), program_directory=str(project / "pack"), entry_point="."
    )
    made.options.update(options)
    return made


def run_request(project: Path, **fields: object) -> language_pb2.RunRequest:
    return language_pb2.RunRequest(
        **{
            "monitor_address": "127.0.0.1:1",
            "project": "slipway",
            "stack": "production",
            "pwd": str(project),
            "dryRun": True,
            "parallel": 8,
            "organization": "acme",
            "info": info(project, virtualenv=".venv"),
            **fields,
        }
    )


def test_a_program_is_started_with_all_the_engine_says(project: Path) -> None:
    call = program_call(run_request(project), STARTER, "127.0.0.1:2", "")
    assert call.argv == (
        *(str(project / ".venv/bin/python"), "-u", str(STARTER)),
        *("--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2", "--project", "slipway"),
        *("--root_directory", str(project), "--stack", "production", "--pwd", str(project)),
        *("--dry_run", "true", "--parallel", "8", "--organization", "acme", "."),
    )
    assert call.cwd == project


def test_an_update_is_no_dry_run(project: Path) -> None:
    argv = program_call(run_request(project, dryRun=False), STARTER, "", "").argv
    assert argv[argv.index("--dry_run") + 1] == "false"


def test_config_goes_into_the_environment_and_never_into_an_argument(project: Path) -> None:
    request = run_request(project, config={"slipway:token": "s3cret"}, configSecretKeys=["slipway:token"])
    call = program_call(request, STARTER, "", "")
    assert json.loads(call.env["PULUMI_CONFIG"]) == {"slipway:token": "s3cret"}
    assert json.loads(call.env["PULUMI_CONFIG_SECRET_KEYS"]) == ["slipway:token"]
    assert "s3cret" not in " ".join(call.argv)


def test_the_programs_environment_is_activated_and_writes_bytecode(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    env = program_call(run_request(project), STARTER, "", "").env
    assert env["PATH"] == f"{project}/.venv/bin:/usr/bin"
    assert env["VIRTUAL_ENV"] == f"{project}/.venv"
    assert not {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME"} & set(env)


def test_a_policy_pack_is_run_by_the_sdk_with_the_engines_arguments_first(project: Path) -> None:
    request = language_pb2.RunPluginRequest(
        pwd=str(project), args=["127.0.0.1:2"], env=["A=b=c"], kind="analyzer", info=info(project, virtualenv=".venv")
    )
    call = analyzer_call(request)
    assert call.argv[1:] == ("-u", "-m", "pulumi.policy", "127.0.0.1:2", str(project / "pack"))
    assert call.env["A"] == "b=c"


def test_a_provider_is_its_folder_run_as_a_program(project: Path) -> None:
    request = language_pb2.RunPluginRequest(
        pwd=str(project), args=["127.0.0.1:2"], kind="resource", info=info(project, virtualenv=".venv")
    )
    assert provider_call(request).argv[1:] == ("-u", str(project / "pack"), "127.0.0.1:2")


def test_a_missing_virtual_environment_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError) as refused:
        python_of(info(tmp_path, virtualenv=".venv"))
    assert str(refused.value) == (
        f"runtime.options.virtualenv is '.venv', and {tmp_path}/.venv is not a virtual environment: run `make setup`."
    )


def test_a_toolchain_that_is_not_served_is_refused_with_a_way_out(project: Path) -> None:
    with pytest.raises(CannotRunError) as refused:
        python_of(info(project, toolchain="poetry"))
    assert str(refused.value) == (
        "runtime.options.toolchain is 'poetry': this language host knows `virtualenv` only. "
        "Leave it out, or install the vendor's Pulumi CLI."
    )


def test_without_a_virtual_environment_python_comes_from_path(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = project / "python3"
    python.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(project))
    assert python_of(info(project)) == python
