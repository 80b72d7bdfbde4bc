"""The language host over its gRPC contract, in this process, with a shell script in the place of Python."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

from tools.engine.host_server import LanguageHost, how_it_ended, serve

Script = Callable[[Path, str], Path]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[LanguageHost]:
    served = serve(["-v=9", "--tracing", "file:./trace", "127.0.0.1:2"], tmp_path / "starter")
    yield served
    served.close()


@pytest.fixture
def client(host: LanguageHost) -> Iterator[language_pb2_grpc.LanguageRuntimeStub]:
    with grpc.insecure_channel(f"127.0.0.1:{host.port}") as channel:
        yield language_pb2_grpc.LanguageRuntimeStub(channel)


@pytest.fixture
def python(script: Script, tmp_path: Path) -> Callable[[str], language_pb2.ProgramInfo]:
    """Makes a program whose Python is a shell script."""

    def make(body: str) -> language_pb2.ProgramInfo:
        script(tmp_path / ".venv/bin/python", body)
        info = language_pb2.ProgramInfo(root_directory=str(tmp_path), program_directory=str(tmp_path))
        info.options.update({"virtualenv": ".venv"})
        return info

    return make


Python = Callable[[str], language_pb2.ProgramInfo]


def run(client: language_pb2_grpc.LanguageRuntimeStub, info: language_pb2.ProgramInfo) -> tuple[str, bool]:
    answer = client.Run(language_pb2.RunRequest(info=info, pwd=info.root_directory))
    return answer.error, answer.bail


def test_a_program_that_succeeds_answers_no_error(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python
) -> None:
    assert run(client, python("exit 0")) == ("", False)


def test_a_program_that_fails_answers_its_exit_code(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python
) -> None:
    assert run(client, python("exit 7")) == ("Program exited with non-zero exit code: 7", False)


def test_an_error_the_user_has_seen_is_not_reported_again(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python
) -> None:
    assert run(client, python("exit 32")) == ("", True)


def test_a_program_that_was_killed_answers_the_signal() -> None:
    assert how_it_ended(-9) == "Program was ended by signal 9"


def test_a_program_that_cannot_start_answers_why(client: language_pb2_grpc.LanguageRuntimeStub, tmp_path: Path) -> None:
    info = language_pb2.ProgramInfo(root_directory=str(tmp_path))
    info.options.update({"virtualenv": "missing"})
    error, bail = run(client, info)
    assert (error.endswith("is not a virtual environment: run `make setup`."), bail) == (True, False)


def test_flags_before_the_engines_address_are_understood(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python, tmp_path: Path
) -> None:
    run(client, python(f'echo "$@" > {tmp_path}/called'))
    called = (tmp_path / "called").read_text().split()
    assert called[called.index("--engine") + 1] == "127.0.0.1:2"
    assert called[called.index("--tracing") + 1] == "file:./trace"


def test_an_engine_that_attaches_says_where_it_is(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python, tmp_path: Path
) -> None:
    client.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:9"))
    run(client, python(f'echo "$@" > {tmp_path}/called'))
    assert "--engine 127.0.0.1:9" in (tmp_path / "called").read_text()


def test_what_a_policy_pack_prints_is_streamed_and_its_exit_code_comes_last(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python, tmp_path: Path
) -> None:
    info = python("echo 4242; echo trouble >&2; exit 3")
    request = language_pb2.RunPluginRequest(info=info, kind="analyzer", pwd=str(tmp_path))
    answers = list(client.RunPlugin(request))
    assert b"".join(answer.stdout for answer in answers) == b"4242\n"
    assert b"".join(answer.stderr for answer in answers) == b"trouble\n"
    assert answers[-1].exitcode == 3


def test_a_policy_pack_ends_when_the_engine_hangs_up(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python, tmp_path: Path
) -> None:
    info = python("echo $$; exec sleep 60")
    stream = client.RunPlugin(language_pb2.RunPluginRequest(info=info, kind="analyzer", pwd=str(tmp_path)))
    process = int(next(iter(stream)).stdout)
    stream.cancel()
    assert_ends(process)


def test_a_program_that_runs_ends_with_its_host(
    host: LanguageHost, client: language_pb2_grpc.LanguageRuntimeStub, python: Python, tmp_path: Path
) -> None:
    info = python(f"echo $$ > {tmp_path}/pid.new; mv {tmp_path}/pid.new {tmp_path}/pid; exec sleep 60")
    running = client.Run.future(language_pb2.RunRequest(info=info, pwd=str(tmp_path)))
    while not (tmp_path / "pid").exists():
        time.sleep(0.01)
    assert running.running()
    host.close()
    assert_ends(int((tmp_path / "pid").read_text()))


def test_a_program_that_runs_ends_when_the_engine_hangs_up(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python, tmp_path: Path
) -> None:
    info = python(f"echo $$ > {tmp_path}/pid.new; mv {tmp_path}/pid.new {tmp_path}/pid; exec sleep 60")
    running = client.Run.future(language_pb2.RunRequest(info=info, pwd=str(tmp_path)))
    while not (tmp_path / "pid").exists():
        time.sleep(0.01)
    running.cancel()
    assert_ends(int((tmp_path / "pid").read_text()))


def test_attached_providers_are_not_required_as_plugins(
    client: language_pb2_grpc.LanguageRuntimeStub, python: Python, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = python("exit 1")
    (tmp_path / ".venv/pyvenv.cfg").touch()
    for name in ("cloudflare", "digitalocean"):
        package = tmp_path / f".venv/lib/python3.11/site-packages/pulumi_{name}"
        package.mkdir(parents=True)
        (package / "pulumi-plugin.json").write_text(f'{{"resource": true, "name": "{name}", "version": "1.0.0"}}')
    monkeypatch.setenv("PULUMI_DEBUG_PROVIDERS", "digitalocean:1")
    answer = client.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=info))
    assert [package.name for package in answer.packages] == ["cloudflare"]


def test_the_host_has_the_version_of_its_cli(client: language_pb2_grpc.LanguageRuntimeStub) -> None:
    assert client.GetPluginInfo(Empty()).version == "3.259.0"


def test_installing_is_left_to_make_setup(client: language_pb2_grpc.LanguageRuntimeStub) -> None:
    (answer,) = client.InstallDependencies(language_pb2.InstallDependenciesRequest())
    assert answer.stdout == b"The Python packages of this project come from `make setup`: nothing to install.\n"


def assert_ends(process: int) -> None:
    """Wait for a process that is not this one's to reap; fails by the test's time-out when it stays."""
    while True:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
