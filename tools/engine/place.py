"""Puts the programs into `.venv/bin`, so that an activated environment runs plain `pulumi` and `flyctl`.

Pulumi looks for its language host on PATH and beside the file that runs, and warns when the two differ. A CLI built
from Go modules comes without a host: it is hard-linked (or copied) into `.venv/bin`, beside the host of this project.
A vendor's CLI is linked symbolically, and no host of ours is put there, so that it finds the one it came with.
"""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

from tools.engine.obtain import Obtained

HOST = "pulumi-language-python"
STARTER = "pulumi-language-python-exec"


def place(obtained: Obtained, project: Path) -> None:
    """Make `.venv/bin/<name>` run the program; for a Pulumi CLI built from Go, its language host too."""
    folder = project / ".venv" / "bin"
    target = folder / obtained.program.name
    brings_host = HOST in obtained.program.needs_beside
    if obtained.origin == "go" and brings_host:
        _replace(target, lambda new: _hard_link(obtained.file, new))
        _replace(folder / STARTER, lambda new: _hard_link(obtained.file.with_name(STARTER), new))
        _replace(folder / HOST, lambda new: _write_host(new, project))
        return
    _replace(target, lambda new: new.symlink_to(obtained.file))
    if brings_host:
        for ours in (HOST, STARTER):
            (folder / ours).unlink(missing_ok=True)


def _replace(target: Path, make: Callable[[Path], object]) -> None:
    """`make` a new file and rename it over `target`: a running program keeps the old one, a kill leaves one of them."""
    new = target.with_name(f".{target.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    make(new)
    new.replace(target)


def _hard_link(original: Path, new: Path) -> None:
    try:
        os.link(original, new)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(original, new)


def _write_host(new: Path, project: Path) -> None:
    start = "import sys; sys.path.insert(0, sys.argv.pop(1)); from tools.engine.language_host import main; main()"
    python = shlex.quote(str(project / ".venv" / "bin" / "python"))
    new.write_text(
        "#!/bin/sh\n"
        "# The Python language host of a Pulumi CLI that was built from Go modules. Written by `make setup`.\n"
        f'exec {python} -I -c {shlex.quote(start)} {shlex.quote(str(project))} "$@"\n',
        encoding="utf-8",
    )
    new.chmod(0o755)
