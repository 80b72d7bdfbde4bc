"""Requests to the emulated vendors' HTTP APIs of a sandbox in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

from sandbox.client import Client
from sandbox.cloudflare.api import vendor as cloudflare
from sandbox.digitalocean.api import vendor as digitalocean
from sandbox.server import SERVER_FILE
from tests.patience import eventually
from tests.sandbox.in_process import HTTP, sandbox_in_process

_TOKENS = {"digitalocean": digitalocean.TOKEN, "cloudflare": cloudflare.TOKEN}


class Vendors:
    """A running sandbox: its control API and both vendors'."""

    def __init__(self, home: Path, control: Client) -> None:
        self.control = control
        self.urls: dict[str, str] = json.loads((home / SERVER_FILE).read_text())["apis"]

    def ask(
        self, vendor: str, method: str, path: str, body: Any = None, token: str | None = None
    ) -> urllib3.BaseHTTPResponse:
        shown = token or _TOKENS[vendor]
        headers = {"authorization": f"Bearer {shown}"}
        return HTTP.request(method, self.urls[vendor] + path, json=body, headers=headers)

    def ocean(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """The JSON that DigitalOcean's API answers, None for an empty answer."""
        answer = self.ask("digitalocean", method, path, body, token)
        return answer.json() if answer.data else None

    def flare(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """The JSON that Cloudflare's API answers."""
        return self.ask("cloudflare", method, path, body, token).json()

    def settled(self, app: str) -> dict[str, Any]:
        """The app once its newest deployment has ended."""

        def ended() -> dict[str, Any]:
            told: dict[str, Any] = self.ocean("GET", f"/v2/apps/{app}")["app"]
            return {} if {"pending_deployment", "in_progress_deployment"} & set(told) else told

        return eventually(ended)


@contextmanager
def vendors(home: Path) -> Iterator[Vendors]:
    with sandbox_in_process(home) as control:
        yield Vendors(home, control)
