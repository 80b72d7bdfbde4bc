"""Planted secrets appear nowhere in plain text: no output, state, store of the emulated cloud, or process argument."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from settings.load import load
from settings.secret import environment_name
from tests.rehearsal.project import SOURCE, Project

pytestmark = pytest.mark.engine


def test_planted_secrets_appear_in_no_output_state_store_log_or_process_argument(project: Project) -> None:
    stack = load(SOURCE, "staging")
    planted = {
        environment_name(system, name): f"planted-secret-{number}-{name.lower()}"
        for system, parts in stack.systems.items()
        for number, name in enumerate(sorted(parts.secret_names))
    }
    seen = _Arguments()
    with seen:
        done = project.slipway("rehearse", "staging", **planted)
        verbose = project.pulumi("staging", "preview", "--diff", "-v=9", "--logtostderr", **planted)
    assert done.returncode == 0, done.stdout + done.stderr
    assert seen.lines, "no process was seen"
    texts = {
        "rehearse": done.stdout + done.stderr,
        "preview --diff": verbose.stdout,
        "process arguments": "\n".join(seen.lines),
        **{str(file): file.read_bytes().decode("latin-1") for file in project.home.rglob("*") if file.is_file()},
    }
    made_up = str(project.home / "secrets.json")
    leaks = [
        (place, name)
        for place, text in texts.items()
        if place != made_up
        for name, value in planted.items()
        if value in text
    ]
    assert leaks == []


class _Arguments:
    """Collects the command lines of all processes of this machine while it is entered."""

    def __init__(self) -> None:
        self.lines: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.01):
            for entry in os.scandir("/proc"):
                if entry.name.isdecimal():
                    try:
                        line = Path(entry.path, "cmdline").read_bytes()
                    except OSError:
                        continue
                    self.lines.add(line.replace(b"\0", b" ").decode("utf-8", "replace"))
