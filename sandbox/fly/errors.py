"""How the emulated platform says no.

FlyError
├── NotFoundError       404  the thing, or the app it belongs to, does not exist
├── RefusedError        422  the platform's rules do not allow it
├── ConflictError       409  somebody else holds the lease, or the version moved on
├── InUseError          412  the volume is mounted by another machine
├── UnauthorizedError   401  no such token, or the token may not see this app
├── RateLimitedError    429  too many requests of this kind for this target
├── NoCapacityError     422  the region is full
└── TooLateError        408  the state asked for was not reached in time

Each API writes the same error in its own words: see `as_body` and `as_graphql`.
"""

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


class NotFoundError(FlyError):
    status, code = 404, "NOT_FOUND"


class RefusedError(FlyError):
    status, code = 422, "UNPROCESSABLE"


class ConflictError(FlyError):
    status, code = 409, "CONFLICT"


class InUseError(FlyError):
    status, code = 412, "FAILED_PRECONDITION"


class UnauthorizedError(FlyError):
    status, code = 401, "UNAUTHORIZED"


class RateLimitedError(FlyError):
    status, code = 429, "RATE_LIMITED"

    def __init__(self, message: str, *, retry_after: int | None = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NoCapacityError(FlyError):
    status, code = 422, "UNPROCESSABLE"

    def __init__(self, message: str) -> None:
        super().__init__(message, reason="insufficient_capacity")


class TooLateError(FlyError):
    status, code = 408, "DEADLINE_EXCEEDED"
