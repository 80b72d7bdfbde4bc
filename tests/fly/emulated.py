"""The emulated Fly.io as a process of its own, and the environment that sends the real flyctl to it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from sandbox import listener

ROOT = Path(__file__).parents[2]


class EmulatedFly:
    """One emulated platform; tests share it and keep apart by the names of their apps."""

    def __init__(self, folder: Path) -> None:
        port = listener.free_port(None)
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "sandbox.fly", "--port", str(port), "--store", str(folder / "fly.sqlite")]
        self._log = (folder / "fly.log").open("w")
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=self._log)
        self._await()

    def environment(self) -> dict[str, str]:
        """What a provider needs to talk to this platform."""
        urls = dict.fromkeys(("FLY_API_BASE_URL", "FLY_FLAPS_BASE_URL", "FLY_UIEX_BASE_URL"), self.url)
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        lookup = f"{self.url}/sandbox/fly/apps/{{app}}"
        home = os.environ.get("HOME", "/")
        return {**urls, "PATH": path, "HOME": home, "FLY_API_TOKEN": "sandbox", "SLIPWAY_FLY_APP_LOOKUP": lookup}

    def app(self, name: str) -> dict[str, Any]:
        """The app's public address and its machines."""
        return dict(self._json("GET", f"/sandbox/fly/apps/{name}"))

    def images(self, name: str) -> set[str]:
        """The tags that an app's machines run."""
        return {machine["image"].partition("@")[0].rpartition(":")[2] for machine in self.app(name)["machines"]}

    def put(self, path: str, **body: object) -> None:
        """Set up the platform: an image, a token, a capacity."""
        self._json("PUT", f"/sandbox/fly/{path}", body)

    def flyctl(self, *argv: str) -> str:
        """What an operator would see."""
        done = subprocess.run(
            ["flyctl", *argv], env=self.environment(), capture_output=True, text=True, check=True, timeout=120
        )
        return done.stdout

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(60)
        self._log.close()

    def _json(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)  # noqa: S310 - loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - loopback
            return json.loads(answer.read() or b"null")

    def _await(self) -> None:
        end = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", int(self.url.rpartition(":")[2])), 10):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the emulated Fly.io did not start")
