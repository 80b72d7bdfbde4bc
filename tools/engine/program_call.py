"""From the engine's request to the program that is started: pure, but for a look at what is on disk."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf.json_format import MessageToDict

from tools.engine.children import Call

if TYPE_CHECKING:
    from pulumi.runtime.proto import language_pb2


class CannotRunError(Exception):
    """The program cannot be started as the project file says; the message is for the user."""


def python_of(info: language_pb2.ProgramInfo) -> Path:
    """The Python for a program: of its `virtualenv` option (below the folder of its project file), else from PATH."""
    options = MessageToDict(info.options)
    toolchain = options.get("toolchain", "pip")
    if toolchain != "pip":
        message = (
            f"runtime.options.toolchain is {toolchain!r}: this language host knows `virtualenv` only. "
            "Leave it out, or install the vendor's Pulumi CLI."
        )
        raise CannotRunError(message)
    if "virtualenv" in options:
        folder = Path(info.root_directory) / str(options["virtualenv"])
        python = folder / "bin" / "python"
        if not python.exists():
            message = (
                f"runtime.options.virtualenv is {options['virtualenv']!r}, and {folder} is not a virtual environment: "
                "run `make setup`."
            )
            raise CannotRunError(message)
        return python
    return Path(shutil.which("python3") or shutil.which("python") or sys.executable)


def program_call(request: language_pb2.RunRequest, starter: Path, engine_address: str, tracing: str) -> Call:
    """How the SDK's `starter` runs a program. Config, which may hold secrets, goes into the environment."""
    python = python_of(request.info)
    options = {
        "monitor": request.monitor_address,
        "engine": engine_address,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "tracing": tracing,
        "organization": request.organization,
    }
    argv = [str(python), "-u", str(starter)]
    for name, value in options.items():
        argv += [f"--{name}", value] if value else []
    argv += [request.info.entry_point or request.program or ".", *request.args]
    config = {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }
    return Call(tuple(argv), {**_environment(python, os.environ), **config}, Path(request.pwd))


def analyzer_call(request: language_pb2.RunPluginRequest) -> Call:
    """How the SDK runs a policy pack: `python -m pulumi.policy <engine's arguments> <pack's folder>`."""
    return _plugin_call(request, ["-m", "pulumi.policy", *request.args, request.info.program_directory])


def provider_call(request: language_pb2.RunPluginRequest) -> Call:
    """How a provider with a PulumiPlugin.yaml runs: its folder, as a program."""
    return _plugin_call(request, [request.info.program_directory, *request.args])


def _plugin_call(request: language_pb2.RunPluginRequest, arguments: list[str]) -> Call:
    python = python_of(request.info)
    given = dict(entry.split("=", 1) for entry in request.env)
    return Call((str(python), "-u", *arguments), _environment(python, {**os.environ, **given}), Path(request.pwd))


def _environment(python: Path, base: Mapping[str, str]) -> dict[str, str]:
    """`base`, with the virtual environment of `python` activated and bytecode written."""
    dropped = ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")
    env = {name: value for name, value in base.items() if name not in dropped}
    if (python.parent.parent / "pyvenv.cfg").exists():
        env["VIRTUAL_ENV"] = str(python.parent.parent)
        env["PATH"] = os.pathsep.join(filter(None, (str(python.parent), base.get("PATH"))))
    return env
