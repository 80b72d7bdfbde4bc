"""The app as its users reach it: HTTP from outside."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Protocol

from fly.errors import Unavailable
from fly.release.wish import Gate

REQUEST_SECONDS = 10.0
BODY_BYTES = 256 * 1024
LOOKUP_VARIABLE = "SLIPWAY_FLY_APP_LOOKUP"


class Http(Protocol):
    """Asks one URL: the status and the beginning of the body; status 0 when there was no answer."""

    async def get(self, url: str) -> tuple[int, str]: ...


class UrllibHttp:
    """Real requests, one thread each, following redirects, never through a cache."""

    async def get(self, url: str) -> tuple[int, str]:
        """See `Http.get`."""
        return await asyncio.to_thread(_get, url)


async def base_url(app: str, gate: Gate, environment: Mapping[str, str], http: Http) -> str:
    """Where the app answers: said in the gate, else looked up (a rehearsal's apps live on loopback), else fly.dev."""
    if gate.url:
        return gate.url.rstrip("/")
    lookup = environment.get(LOOKUP_VARIABLE)
    if not lookup:
        return f"https://{app}.fly.dev"
    status, body = await http.get(lookup.replace("{app}", app))
    try:
        found = json.loads(body).get("url")
    except (json.JSONDecodeError, AttributeError):
        found = None
    if status != 200 or not isinstance(found, str):
        raise Unavailable(lookup, status, f"it does not say where {app} answers: {body[:200]}", subject="app")
    return found.rstrip("/")


async def steady(url: str, gate: Gate, http: Http) -> str | None:
    """None after the gate's number of good answers in a row; else what the last answer was when time was up."""
    good = 0
    last = "no answer yet"
    end = time.monotonic() + gate.timeout_seconds
    while good < gate.successes:
        status, body = await http.get(url)
        fine = 200 <= status < 400
        good = good + 1 if fine else 0
        last = f"GET {url} answered {status}: {body[:200].strip()}" if status else f"GET {url}: {body[:200].strip()}"
        if good < gate.successes:
            if time.monotonic() >= end:
                return f"{last} ({good} of {gate.successes} good answers in a row)"
            await asyncio.sleep(gate.interval_seconds)
    return None


def _get(url: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Cache-Control": "no-cache", "User-Agent": "slipway-gate"})  # noqa: S310 - the gate's url is http or https by its pattern
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as answer:  # noqa: S310 - as above
            return answer.status, answer.read(BODY_BYTES).decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read(BODY_BYTES).decode(errors="replace")
    except (OSError, ValueError) as error:
        return 0, str(error)
