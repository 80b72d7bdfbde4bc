"""Whether a release is good: moved, one image everywhere, all checks passing, and answering from outside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from fly.facts import Facts
from fly.models.machine import Machine
from fly.release.health import Trouble, crashes, ended, not_healthy, serving
from fly.release.outside import Http, base_url, steady
from fly.release.wish import Wish
from fly.validation.deploys import wait_seconds

POLL_SECONDS = 1.0
# A process that came back after it ended has to stay for this long
STEADY_SECONDS = 5.0


@dataclass(frozen=True)
class Verdict:
    """`troubles` is empty for a good release. `image` is what all machines run, pinned by digest."""

    troubles: tuple[Trouble, ...]
    image: str = ""


class Gatekeeper:
    """Looks at an app until it can say whether the release in it is good."""

    def __init__(
        self, facts: Facts, http: Http, environment: Mapping[str, str], poll_seconds: float = POLL_SECONDS
    ) -> None:
        self._facts = facts
        self._http = http
        self._environment = environment
        self.poll_seconds = poll_seconds

    async def machines(self, app: str) -> list[Machine]:
        """The machines now, never from memory."""
        self._facts.forget(("machines", app))
        return await self._facts.machines(app)

    async def verdict(self, wish: Wish, since: Mapping[str, int], *, newer_than: int) -> Verdict:
        """Wait for health as long as the release may take, then ask from outside. Crashes end the wait at once.

        `since` says when something last happened to each machine before; a machine whose release is not `newer_than`
        that number was left out by the deploy.
        """
        end = time.monotonic() + wait_seconds(wish.config)
        ends, quiet_since = 0, 0.0
        asked = False
        while True:
            machines = await self.machines(wish.app)
            crashed = crashes(machines, wish.config, since, newer_than)
            if crashed:
                return Verdict(tuple(crashed))
            count = ended(machines, wish.config, since, newer_than)
            if count != ends:
                ends, quiet_since, asked = count, time.monotonic(), False
            troubles = [*moving(machines, wish, newer_than), *not_healthy(machines, wish.config)]
            if ends and time.monotonic() - quiet_since < STEADY_SECONDS:
                troubles.append(Trouble("a process ended and was restarted; it has to stay up for a while"))
            if not troubles and asked:
                return Verdict((), _image(machines, wish))
            if not troubles:
                outside = await self._outside(wish)
                if outside:
                    return Verdict((outside,))
                asked = True  # and look once more, whether everything stayed up meanwhile
                continue
            if time.monotonic() >= end:
                return Verdict(tuple(troubles))
            await asyncio.sleep(self.poll_seconds)

    async def _outside(self, wish: Wish) -> Trouble | None:
        if not wish.config.serves_public() or wish.gate.successes == 0 or not sum(wish.counts.values()):
            return None
        url = await base_url(wish.app, wish.gate, self._environment, self._http)
        failure = await steady(url + wish.gate.path, wish.gate, self._http)
        return Trouble(f"from outside: {failure}", outside=True) if failure else None


def moving(machines: list[Machine], wish: Wish, newer_than: int) -> list[Trouble]:
    """What keeps the machines from being the release, whatever their health: left out, too few, not of one image."""
    return [*_left_out(machines, wish, newer_than), *_mixed(machines, wish)]


def _left_out(machines: list[Machine], wish: Wish, newer_than: int) -> list[Trouble]:
    ours = serving(machines, wish.config)
    stale = [
        Trouble(f"it still runs release {machine.release_version}", machine.id, machine.region)
        for machine in ours
        if machine.release_version <= newer_than
    ]
    wanted = sum(wish.counts.values())
    count = sum(machine.group == wish.group() for machine in ours)
    if count != wanted:
        stale.append(Trouble(f"there are {count} machines, {wanted} are wanted"))
    return stale


def _mixed(machines: list[Machine], wish: Wish) -> list[Trouble]:
    images = sorted({machine.image_ref.pinned() for machine in serving(machines, wish.config)})
    return [Trouble(f"the machines run different images: {', '.join(images)}")] if len(images) > 1 else []


def _image(machines: list[Machine], wish: Wish) -> str:
    return next((machine.image_ref.pinned() for machine in serving(machines, wish.config)), "")
