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
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
PREVIEW_LIMIT = 2.0
REHEARSAL_SECONDS = 90.0


@dataclass
class Measured:
    """The runs of one command: seconds each, and the peak memory of its largest process in MB."""

    name: str
    seconds: list[float] = field(default_factory=list)
    memory_mb: float = 0.0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        low, high = min(self.seconds), max(self.seconds)
        return f"{self.name:<44} {self.median:6.2f} s  ({low:.2f} to {high:.2f})  {self.memory_mb:4.0f} MB"


def main() -> None:
    """Measure, print, and remove what was made."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-bench-"))
    project = folder / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(".git", ".venv", ".slipway", "__pycache__", "tests"))
    (project / ".venv").symlink_to(ROOT / ".venv")
    try:
        _measure(project, _empty_project(folder / "empty"))
    finally:
        _run([project / "slipway", "sandbox", "stop", "--remove"], project, project)
        shutil.rmtree(folder, ignore_errors=True)


def _measure(project: Path, empty: Path) -> None:
    first = _timed("make rehearse, nothing deployed before", [project / "slipway", "rehearse"], project, project)
    again = _timed("make rehearse, again", [project / "slipway", "rehearse"], project, project)
    say = sys.stdout.write
    for measured in (first, again):
        say(f"{measured}\n")
    within = "within" if first.median <= REHEARSAL_SECONDS else "NOT within"
    say(f"  {within} the {REHEARSAL_SECONDS:.0f} s that a rehearsal of production may take\n\n")

    preview = Measured("pulumi preview of production")
    nothing = Measured("pulumi preview of an empty program")
    for _ in range(ROUNDS):
        _add(preview, [project / "slipway", "sandbox", "pulumi", "production", "preview"], project, project)
        _add(nothing, [*_pulumi(project), "preview", "--stack", "empty"], empty, project)
    say(f"{preview}\n{nothing}\n")
    ratio = preview.median / nothing.median
    within = "within" if ratio <= PREVIEW_LIMIT else "NOT within"
    say(f"  ratio {ratio:.2f}, {within} {PREVIEW_LIMIT}\n\n")

    for name, arguments in (("./slipway --help", ["--help"]), ("./slipway check", ["check"])):
        measured = Measured(name)
        for _ in range(ROUNDS):
            _add(measured, [project / "slipway", *arguments], project, project)
        say(f"{measured}\n")


def _empty_project(folder: Path) -> Path:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(
        f"name: empty\nruntime:\n  name: python\n  options:\n    virtualenv: {ROOT / '.venv'}\n"
    )
    (folder / "__main__.py").write_text("import pulumi\n")
    (folder / "state").mkdir()
    _run([*_pulumi(folder), "stack", "init", "empty"], folder, folder)
    return folder


def _pulumi(_: Path) -> list[str | Path]:
    return [ROOT / ".venv" / "bin" / "pulumi", "--non-interactive"]


def _timed(name: str, command: Sequence[str | Path], folder: Path, project: Path) -> Measured:
    measured = Measured(name)
    _add(measured, command, folder, project)
    return measured


def _add(measured: Measured, command: Sequence[str | Path], folder: Path, project: Path) -> None:
    started = time.monotonic()
    memory = _run(command, folder, project)
    measured.seconds.append(time.monotonic() - started)
    measured.memory_mb = max(measured.memory_mb, memory)


def _run(command: Sequence[str | Path], folder: Path, project: Path) -> float:
    """Run one command to its end; the peak memory in MB. Exits with its output when it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "SLIPWAY_"))}
    environment = {
        **kept,
        "PYTHONPATH": str(project) if (project / "slipway").exists() else "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    if (folder / "state").exists():
        environment |= {"PULUMI_BACKEND_URL": f"file://{folder / 'state'}", "PULUMI_CONFIG_PASSPHRASE": "empty"}
        environment |= {"PULUMI_HOME": str(folder / "home")}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)  # noqa: S603
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output.read().decode()}")
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss / unit


if __name__ == "__main__":
    main()
