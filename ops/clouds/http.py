"""One vendor's HTTP API: the token, the retries, the limits, and what a refusal becomes.

Reads are sent again when the vendor or the network fails; any request is sent again after a 429, which did nothing.
The token stands in one header and in no message.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import urllib3
from pydantic import BaseModel, ValidationError

from fly.limits import Backoff
from fly.redaction import redacted
from ops.clouds.budget import Budget
from ops.clouds.errors import (
    Clash,
    CloudApiError,
    NoAnswer,
    NotThere,
    OutOfService,
    RequestRefused,
    TokenRefused,
    TooManyRequests,
)
from ops.errors import OperationError
from ops.exit_code import ExitCode

Model = TypeVar("Model", bound=BaseModel)

_TIMEOUT_SECONDS: Final = 30.0
_LONGEST_WAIT_SECONDS: Final = 60.0
"""Longer is not waited for a limit to end: the person is told when to come back instead."""

_STATUSES: Final[Mapping[int, type[CloudApiError]]] = {
    400: RequestRefused,
    401: TokenRefused,
    403: TokenRefused,
    404: NotThere,
    409: Clash,
    412: RequestRefused,
    422: RequestRefused,
}


@dataclass(frozen=True)
class Vendor:
    """What differs between the vendors. `reason` finds the vendor's own words in an answer's JSON."""

    name: str
    api: str
    token_variable: str
    url_variable: str
    rights: str
    """What the token must be allowed to do, for the message when it is missing or refused."""
    reason: Callable[[Any], str]


class Api:
    """Requests to one vendor. Raises OperationError without a token, and what `ops.clouds.errors` draws."""

    def __init__(self, vendor: Vendor, environment: Mapping[str, str], *, backoff: Backoff | None = None) -> None:
        self._vendor = vendor
        self._token = environment.get(vendor.token_variable, "")
        if not self._token:
            message = f"{vendor.token_variable} is not set; set it to a token of {vendor.name} that may {vendor.rights}"
            raise OperationError(message, ExitCode.USAGE)
        self._base = (environment.get(vendor.url_variable) or vendor.api).rstrip("/")
        self._backoff = backoff or Backoff(attempts=4)
        self._chance = random.Random()  # noqa: S311 - jitter, not a secret
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT_SECONDS, retries=False)
        self.budget = Budget()

    def get(self, path: str) -> Any:
        """The JSON of a read."""
        return self._send("GET", path, None, read=True)

    def check(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON of a POST that changes nothing."""
        return self._send("POST", path, body, read=True)

    def change(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON of a write, None for an empty answer. Sent again only when the vendor says that it did nothing."""
        return self._send(method, path, body, read=False)

    def lines(self, url: str) -> Iterator[str]:
        """The lines behind an address that needs no token, as they come, until the other side ends."""
        came = self._pool.request("GET", url, preload_content=False, timeout=urllib3.Timeout(connect=10, read=None))
        rest = b""
        try:
            for part in came.stream(4096):
                *whole, rest = (rest + part).split(b"\n")
                yield from (self._clean(line.decode(errors="replace")) for line in whole)
            if rest:
                yield self._clean(rest.decode(errors="replace"))
        except urllib3.exceptions.HTTPError as error:
            raise OutOfService(self._vendor.name, "the log", 0, type(error).__name__, "ask again") from error
        finally:
            came.close()

    def parsed(self, model: type[Model], told: Any, request: str) -> Model:
        """An answer as its model. Raises OutOfService for one that is not as documented; shows no value of it."""
        try:
            return model.model_validate(told)
        except ValidationError as error:
            fields = ", ".join(sorted({".".join(map(str, problem["loc"])) for problem in error.errors()}))
            raise OutOfService(
                self._vendor.name, request, 200, f"the answer is not as documented at {fields}"
            ) from None

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None, *, read: bool) -> Any:
        attempt = 1
        while True:
            try:
                return self._once(method, path, body)
            except TooManyRequests as error:
                pause = error.retry_after
                failure: CloudApiError = error
            except (OutOfService, NoAnswer) as error:
                if not read:
                    raise
                pause, failure = None, error
            wait = self._backoff.seconds(attempt, self._chance) if pause is None else pause
            if attempt >= self._backoff.attempts or wait > _LONGEST_WAIT_SECONDS:
                raise failure
            time.sleep(wait)
            attempt += 1

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        request = f"{method} {path.partition('?')[0]}"
        used_up = self.budget.wait_seconds()
        if used_up > _LONGEST_WAIT_SECONDS:
            way_out = f"come back in {used_up:.0f} s"
            raise TooManyRequests(self._vendor.name, request, 0, "no requests are left", way_out, used_up)
        time.sleep(used_up)
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        sent = None if body is None else json.dumps(body).encode()
        try:
            came = self._pool.request(method, self._base + path, headers=headers, body=sent)
        except urllib3.exceptions.ReadTimeoutError as error:
            reason = f"no answer in {_TIMEOUT_SECONDS:.0f} s"
            raise NoAnswer(self._vendor.name, request, 0, reason, "see whether it was done, then ask again") from error
        except urllib3.exceptions.HTTPError as error:
            way_out = f"see whether {self._base} can be reached"
            raise OutOfService(self._vendor.name, request, 0, type(error).__name__, way_out) from error
        if came.status != 429 or _seconds(came.headers.get("retry-after")) is None:
            # A refusal that says when to come back means a shorter limit than the one that the headers count.
            self.budget.learn({name.lower(): value for name, value in came.headers.items()})
        return self._told(request, came)

    def _told(self, request: str, came: urllib3.BaseHTTPResponse) -> Any:
        if came.status < 300 and not came.data:
            return None
        try:
            told = came.json()
        except ValueError:
            told = None
        if came.status < 300 and told is not None:
            return told
        reason = self._clean(self._vendor.reason(told) or came.reason or "no reason given")
        if came.status == 429:
            wait = _seconds(came.headers.get("retry-after"))
            way_out = "come back later" if wait is None else f"come back in {wait:.0f} s"
            raise TooManyRequests(self._vendor.name, request, 429, reason, way_out, wait)
        kind = _STATUSES.get(came.status, OutOfService)
        way_out = f"{self._vendor.token_variable} must be valid and may {self._vendor.rights}"
        raise kind(self._vendor.name, request, came.status, reason, way_out if kind is TokenRefused else "")

    def _clean(self, text: str) -> str:
        return redacted(text, (self._token,))


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.replace(".", "", 1).isdigit() else None
