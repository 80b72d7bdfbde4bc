"""`make bench`: what the rehearsal and the preview cost on this machine, as times and as ratios taken in one run.

Ratios are of medians of alternating runs, because machines are noisy and get slower and faster as a whole.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ops.sandbox import surround

ROOT: Final = Path(__file__).resolve().parent.parent
PULUMI: Final = (ROOT / ".venv" / "bin" / "pulumi", "--non-interactive")
ROUNDS: Final = 5
PREVIEW_LIMIT: Final = 2.0
REHEARSAL_SECONDS: Final = 90.0


@dataclass
class Measured:
    """The runs of one command: seconds each, and the peak memory of its largest process in MB."""

    name: str
    seconds: list[float] = field(default_factory=list)
    memory_mb: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def run(self, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
        """Run the command once more. Exits with its output when it fails."""
        started = time.monotonic()
        memory = _run(command, folder, environment)
        self.seconds.append(time.monotonic() - started)
        self.memory_mb = max(self.memory_mb, memory)

    def __str__(self) -> str:
        low, high = min(self.seconds), max(self.seconds)
        return f"{self.name:<44} {self.median:6.2f} s  ({low:.2f} to {high:.2f})  {self.memory_mb:4.0f} MB"


def main() -> None:
    """Measure in copies, print, and remove what was made."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    project = folder / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(".git", ".venv", ".slipway", "__pycache__", "tests"))
    (project / ".venv").symlink_to(ROOT / ".venv")
    shell = {**_without_pulumi(os.environ), "PYTHONPATH": str(project)}
    try:
        _rehearsals(project, shell)
        _previews(project, shell, folder / "empty")
        _verbs(project, shell)
    finally:
        _run([project / "slipway", "sandbox", "stop", "--remove"], project, shell)
        shutil.rmtree(folder, ignore_errors=True)


def _rehearsals(project: Path, shell: Mapping[str, str]) -> None:
    first, again = Measured("make rehearse, nothing deployed before"), Measured("make rehearse, again")
    for measured in (first, again):
        measured.run([project / "slipway", "rehearse"], project, shell)
        _print(str(measured))
    _print(f"  {_within(first.median, REHEARSAL_SECONDS)} the {REHEARSAL_SECONDS:.0f} s set for production\n")


def _previews(project: Path, shell: Mapping[str, str], empty: Path) -> None:
    """The same CLI, language host and state backend; the one program has everything in it, the other nothing."""
    _, surroundings, _ = surround(project, "production")
    rehearsal = {**surroundings.environment, "PYTHONPATH": str(project)}
    config = ["--config-file", str(surroundings.config_file)]
    of_empty = _empty_project(empty, shell)
    production, nothing = Measured("pulumi preview of production"), Measured("pulumi preview of an empty program")
    for _ in range(ROUNDS):
        production.run([*PULUMI, "preview", "--stack", "production", *config], project, rehearsal)
        nothing.run([*PULUMI, "preview", "--stack", "empty"], empty, of_empty)
    ratio = production.median / nothing.median
    _print(f"{production}\n{nothing}")
    _print(f"  ratio {ratio:.2f}, {_within(ratio, PREVIEW_LIMIT)} {PREVIEW_LIMIT}\n")


def _verbs(project: Path, shell: Mapping[str, str]) -> None:
    for verb in ("--help", "check"):
        measured = Measured(f"./slipway {verb}")
        for _ in range(ROUNDS):
            measured.run([project / "slipway", verb], project, shell)
        _print(str(measured))


def _empty_project(folder: Path, shell: Mapping[str, str]) -> dict[str, str]:
    """Make a project whose program only imports Pulumi; the environment to run it in."""
    (folder / "state").mkdir(parents=True)
    options = f"name: python\n  options:\n    virtualenv: {ROOT / '.venv'}\n"
    (folder / "Pulumi.yaml").write_text(f"name: empty\nruntime:\n  {options}")
    (folder / "__main__.py").write_text("import pulumi\n")
    environment = {
        **shell,
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "empty",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    _run([*PULUMI, "stack", "init", "empty"], folder, environment)
    return environment


def _run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> float:
    """Run one command to its end; the peak memory in MB. Exits with its output when it fails."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output.read().decode()}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss / unit


def _without_pulumi(environment: Mapping[str, str]) -> dict[str, str]:
    own = ("PULUMI_", "SLIPWAY_")
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith(own) and name != "PYTHONDONTWRITEBYTECODE"
    }


def _within(value: float, limit: float) -> str:
    return "within" if value <= limit else "NOT within"


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
