"""What can go wrong in the sandbox.

Exception
├── SandboxError                 the sandbox itself cannot start, stop or answer; the message names the way out
│   ├── PortTakenError           a port that was asked for is in use
│   ├── NoSpaceError             the disk that holds the sandbox is full
│   ├── StoreBrokenError         cloud.sqlite is not a readable store
│   └── NotRunningError          a request to a sandbox that does not run
└── CloudError                   the emulated cloud refuses a request, as the real one would
    └── DeploymentFailedError    the app exists, its deployment does not: a half-finished create or update
"""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox cannot do what was asked. The message names the value, the rule and the way out."""


class PortTakenError(SandboxError):
    """A port that was asked for is in use by another program."""


class NoSpaceError(SandboxError):
    """No disk space for the store, the log or server.json."""


class StoreBrokenError(SandboxError):
    """cloud.sqlite cannot be read as a store."""


class NotRunningError(SandboxError):
    """There is no sandbox process to talk to."""


class CloudError(Exception):
    """A refusal of an emulated API: its HTTP status and its message.

    `code` is Cloudflare's error number where the real API has one, `retry_after` the seconds of a 429.
    """

    def __init__(self, status: int, message: str, *, code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.retry_after = retry_after


class DeploymentFailedError(CloudError):
    """An app was created or updated, but its deployment ended in the phase ERROR."""

    def __init__(self, app_id: str, reasons: tuple[str, ...]) -> None:
        super().__init__(500, "; ".join(reasons))
        self.app_id = app_id
        self.reasons = reasons
