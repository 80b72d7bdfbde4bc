"""HTTP to a forge's API: waits when it is told to, repeats what can be repeated, and shows no token."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from time import sleep, time
from typing import Any, Final
from urllib.parse import urlsplit

import urllib3

from ops.errors import OperationError
from ops.exit_code import ExitCode

TIMEOUT_SECONDS: Final = 20.0
WAIT_AT_MOST_SECONDS: Final = 180.0
"""All pauses of one request together: a job that waits longer costs more than one that is started again."""

_PAUSES_SECONDS: Final = (1.0, 3.0, 9.0)
_UNNAMED_LIMIT_SECONDS: Final = 60.0
"""What GitHub asks for when it limits without a header (docs.github.com, rate limits of the REST API, 2026-11)."""

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


class LostAnswerError(OperationError):
    """A request that may or may not have been carried out: its answer did not arrive, or was a server's error."""


class RefusedError(OperationError):
    """The forge understood and said no. `status` is HTTP's."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message, ExitCode.FORGE)
        self.status = status


class Api:
    """One forge's API. `headers` hold the token, which stands in no message."""

    def __init__(self, name: str, base: str, headers: Mapping[str, str]) -> None:
        address = urlsplit(base)
        if address.scheme != "https" and address.hostname not in _LOOPBACK:
            message = f"{base} is not https, and the token would be readable on its way; set the https address"
            raise OperationError(message, ExitCode.REFUSED)
        self.name = name
        self._base = base.rstrip("/")
        self._origin = (address.scheme, address.netloc)
        self._headers = {**headers, "content-type": "application/json"}
        # A redirect would carry the token along.
        self._pool = urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False)

    def entries(self, path: str) -> Iterator[Any]:
        """The entries of a list, over all of its pages. Raises OperationError."""
        query = "&" if "?" in path else "?"
        url = f"{self._base}{path}{query}per_page=100"
        while url:
            came = self._answer("GET", url, None)
            yield from came.json()
            url = self._next(came)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the forge answers, None when that is nothing.

        Raises RefusedError, LostAnswerError for a POST that must not be repeated blindly, and OperationError when the
        forge does not answer or asks for more patience than there is.
        """
        came = self._answer(method, self._base + path, body)
        return came.json() if came.data else None

    def remove(self, path: str) -> None:
        """Delete what another run may have deleted already. Raises OperationError."""
        try:
            self.send("DELETE", path)
        except RefusedError as refused:
            if refused.status != 404:
                raise

    def _answer(self, method: str, url: str, body: Mapping[str, Any] | None) -> urllib3.BaseHTTPResponse:
        waited = 0.0
        what = f"{method} {urlsplit(url).path}"
        pauses = iter(_PAUSES_SECONDS)
        while True:
            came, trouble = self._once(method, url, body)
            limited = limited_for(came, time()) if came is not None else 0.0
            if came is not None and not limited and came.status < 500:
                return self._granted(came, what)
            if not limited and method == "POST":
                raise LostAnswerError(f"{self.name} did not confirm {what}: {trouble}", ExitCode.FORGE)
            pause = limited or next(pauses, None)
            if pause is None:
                message = f"{self.name} did not answer {what}: {trouble}; run the same command again later"
                raise OperationError(message, ExitCode.FORGE)
            waited += pause
            if waited > WAIT_AT_MOST_SECONDS:
                message = (
                    f"{self.name} limits {what} for another {pause:.0f} s, and {WAIT_AT_MOST_SECONDS:.0f} s are the "
                    "longest this waits; run the same command again later"
                )
                raise OperationError(message, ExitCode.FORGE)
            sleep(pause)

    def _once(
        self, method: str, url: str, body: Mapping[str, Any] | None
    ) -> tuple[urllib3.BaseHTTPResponse | None, str]:
        """The answer, or None; and what to say when it is none, or a server's error."""
        try:
            came = self._pool.request(
                method, url, headers=self._headers, body=json.dumps(body) if body is not None else None
            )
        except urllib3.exceptions.HTTPError as error:
            return None, type(error).__name__
        return came, f"status {came.status}"

    def _granted(self, came: urllib3.BaseHTTPResponse, what: str) -> urllib3.BaseHTTPResponse:
        if 200 <= came.status < 300:
            return came
        if 300 <= came.status < 400:
            raise RefusedError(f"{self.name} has moved what {what} is about; use its new name", came.status)
        raise RefusedError(f"{self.name} refused {what} ({came.status}): {reason(came)}", came.status)

    def _next(self, came: urllib3.BaseHTTPResponse) -> str:
        """The address of the next page, empty after the last. Raises OperationError for one of another host."""
        for link in came.headers.get("link", "").split(","):
            address, _, parameters = link.strip().partition(">")
            if 'rel="next"' in parameters:
                url = address.removeprefix("<")
                if (urlsplit(url).scheme, urlsplit(url).netloc) != self._origin:
                    raise OperationError(f"{self.name} continues its list at another host: {url}", ExitCode.REFUSED)
                return url
        return ""


def limited_for(came: urllib3.BaseHTTPResponse, now: float) -> float:
    """Seconds to wait where an answer is a rate limit's, 0 where it is not. GitHub limits with 403 as well as 429."""
    if came.status not in {403, 429}:
        return 0.0
    asked = came.headers.get("retry-after", "")
    if asked.isdecimal():
        return max(float(asked), 1.0)
    if came.headers.get("x-ratelimit-remaining") == "0":
        reset = came.headers.get("x-ratelimit-reset", "")
        return max(float(reset) - now, 1.0) if reset.isdecimal() else _UNNAMED_LIMIT_SECONDS
    if came.status == 429 or "rate limit" in reason(came):
        return _UNNAMED_LIMIT_SECONDS
    return 0.0


def reason(came: urllib3.BaseHTTPResponse) -> str:
    """What a forge says of a refusal, in one line."""
    try:
        told = came.json()
    except ValueError:
        return "no reason given"
    if not isinstance(told, dict):
        return "no reason given"
    said = told.get("message") or told.get("error") or "no reason given"
    details = [
        str(part.get("message") or part.get("code")) for part in told.get("errors", []) if isinstance(part, dict)
    ]
    return "; ".join([said if isinstance(said, str) else json.dumps(said), *details])
