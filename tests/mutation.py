"""Runs the component tests on copies of the project, one mistake in each.

Each run is a process forked after the slow imports, so that it costs little more than the tests until one fails.
Reads mistakes as JSON from standard input, writes what became of them to standard output: `python -m tests.mutation`.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COPIED = ("__main__.py", "pyproject.toml", "Pulumi*.yaml", "systems/*", "workers/**/*.mjs")
CODE = ("components", "planning", "tests")
SLOW = (
    *("hypothesis", "pulumi.runtime.mocks", "yaml"),
    *("fly.resources", "sandbox.sdk_types", "sandbox.values", "settings.load"),
)
SDK = (
    *("pulumi_cloudflare.dns_record", "pulumi_cloudflare.get_zone"),
    *("pulumi_cloudflare.workers_route", "pulumi_cloudflare.workers_script"),
    *("pulumi_digitalocean.app", "pulumi_digitalocean.uptime_alert", "pulumi_digitalocean.uptime_check"),
)
LONGEST = 120
"""Seconds until a run counts as hanging, and so as failed."""


@dataclass(frozen=True)
class Mutant:
    """`old`, which stands exactly once in the file, becomes `new`."""

    name: str
    file: str
    old: str
    new: str

    def suites(self) -> list[list[str]]:
        """The tests to run: first those of the mutated file, and when they pass all of components and planning."""
        *packages, module = self.file.split("/")
        own = "/".join(("tests", *packages, f"test_{module}"))
        if not (ROOT / own).exists():
            own = "tests/components/test_data_services.py"
        return [[own], ["tests/planning", "tests/components", "tests/test_main.py"]]


def outcomes(mutants: list[Mutant]) -> dict[str, tuple[int, str]]:
    """pytest's exit code and output by the mutant's name."""
    _import_what_is_slow()
    found: dict[str, tuple[int, str]] = {}
    running: dict[int, tuple[Mutant, Path]] = {}
    waiting = iter(mutants)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(os.cpu_count() or 1):
            _start(waiting, _copied(Path(folder) / str(number)), running)
        while running:
            pid, status = os.wait()
            if pid not in running:  # a process of a test before these
                continue
            mutant, copy = running.pop(pid)
            shutil.copyfile(ROOT / mutant.file, copy / mutant.file)
            found[mutant.name] = os.waitstatus_to_exitcode(status), (copy / "output").read_text()
            _start(waiting, copy, running)
    return found


def _import_what_is_slow() -> None:
    sdk = importlib.import_module("components.sdk")
    for name in SLOW:
        importlib.import_module(name)
    for name in SDK:
        sdk.load(name)
    for name in list(sys.modules):
        if name.partition(".")[0] in CODE and name != __name__:
            del sys.modules[name]


def _copied(folder: Path) -> Path:
    patterns = (*COPIED, *(f"{package}/**/*.{kind}" for package in CODE for kind in ("py", "ambr")))
    for file in (file for pattern in patterns for file in ROOT.glob(pattern)):
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return folder


def _start(waiting: Iterator[Mutant], copy: Path, running: dict[int, tuple[Mutant, Path]]) -> None:
    mutant = next(waiting, None)
    if mutant is None:
        return
    file = copy / mutant.file
    file.write_text(file.read_text().replace(mutant.old, mutant.new))
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(_run(mutant, copy))
        finally:
            (copy / "output").write_text(traceback.format_exc())
            os._exit(os.EX_SOFTWARE)
    running[pid] = mutant, copy


def _run(mutant: Mutant, copy: Path) -> int:
    signal.alarm(LONGEST)
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    sys.dont_write_bytecode = True
    with (copy / "output").open("w") as output, contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        plugins = ("--assert=plain", "-p", "no:cacheprovider", "-n", "0", "--hypothesis-seed=0")
        codes = (int(pytest.main(["-x", "--tb=line", *plugins, *suite])) for suite in mutant.suites())
        return next(filter(None, codes), 0)


def as_json(mutants: list[Mutant]) -> str:
    """What standard input takes."""
    return json.dumps([asdict(mutant) for mutant in mutants])


if __name__ == "__main__":
    asked = [Mutant(**mutant) for mutant in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(outcomes(asked)))
