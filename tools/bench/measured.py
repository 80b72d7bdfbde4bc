"""Runs commands as whole processes, and keeps how long each took and how much memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


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
        memory = run(command, folder, environment)
        self.seconds.append(time.monotonic() - started)
        self.memory_mb = max(self.memory_mb, memory)

    def __str__(self) -> str:
        low, high = min(self.seconds), max(self.seconds)
        return f"{self.name:<44} {self.median:6.2f} s  ({low:.2f} to {high:.2f})  {self.memory_mb:4.0f} MB"


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> float:
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


def within(value: float, limit: float) -> str:
    return "within" if value <= limit else "NOT within"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
