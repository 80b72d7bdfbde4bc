"""Deploys a release, watches it, and brings the old one back when it is not good."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fly.commands.command import Command
from fly.commands.deploy import deploy_image, deploy_source
from fly.commands.machines import destroy_machines
from fly.ensure.counts import ensure_counts
from fly.ensure.outcome import LOST_ANSWERS
from fly.ensure.secrets import ensure_secrets
from fly.ensure.started import ensure_started
from fly.errors import Cancelled, DeployFailed, FlyError, InvalidInput, NotFound, Problem, Refused
from fly.facts import Facts
from fly.models.machine import GONE
from fly.release.gate import Gatekeeper, Verdict, moving
from fly.release.health import Trouble, crashes, last_events, must_start, not_healthy, serving
from fly.release.leftovers import leftovers
from fly.release.report import report
from fly.release.wish import Wish
from fly.validation.deploys import wait_seconds

# Beside waiting for the machines flyctl resolves the image, takes leases and talks to the API
OVERHEAD_SECONDS = 120.0
BUILD_SECONDS = 1800.0
# How long after flyctl failed what it left may take to become healthy
SECOND_LOOK_SECONDS = 15.0


@dataclass(frozen=True)
class Released:
    """A release that passed its gate: its number, the image by digest, and the digests of its secrets."""

    version: int
    image: str
    secret_digests: dict[str, str]


@dataclass(frozen=True)
class Before:
    """What was there before: the newest release number, and when something last happened to each machine."""

    version: int
    events: Mapping[str, int]


class Deployer:
    """Carries out releases of one Fly.io."""

    def __init__(self, facts: Facts, gatekeeper: Gatekeeper, folder: Path) -> None:
        """`folder` is a private one, where the rendered fly.toml files are put."""
        self._facts = facts
        self._gatekeeper = gatekeeper
        self._folder = folder

    async def release(self, wish: Wish, previous: Wish | None) -> Released:
        """Make `wish` the running release, or raise DeployFailed after bringing `previous` back.

        Raises the plain error instead when nothing at Fly.io was changed, and when the run was cancelled.
        """
        await self._require_volumes(wish)
        await self._tidy(wish)
        before = await self._before(wish)
        digests = await self._secrets(wish, previous)
        try:
            verdict = await self._attempt(wish, before)
        except Cancelled:
            raise
        except FlyError as error:
            if await self._newest(wish.app) == before.version:
                raise
            verdict = await self._second_look(wish, before, error)
        if verdict.troubles:
            raise await self._failed(wish, previous, before, verdict)
        return Released(await self._newest(wish.app), verdict.image, digests)

    async def remove(self, app: str) -> None:
        """Destroy the app's machines, whatever they run."""
        try:
            machines = [machine.id for machine in await self._facts.machines(app) if machine.state not in GONE]
            if machines:
                await self._do(destroy_machines(app, machines), app)
        except NotFound as error:
            if error.subject not in ("app", "machine"):
                raise

    async def _attempt(self, wish: Wish, before: Before) -> Verdict:
        try:
            crashed = await self._deploy_watched(wish, before)
        except LOST_ANSWERS:
            crashed = await self._deploy_watched(wish, before)
        if crashed:
            return Verdict(tuple(crashed))
        await self._scale(wish)
        return await self._gatekeeper.verdict(wish, before.events, newer_than=before.version)

    async def _deploy_watched(self, wish: Wish, before: Before) -> list[Trouble]:
        """Run flyctl deploy; as soon as machines crash, stop it and say which."""
        deploying = asyncio.ensure_future(self._do(self._deploy_command(wish), wish.app))
        try:
            while True:
                done, _ = await asyncio.wait({deploying}, timeout=self._gatekeeper.poll_seconds)
                if done:
                    deploying.result()
                    return []
                machines = await self._gatekeeper.machines(wish.app)
                crashed = crashes(machines, wish.config, before.events, before.version)
                if crashed:
                    return crashed
        finally:
            deploying.cancel()
            with contextlib.suppress(asyncio.CancelledError, FlyError):
                await deploying

    def _deploy_command(self, wish: Wish) -> Command:
        wait = math.ceil(wait_seconds(wish.config))
        # the first machine goes alone, then the others in batches, so at worst each is waited for in turn
        seconds = wait * (1 + sum(wish.counts.values())) + OVERHEAD_SECONDS
        config = self._written(wish)
        if wish.source:
            seconds += BUILD_SECONDS
            return deploy_source(
                wish.app, config=config, source=wish.source, wait_seconds=wait, timeout_seconds=seconds
            )
        return deploy_image(wish.app, config=config, image=wish.image or "", wait_seconds=wait, timeout_seconds=seconds)

    async def _failed(self, wish: Wish, previous: Wish | None, before: Before, verdict: Verdict) -> DeployFailed:
        said = f"the release of {wish.app} is not good:\n{await report(self._facts, wish.app, verdict.troubles)}"
        if previous is None:
            way_out = "there is no earlier release to return to: correct the image or the settings and run again"
            return DeployFailed(f"{said}\n{way_out}", rolled_back=None)
        only_outside = all(trouble.outside for trouble in verdict.troubles)
        try:
            again = await self._back(wish, previous, before, hurry=not only_outside)
        except FlyError as error:
            return DeployFailed(f"{said}\nrollback failed: {error}", rolled_back=False)
        if again.troubles:
            why = await report(self._facts, wish.app, again.troubles)
            return DeployFailed(
                f"{said}\nrollback failed: the old release is not good either:\n{why}", rolled_back=False
            )
        return DeployFailed(f"{said}\nrolled back: {again.image} runs again and is healthy", rolled_back=True)

    async def _back(self, wish: Wish, previous: Wish, before: Before, *, hurry: bool) -> Verdict:
        """Secrets, image, configuration and count as they were; machines still on the old release are not touched."""
        if wish.secrets or previous.secrets:
            dropped = frozenset(wish.secrets) - frozenset(previous.secret_digests)
            await ensure_secrets(self._facts, wish.app, previous.secrets, previous.secret_digests, dropped)
        await self._tidy(previous)
        machines = serving(await self._gatekeeper.machines(wish.app), previous.config)
        since = last_events(machines)
        stale = [machine.id for machine in machines if machine.release_version > before.version]
        if stale or not machines:
            command = deploy_image(
                wish.app,
                config=self._written(previous),
                image=previous.image or "",
                wait_seconds=math.ceil(wait_seconds(previous.config)),
                timeout_seconds=wait_seconds(previous.config) * (1 + len(stale)) + OVERHEAD_SECONDS,
                only_machines=stale if len(stale) < len(machines) else None,
                strategy="immediate" if hurry else None,
            )
            await self._do(command, wish.app)
        await self._scale(previous)
        return await self._gatekeeper.verdict(previous, since, newer_than=-1)

    async def _scale(self, wish: Wish) -> None:
        """As many machines as wished, and those running that should: flyctl leaves stopped ones stopped."""
        await ensure_counts(self._facts, wish.app, wish.group(), wish.counts)
        resting = must_start(await self._facts.machines(wish.app), wish.config)
        if resting:
            await ensure_started(self._facts, wish.app, resting)

    async def _second_look(self, wish: Wish, before: Before, error: FlyError) -> Verdict:
        """flyctl's word is evidence, not the verdict: a release that stands all the same goes through the gate.

        Machines that are all of the release may need a moment to become healthy after flyctl turned away.
        """
        end = time.monotonic() + min(wait_seconds(wish.config), SECOND_LOOK_SECONDS)
        while True:
            machines = await self._gatekeeper.machines(wish.app)
            crashed = crashes(machines, wish.config, before.events, before.version)
            ill = not_healthy(machines, wish.config)
            if crashed or moving(machines, wish, before.version) or (ill and time.monotonic() >= end):
                said = error.said if isinstance(error, Refused) else error
                return Verdict((*(crashed or ill), Trouble(f"flyctl: {said}")))
            if not ill:
                return await self._gatekeeper.verdict(wish, before.events, newer_than=before.version)
            await asyncio.sleep(self._gatekeeper.poll_seconds)

    async def _require_volumes(self, wish: Wish) -> None:
        """flyctl would make volumes that nobody declared, or fail half-way; so they must be there before."""
        problems = []
        for index, mount in enumerate(wish.config.mounts or []):
            volumes = await self._facts.volumes(wish.app)
            for region, machines in sorted(wish.counts.items()):
                there = sum((volume.name, volume.region) == (mount.source, region) for volume in volumes)
                if there < machines:
                    rule = f"{machines} machines in {region} need as many volumes of that name there, there are {there}"
                    way_out = f"declare a Volume {mount.source} in {region} with count {machines} before the release"
                    problems.append(Problem(f"config.mounts[{index}].source", mount.source, rule, way_out))
        if problems:
            raise InvalidInput(problems)

    async def _tidy(self, wish: Wish) -> None:
        machines = await self._facts.machines(wish.app)
        if machines:
            releases = await self._facts.releases(wish.app)
            left = leftovers(machines, releases, wish.config, wish.counts, wish.group())
            if left:
                await self._do(destroy_machines(wish.app, left), wish.app)

    async def _before(self, wish: Wish) -> Before:
        machines = await self._facts.machines(wish.app)
        return Before(await self._newest(wish.app), last_events(machines))

    async def _secrets(self, wish: Wish, previous: Wish | None) -> dict[str, str]:
        """The values of this release are staged, also when an earlier rollback put older ones there."""
        if not wish.secrets and not (previous and previous.secrets):
            return {}
        dropped = frozenset(previous.secrets if previous else ()) - frozenset(wish.secrets)
        return (await ensure_secrets(self._facts, wish.app, wish.secrets, wish.secret_digests, dropped)).value

    async def _newest(self, app: str) -> int:
        return max((release.version for release in await self._facts.releases(app)), default=0)

    async def _do(self, command: Command, app: str) -> None:
        kinds = ("machines", "releases", "volumes", "secrets")
        await self._facts.do(command, *((kind, app) for kind in kinds))

    def _written(self, wish: Wish) -> str:
        """The path of the rendered fly.toml."""
        path = self._folder / f"{wish.app}-{hashlib.sha256(wish.toml().encode()).hexdigest()[:12]}.toml"
        path.write_text(wish.toml())
        return str(path)
