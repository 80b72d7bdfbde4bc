"""A stack with one small app on each platform, deployed with the real engine in a project of its own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ops.journal import FILE, Journal
from sandbox import control
from sandbox.fly.client import FlyClient
from tests.rehearsal.project import Project

STACK = "small"
APP = "small-lab"
IMAGE = "registry.fly.io/small"

SMALL = """
description: One machine with a volume
platform: fly
app:
  name: small
  region: iad
  image: registry.fly.io/small:v1
  machines: {size: shared-cpu-1x, memory_mb: 256, minimum: 1, maximum: 1, when_idle: keep}
  concurrency: {counts: requests, soft: 20, hard: 25}
  checks:
    ready: {path: /ready, steers: traffic, interval: 2s, timeout: 1s, grace: 1s}
  deploy: {gate_path: /ready, gate_successes: 1, wait: 10s}
  volume: {name: data, path: /data, size_gb: 1}
  secrets: {TOKEN: {}}
monitoring:
  notify: {emails: [operations@example.com]}
  regions: [us_east]
  probes:
    jwks: {path: /.well-known/jwks.json, json_list: keys, slow_above: [2s]}
"""

PAGES = """
description: Pages on App Platform
platform: digitalocean
app:
  name: pages
  region: fra
  github: {repository: example/pages, branch: main}
  build: {package_manager: pnpm@10.18.3}
  run_command: node server.mjs
  size: apps-s-1vcpu-0.5gb
  replicas: 1
  health: {path: /api/health}
answers:
  /api/health: {status: {one_of: [healthy]}, memory.percentage: {maximum: 100}}
edge:
  zone: example.com
  domains: [{name: pages.example.com, role: primary}]
"""


_BEGUN = "SELECT 1 FROM step WHERE name = ? AND began > ?"


class Small(Project):
    """The project with the stack `small`. `slipway` verbs act in its sandbox."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        (root / "systems" / "small.yaml").write_text(SMALL)
        (root / "systems" / "pages.yaml").write_text(PAGES)
        config = {"slipway:environment": "lab", "slipway:systems": {"small": {}, "pages": {}}}
        self.stack_file.write_text(json.dumps({"config": config}))

    @property
    def stack_file(self) -> Path:
        return self.root / f"Pulumi.{STACK}.yaml"

    @property
    def fly(self) -> FlyClient:
        endpoints = control.find(self.home)
        assert endpoints, "the sandbox does not run"
        return FlyClient(endpoints.fly["machines"])

    def settings(self, **systems: dict[str, Any]) -> None:
        """What the stack says about its systems beside their files."""
        document = json.loads(self.stack_file.read_text())
        document["config"]["slipway:systems"] = {"small": {}, "pages": {}, **systems}
        self.stack_file.write_text(json.dumps(document))

    def image(self, tag: str, **behaviour: Any) -> None:
        """Ask for this image of `small`, which behaves like this."""
        self.fly.put_image(f"{IMAGE}:{tag}", version=tag, **behaviour)
        self.settings(small={"app": {"image": f"{IMAGE}:{tag}"}})

    def run(self, verb: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.slipway(verb, *arguments, "--stack", STACK, "--sandbox", **environment)

    def deploy(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.run("deploy", "--yes", "--patience", "1", *arguments, **environment)

    def history(self) -> list[dict[str, Any]]:
        done = self.run("history", "--json")
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def running(self) -> str:
        """The tag of the one image that all machines of `small` run."""
        images = {machine["image"].partition("@")[0] for machine in self.fly.app(APP)["machines"]}
        assert len(images) == 1, images
        return images.pop().rpartition(":")[2]

    def start_deploy(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / "slipway", "deploy", "--yes", "--patience", "1", *arguments, "-s", STACK, "--sandbox"],
            env=self._environment({}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def wait_for_step(self, process: subprocess.Popen[str], step: str, since: str) -> None:
        """Until this step was begun after `since`. The journal is watched from outside."""
        journal = self.home / "records" / STACK / FILE
        deadline = time.monotonic() + 200
        with closing(sqlite3.connect(journal, timeout=60)) as database:
            while True:
                # Asked before the journal is: what ends after a look at it may have begun the step after it, too.
                ended = process.poll()
                if database.execute(_BEGUN, (step, since)).fetchone():
                    return
                assert ended is None, f"it ended with {ended} before the step {step}"
                assert time.monotonic() < deadline, f"the step {step} never began"
                time.sleep(0.001)

    def cut_off(self, step: str, *arguments: str, after_seconds: float = 0.0, orphans: bool = False) -> bool:
        """Start a deployment and kill it in the step, with all that it started unless there are to be `orphans`.

        Returns whether it was cut off: it may be over before the signal arrives.
        """
        since = datetime.now(UTC).isoformat()
        process = self.start_deploy(*arguments)
        self.wait_for_step(process, step, since)
        time.sleep(after_seconds)
        with suppress(ProcessLookupError):
            (os.kill if orphans else os.killpg)(process.pid, signal.SIGKILL)
        process.wait()
        return Journal(self.home / "records" / STACK).unfinished() is not None
