import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.engine import go_modules, pins
from tools.engine.console import Console
from tools.engine.errors import NoDiskSpaceError, WayClosedError
from tools.engine.program import Program

Script = Callable[[Path, str], Path]

# Like `go`: build writes what it was asked to build, list names the module's folder.
GO = """
case $1 in
  env) echo {caches} ;;
  build)
    cat go.mod go.sum > {log}
    echo "$@" >> {log}
    echo "go: downloading example.com/x v1.0.0" >&2
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\n' > "$2" ;;
  list) echo {module} ;;
esac
"""


@pytest.fixture
def go(script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for Go on PATH; the file that records how it was called."""
    module = tmp_path / "module"
    (module / "python/cmd").mkdir(parents=True)
    (module / "python/cmd/pulumi-language-python-exec").write_text("starter")
    log = tmp_path / "log"
    script(tmp_path / "bin" / "go", GO.format(caches=tmp_path, log=log, module=module))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(pins, "BUILD_NEEDS_BYTES", 1)
    return log


def test_the_pinned_module_is_built_with_its_hash_and_version(
    tool: Program, go: Path, console: Console, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    go_modules.build(tool, target, console)
    assert sorted(file.name for file in target.iterdir()) == ["pulumi-language-python-exec", "tool"]
    called = go.read_text()
    assert "require github.com/pulumi/pulumi/pkg/v3 v2.1.0\n" in called
    assert f"github.com/pulumi/pulumi/pkg/v3 v2.1.0 {tool.go.module_hash}\n" in called
    assert "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v2.1.0" in called


def test_without_go_the_way_is_closed(
    tool: Program, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(WayClosedError, match=r"^Go is not installed$"):
        go_modules.build(tool, tmp_path, console)


def test_a_failed_build_says_what_go_said(
    tool: Program, go: Path, script: Script, console: Console, tmp_path: Path
) -> None:
    script(
        tmp_path / "bin" / "go",
        f'[ "$1" = env ] && echo {tmp_path} && exit\n'
        'echo "go: go.mod requires go >= 1.26.1 (running go 1.20)" >&2; exit 1',
    )
    (tmp_path / "target").mkdir()
    with pytest.raises(WayClosedError) as refused:
        go_modules.build(tool, tmp_path / "target", console)
    assert str(refused.value) == "go build ended with 1: go: go.mod requires go >= 1.26.1 (running go 1.20)"


def test_a_build_that_the_disk_cannot_hold_is_not_begun(
    tool: Program, go: Path, console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pins, "BUILD_NEEDS_BYTES", 4 * 1024**3)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10, 9, 1024**3))
    with pytest.raises(NoDiskSpaceError) as refused:
        go_modules.build(tool, tmp_path, console)
    assert str(refused.value) == (
        f"Building Tool needs 4.0 GB of free disk space; {tmp_path} has 1.0 GB.\n"
        "Free some space, or point XDG_CACHE_HOME (this project), GOMODCACHE and GOCACHE (Go) at a larger disk."
    )
    assert refused.value.exit_code == 23
    assert not go.exists()
