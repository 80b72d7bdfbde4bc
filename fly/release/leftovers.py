"""Machines that a killed deploy left behind: canaries, and green machines whose blue ones still live."""

from __future__ import annotations

from collections.abc import Mapping

from fly.config import FlyConfig
from fly.models.machine import CANARY, GONE, Machine
from fly.models.release import Release
from fly.release.health import serving


def leftovers(
    machines: list[Machine], releases: list[Release], config: FlyConfig, counts: Mapping[str, int], group: str
) -> list[str]:
    """The ids of machines that no release wants. In a region with too many, those of an unfinished release go first."""
    finished = {release.version for release in releases if release.status == "complete"}
    canaries = [m.id for m in machines if m.metadata.get(CANARY) == "true" and m.state not in GONE]
    found = list(canaries)
    for region in sorted(counts):
        here = [
            machine
            for machine in serving(machines, config)
            if machine.region == region and machine.group == group and machine.id not in canaries
        ]
        unfinished = [machine for machine in here if machine.release_version not in finished]
        excess = len(here) - counts[region]
        if len(unfinished) < len(here):
            found += [machine.id for machine in unfinished[: max(0, excess)]]
    return found
