"""The provider as a process: prints its port and serves until the engine is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from fly.facts import Facts
from fly.provider.address import AddressResource
from fly.provider.app import AppResource
from fly.provider.certificate import CertificateResource
from fly.provider.release import ReleaseResource
from fly.provider.resource import Resource
from fly.provider.secrets import SecretsResource
from fly.provider.server import FlyProvider, served
from fly.provider.volume import VolumeResource
from fly.release.deployer import Deployer
from fly.release.gate import Gatekeeper
from fly.release.outside import UrllibHttp
from fly.runner import Runner
from fly.version import SupportedOnly

PARENT_POLL_SECONDS = 0.5


def main() -> None:
    """Serve. The folder for flyctl's files goes when the provider does."""
    with tempfile.TemporaryDirectory(prefix="slipway-fly-") as folder:
        asyncio.run(_serve(Path(folder), os.environ))


def resources(runner: Runner, folder: Path, environment: Mapping[str, str]) -> dict[str, Resource]:
    """Every kind of resource by its type token, over one memory of facts."""
    facts = Facts(SupportedOnly(runner))
    deployer = Deployer(facts, Gatekeeper(facts, UrllibHttp(), environment), folder)
    return {
        "fly:index:App": AppResource(facts),
        "fly:index:Volume": VolumeResource(facts),
        "fly:index:Secrets": SecretsResource(facts),
        "fly:index:Address": AddressResource(facts),
        "fly:index:Certificate": CertificateResource(facts),
        "fly:index:Release": ReleaseResource(facts, deployer),
    }


async def _serve(folder: Path, environment: Mapping[str, str]) -> None:
    runner = Runner(environment.get("FLYCTL_PATH") or "flyctl", environment, folder)
    server, port = await served(FlyProvider(resources(runner, folder, environment), runner.cancel))
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, ended.set)
    orphaned = asyncio.ensure_future(_orphaned(os.getppid()))
    orphaned.add_done_callback(lambda _: ended.set())
    await ended.wait()
    orphaned.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await orphaned
    await runner.cancel()
    await server.stop(grace=1)


async def _orphaned(parent: int) -> None:
    """Returns when the engine that started this process is gone: nobody would record what is done from then on."""
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_POLL_SECONDS)
