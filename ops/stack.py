"""The stack that a verb is about."""

from __future__ import annotations

from pathlib import Path

from ops.errors import OperationError
from ops.exit_code import ExitCode
from settings.load import load
from settings.problem import SettingsError
from settings.stack import Stack


def load_stack(root: Path, stack: str) -> Stack:
    """A valid stack. Raises OperationError with every problem of its settings."""
    try:
        return load(root, stack)
    except SettingsError as error:
        raise OperationError(str(error), ExitCode.SETTINGS) from None
