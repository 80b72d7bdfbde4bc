"""The third way to get a program: build it from the Go module proxy, at a pinned version.

`go install <module>@<version>` refuses modules with replace directives, so a small module that requires the pinned
one is built instead. Its go.sum starts with the pinned module's hash; Go checks the rest against its checksum database.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tools.engine import command, machine, pins
from tools.engine.console import Console
from tools.engine.errors import WayClosedError
from tools.engine.program import Program

# A workspace or a module mode of the user's own must not reach the build.
GO_SETTINGS = {"GOWORK": "off", "GO111MODULE": "on"}


def build(program: Program, folder: Path, console: Console) -> None:
    """Put the built program and its extra files into `folder`.

    Raises WayClosedError, or NoDiskSpaceError before it starts.
    """
    go = shutil.which("go")
    if go is None:
        raise WayClosedError("Go is not installed")
    for cache in ("GOMODCACHE", "GOCACHE"):
        place = command.first_line([go, "env", cache], timeout_seconds=30)
        machine.require_free_space(Path(place or Path.home()), pins.BUILD_NEEDS_BYTES, f"Building {program.title}")
    source = folder / "source"
    source.mkdir()
    _write_module(program, source)
    console.line(
        f"      building {program.title} {program.version} with Go: about {program.go.minutes} minutes on 2 cores, "
        "once for all clones of this user"
    )
    _compile(program, go, source, folder / program.name, console)
    for name, origin in program.go.extra_files.items():
        module, _, path = origin.partition(":")
        _copy_from_module(go, source, module, path, folder / name)
    shutil.rmtree(source)


def _write_module(program: Program, source: Path) -> None:
    module = program.go
    tag = f"v{program.version}"
    (source / "go.mod").write_text(
        f"module slipway.dev/engine\n\ngo {module.go_version}\n\nrequire {module.path} {tag}\n", encoding="utf-8"
    )
    (source / "go.sum").write_text(f"{module.path} {tag} {module.module_hash}\n", encoding="utf-8")


def _compile(program: Program, go: str, source: Path, target: Path, console: Console) -> None:
    downloads = 0
    packages = 0

    def count(line: str) -> None:
        nonlocal downloads, packages
        if line.startswith("go: downloading "):
            downloads += 1
        elif "/" in line and " " not in line:
            packages += 1

    argv: list[str | Path] = [go, "build", "-mod=mod", "-v", "-tags", program.go.tags, "-o", target]
    argv += ["-ldflags", program.go.ldflags.format(version=program.version), program.go.package]
    with console.ticking(
        lambda: f"{downloads} modules downloaded, {packages} of {program.go.packages} packages compiled"
    ):
        outcome = command.run(argv, cwd=source, env=GO_SETTINGS, on_line=count)
    if outcome.code != 0:
        complaints = [line for line in outcome.tail if " " in line and not line.startswith("go: downloading ")]
        raise WayClosedError(f"go build ended with {outcome.code}: {' | '.join(complaints[-3:]) or 'no message'}")


def _copy_from_module(go: str, source: Path, module: str, path: str, target: Path) -> None:
    outcome = command.run([go, "list", "-mod=mod", "-m", "-f", "{{.Dir}}", module], cwd=source, env=GO_SETTINGS)
    original = Path(outcome.tail[-1] if outcome.tail else os.devnull) / path
    if outcome.code != 0 or not original.is_file():
        raise WayClosedError(f"module {module} holds no {path}")
    shutil.copyfile(original, target)
    target.chmod(0o755)
