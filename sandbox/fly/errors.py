"""How the emulated platform says no.

FlyError
├── NotFound       404  the thing, or the app it belongs to, does not exist
├── Refused        422  the platform's rules do not allow it
├── Conflict       409  somebody else holds the lease, or the version moved on
├── InUse          412  the volume is mounted by another machine
├── Unauthorized   401  no such token, or the token may not see this app
├── RateLimited    429  too many requests of this kind for this target
├── NoCapacity     422  the region is full
└── TooLate        408  the state asked for was not reached in time

Each API writes the same error in its own words: see `as_body` and `as_graphql`.
"""

# ruff: noqa: N818 -- named for what the platform answers
from __future__ import annotations

from typing import Any


class FlyError(Exception):
    """A refusal with the HTTP status and the code the platform gives it."""

    status = 400
    code = "BAD_REQUEST"

    def __init__(self, message: str, *, reason: str = "unknown") -> None:
        super().__init__(message)
        self.message = message
        # flyctl reads `status` of a Machines API error: `insufficient_capacity` makes it suggest another region.
        self.reason = reason

    def as_body(self) -> dict[str, Any]:
        """The JSON body of the Machines and UIEX APIs."""
        return {"error": self.message, "status": self.reason}

    def as_graphql(self, *path: str) -> dict[str, Any]:
        """The body GraphQL sends, with HTTP status 200. Without a path nothing of the request was answered."""
        entry = {"message": self.message, "path": list(path), "extensions": {"code": self.code}}
        return {"data": dict.fromkeys(path), "errors": [entry]}


class NotFound(FlyError):
    status, code = 404, "NOT_FOUND"


class Refused(FlyError):
    status, code = 422, "UNPROCESSABLE"


class Conflict(FlyError):
    status, code = 409, "CONFLICT"


class InUse(FlyError):
    status, code = 412, "FAILED_PRECONDITION"


class Unauthorized(FlyError):
    status, code = 401, "UNAUTHORIZED"


class RateLimited(FlyError):
    status, code = 429, "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after: int | None = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NoCapacity(FlyError):
    status, code = 422, "UNPROCESSABLE"

    def __init__(self, message: str) -> None:
        super().__init__(message, reason="insufficient_capacity")


class TooLate(FlyError):
    status, code = 408, "DEADLINE_EXCEEDED"
