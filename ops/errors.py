"""What a verb raises when it cannot go on. The message names the value, the rule and the way out."""

from __future__ import annotations

from ops.exit_code import ExitCode


class OperationError(Exception):
    """Ends a verb with one message and a documented exit code, without a traceback."""

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.exit_code = exit_code
