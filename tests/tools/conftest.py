"""What the tests of set-up share: a console that is read, and programs that are shell scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.engine import pins
from tools.engine.console import Console
from tools.engine.program import Program

Script = Callable[[Path, str], Path]


@pytest.fixture
def said() -> list[str]:
    """Every line that set-up wrote."""
    return []


@pytest.fixture
def console(said: list[str]) -> Console:
    return Console(write=lambda text: said.append(text.rstrip("\n")))


@pytest.fixture
def script() -> Script:
    """Writes an executable shell script."""

    def write(file: Path, body: str) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        file.chmod(0o755)
        return file

    return write


@pytest.fixture
def tool() -> Program:
    """A program like the Pulumi CLI, at version 2.1.0, with a host that must come with it."""
    return replace(
        pins.PULUMI, name="tool", title="Tool", version="2.1.0", minimum="2.0.0", needs_beside=("tool-language-python",)
    )
