"""What is installed for a program: Pulumi packages with their plugins, and Python packages at large."""

from __future__ import annotations

import base64
import importlib.metadata
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from pulumi.runtime.proto import plugin_pb2


def site_packages(python: Path) -> Path:
    """The folder a Python's packages are installed in; without starting it when it is of a virtual environment."""
    for folder in python.parent.parent.glob("lib/python3*/site-packages"):
        if (python.parent.parent / "pyvenv.cfg").exists():
            return folder
    ask = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    done = subprocess.run(ask, capture_output=True, text=True, check=True)  # noqa: S603 - the program's own Python
    return Path(done.stdout.strip())


def attached_providers() -> frozenset[str]:
    """The names in PULUMI_DEBUG_PROVIDERS (`name:port,…`): their providers run already."""
    entries = os.environ.get("PULUMI_DEBUG_PROVIDERS", "").split(",")
    return frozenset(entry.partition(":")[0] for entry in entries if entry)


def pulumi_packages(folder: Path) -> list[plugin_pb2.PackageDependency]:
    """The packages in `folder` that come with a resource plugin, by their pulumi-plugin.json, sorted by name."""
    found = []
    for file in sorted(folder.glob("*/pulumi-plugin.json")):
        described = json.loads(file.read_text(encoding="utf-8"))
        if not described.get("resource"):
            continue
        package = plugin_pb2.PackageDependency(
            name=described.get("name") or file.parent.name.removeprefix("pulumi_").replace("_", "-"),
            kind="resource",
            version="v" + (described.get("version") or _version_of(file.parent)).removeprefix("v"),
            server=described.get("server", ""),
        )
        if parameters := described.get("parameterization"):
            package.parameterization.name = parameters["name"]
            package.parameterization.version = parameters["version"]
            package.parameterization.value = base64.b64decode(parameters["value"])
        found.append(package)
    return found


def distributions(folder: Path, *, transitive: bool) -> list[tuple[str, str]]:
    """(name, version) of the Python packages in `folder`, sorted; without `transitive`, those no other requires."""
    every = list(importlib.metadata.distributions(path=[str(folder)]))
    required = set() if transitive else {_normal(name) for package in every for name in _requires(package)}
    return sorted((package.name, package.version) for package in every if _normal(package.name) not in required)


def _requires(package: importlib.metadata.Distribution) -> Iterator[str]:
    for requirement in package.requires or ():
        if "extra ==" not in requirement and (name := re.match(r"[\w.-]+", requirement)):
            yield name[0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _version_of(package: Path) -> str:
    (found,) = importlib.metadata.distributions(name=package.name, path=[str(package.parent)])
    return found.version
