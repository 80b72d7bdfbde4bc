"""The first way to get a program: it is on PATH already and new enough."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tools.engine import version
from tools.engine.errors import WayClosedError
from tools.engine.program import Program


def find(program: Program, *, skip: Path, search_path: str | None = None) -> Path:
    """The program's file on PATH.

    `skip` is the project's own `.venv/bin`, whose links point at what an earlier set-up chose.
    Raises WayClosedError, with the reason, when it is not there, too old, or lacks a program that must come with it.
    """
    folders = [
        folder
        for folder in (search_path if search_path is not None else os.environ.get("PATH", "")).split(os.pathsep)
        if folder and Path(folder).resolve() != skip.resolve()
    ]
    elsewhere = os.pathsep.join(folders)
    found = shutil.which(program.name, path=elsewhere)
    if found is None:
        raise WayClosedError("not on PATH")
    answer = version.ask(Path(found), program.ask)
    if not version.at_least(answer, program.minimum):
        said = ".".join(map(str, answer)) if answer else "no version"
        raise WayClosedError(f"{found} says {said}, and {program.minimum} is the oldest that works")
    for companion in program.needs_beside:
        if not (Path(found).resolve().parent / companion).exists() and shutil.which(companion, path=elsewhere) is None:
            raise WayClosedError(f"{found} has no {companion} beside it or on PATH")
    return Path(found)
