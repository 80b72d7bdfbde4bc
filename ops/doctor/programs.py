"""The programs and packages that the verbs run with, and their versions."""

from __future__ import annotations

import asyncio
import importlib.metadata
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from fly.answers import parsed_object
from fly.commands.version import show_version
from fly.errors import FlyError
from fly.runner import Runner
from fly.version import MINIMUM, Version, is_supported
from ops.doctor.finding import Finding
from ops.engine import Engine
from ops.errors import OperationError

_SET_UP: Final = "run: make setup"
_PINNED: Final = ("pulumi", "pulumi-cloudflare", "pulumi-digitalocean", "pydantic", "typer")
_OPTIONAL: Final[Mapping[str, str]] = {
    "git": "noting in the history what was deployed",
    "node": "the tests of the edge's Workers",
    "promtool": "judging the alert rules",
    "amtool": "judging the alert routes",
    "k6": "running an exported load test on several machines",
}


def programs(root: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """What has to be there, then what only some verbs use."""
    yield Finding("programs", "python", "ok", f"{platform.python_version()} at {sys.executable}")
    yield _pulumi(root, environment)
    yield _flyctl(environment)
    yield from _packages(root)
    for name, use in _OPTIONAL.items():
        place = shutil.which(name, path=environment.get("PATH"))
        if place:
            yield Finding("programs", name, "ok", place)
        else:
            yield Finding("programs", name, "note", "not there", f"only {use} needs it")


def _pulumi(root: Path, environment: Mapping[str, str]) -> Finding:
    try:
        version = Engine(root, "doctor", environment).version()
    except OperationError as error:
        return Finding("programs", "pulumi", "bad", str(error), _SET_UP)
    return Finding("programs", "pulumi", "ok", version)


def _flyctl(environment: Mapping[str, str]) -> Finding:
    command = show_version()

    async def ask(folder: str) -> str:
        told = await Runner("flyctl", environment, Path(folder)).run(command)
        return parsed_object(command, told.stdout, Version).Version

    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        try:
            version = asyncio.run(ask(folder))
        except FlyError as error:
            return Finding("programs", "flyctl", "bad", str(error), _SET_UP)
    if not is_supported(version):
        least = ".".join(map(str, MINIMUM))
        return Finding("programs", "flyctl", "bad", f"{version} is older than {least}", _SET_UP)
    return Finding("programs", "flyctl", "ok", version)


def _packages(root: Path) -> Iterator[Finding]:
    """Those whose version matters most, against the lock file."""
    text = (root / "requirements.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))
    for name in _PINNED:
        what = f"package {name}"
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding("programs", what, "bad", "not installed", _SET_UP)
            continue
        if version == locked.get(name):
            yield Finding("programs", what, "ok", version)
        else:
            yield Finding("programs", what, "bad", f"{version}, and requirements.txt has {locked.get(name)}", _SET_UP)
