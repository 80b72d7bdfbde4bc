"""What a vendor's API says no with.

OperationError
└── CloudApiError         the vendor's API did not do what was asked; the message names the request and the reason
    ├── TokenRefused      401, 403: the token is unknown, has expired, or may not do this
    ├── NotThere          404: there is no such thing, or the token does not see it
    ├── RequestRefused    400, 412, 422: the request breaks a rule of the vendor
    ├── Clash             409: something else is under way, or a state forbids it
    ├── TooManyRequests   429, also after the retries, or when the vendor's limit is known to be used up
    ├── OutOfService      5xx, no connection, or an answer that is none
    └── NoAnswer          the time was up; what was asked may have been done all the same
"""

# ruff: noqa: N818 - the names say what is the case; the base class says that it is an error
from __future__ import annotations

from ops.errors import OperationError
from ops.exit_code import ExitCode


class CloudApiError(OperationError):
    """`vendor` is its name for people, `request` the method and path, `status` the answer's (0: none)."""

    def __init__(self, vendor: str, request: str, status: int, reason: str, way_out: str = "") -> None:
        shown = f" ({status})" if status else ""
        super().__init__(f"{vendor}: {request}{shown}: {reason}{f'; {way_out}' if way_out else ''}", ExitCode.ENGINE)
        self.status = status
        self.reason = reason


class TokenRefused(CloudApiError):
    """The token is unknown, has expired, or may not do this."""


class NotThere(CloudApiError):
    """There is no such thing, or the token does not see it."""


class RequestRefused(CloudApiError):
    """The request breaks a rule of the vendor."""


class Clash(CloudApiError):
    """Something else is under way, or a state forbids it."""


class TooManyRequests(CloudApiError):
    """The vendor's limit is used up. `retry_after` is in seconds, None where the vendor does not tell."""

    def __init__(
        self, vendor: str, request: str, status: int, reason: str, way_out: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(vendor, request, status, reason, way_out)
        self.retry_after = retry_after


class OutOfService(CloudApiError):
    """The vendor cannot answer now."""


class NoAnswer(CloudApiError):
    """The time was up; what was asked may have been done all the same."""


LOST_ANSWERS = (OutOfService, NoAnswer)
"""After these nobody knows whether a write happened: the only way to know is to look."""
