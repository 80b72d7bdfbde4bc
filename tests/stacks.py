"""The project's own stacks, each read once: they cannot change."""

from __future__ import annotations

import functools

from settings.load import load
from settings.stack import Stack
from tests.tetrix import ROOT


@functools.cache
def loaded(stack: str) -> Stack:
    """The stack of this name, as its file has it."""
    return load(ROOT, stack)
