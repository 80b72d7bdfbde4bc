"""Dependencies point one way, one place a layer starts processes, and no file knows the machine it was written on."""

from __future__ import annotations

import ast
import functools
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).resolve().parents[1]

MAY_IMPORT = {
    "edge": set(),
    "settings": {"edge"},
    "planning": {"settings", "edge"},
    "components": {"settings", "planning", "fly.resources"},
    "fly": set(),
    "sandbox": set(),
    "ops": {"settings", "planning", "edge", "sandbox", "fly", "inventory", "prices", "policies", "report"},
    "inventory": {"settings", "planning", "edge"},
    "prices": {"inventory", "settings", "planning", "edge"},
    "policies": {"inventory", "settings", "planning", "edge", "prices"},
    "tools.commands": set(),
    "report": {"inventory", "policies", "prices"},
    "tools.engine": set(),
    "tools.bench": {"settings", "planning", "sandbox", "ops"},
}
"""By package, what of the project it may import beside itself: packages, or single modules of one."""

PROCESSES = {"ops/engine.py", "fly/runner.py", "sandbox/control.py", "ops/deployment/commit.py"}
"""The modules that start processes, beside those of tools/."""

PUBLIC = {"pypi.org", "proxy.golang.org", "registry.npmjs.org"}

_STARTS = re.compile(
    r"^(subprocess|pty|multiprocessing|asyncio\.create_subprocess\w+)\b|^os\.(system|popen|exec\w+|spawn\w+|posix_spawnp?|fork\w*)$"
)
_EVERYDAY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package.replace(".", "/")).rglob("*.py"))


@functools.cache
def uses(file: Path) -> tuple[frozenset[str], frozenset[str]]:
    """What a module imports, at its top or anywhere in it, as modules and names; and the names it has after a dot."""
    imports: set[str] = set()
    dotted: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imports |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            imports |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            dotted.add(f"{node.value.id}.{node.attr}")
    return frozenset(imports), frozenset(dotted)


def imported(file: Path) -> list[str]:
    return sorted(uses(file)[0])


def within(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@functools.cache
def tracked() -> tuple[Path, ...]:
    """The text files of the repository that people read and write."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    made = {".txt", ".png", ".ico", ".woff2"}
    files = (ROOT / name for name in names.split("\0") if name)
    return tuple(file for file in files if file.is_file() and file.suffix not in made and "lock" not in file.name)


def lines_that_match(pattern: str) -> list[str]:
    """`file:line` of every match in a file of the repository, this one aside."""
    expression = re.compile(pattern)
    return [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked()
        if file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if expression.search(line)
    ]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_dependencies_point_one_way(package: str) -> None:
    ours = {name.partition(".")[0] for name in MAY_IMPORT} | {"tests"}
    allowed = MAY_IMPORT[package] | {package}
    strays = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file in modules(package)
        for module in imported(file)
        if within(module, ours) and not within(module, allowed)
    ]
    assert strays == []


def test_every_package_has_its_place_in_the_order() -> None:
    packages = {file.parts[0] for file in (path.relative_to(ROOT) for path in tracked()) if file.suffix == ".py"}
    assert packages - {"tests", "__main__.py"} <= {package.partition(".")[0] for package in MAY_IMPORT}


@pytest.mark.parametrize("package", ["settings", "planning", "edge", "inventory", "prices", "report"])
def test_what_is_pure_knows_neither_engine_nor_clock_nor_processes(package: str) -> None:
    strays = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file in modules(package)
        for module in imported(file)
        if module.partition(".")[0] in {"pulumi", "grpc", "subprocess", "time", "random", "socket", "urllib3"}
    ]
    assert strays == []


def test_processes_are_started_in_one_place_a_layer() -> None:
    starting = {
        str(file.relative_to(ROOT))
        for package in MAY_IMPORT
        if not package.startswith("tools.")
        for file in modules(package)
        if any(_STARTS.match(name) for names in uses(file) for name in names)
    }
    assert starting == PROCESSES


def test_no_module_is_named_for_anything_that_does_not_fit_elsewhere() -> None:
    assert [str(file) for file in tracked() if _EVERYDAY_NAMES & {file.stem, file.parent.name}] == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    places = ("root", "work", "Users", "private", "mnt")
    assert lines_that_match(rf"(?<![\w.~{{}}*:-])/({'|'.join(places)})/\w") == []


def test_no_file_takes_packages_from_anywhere_but_the_public_registries() -> None:
    assert lines_that_match(r"(--(extra-)?index-url|--find-links|GOPROXY=|npm_config_registry)\s*=?\s*https?://") == []
    set_here = [
        os.environ.get(name, "") for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "GOPROXY", "NPM_CONFIG_REGISTRY")
    ]
    hosts = {urlsplit(address).hostname for value in set_here for address in value.split(",")} - PUBLIC - {None}
    assert [line for host in sorted(hosts) for line in lines_that_match(re.escape(host))] == []
