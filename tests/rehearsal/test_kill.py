"""A killed `pulumi up`: the next rehearsal mends what it left and ends in one deployed stack, nothing twice."""

from __future__ import annotations

import os
import signal

import pytest

from tests.patience import eventually
from tests.rehearsal.project import Project

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(
    ("existing", "left"),
    [(1, 1.0), (2, 0.0), (6, 1.0), (9, 0.5)],
    ids=lambda value: f"after-{value}-resources" if isinstance(value, int) else f"{value:.0%}-of-the-state-left",
)
def test_a_killed_up_converges_when_run_again(project: Project, existing: int, left: float) -> None:
    project.keep_systems("staging", "tetrix")
    assert project.slipway("sandbox", "start").returncode == 0
    project.slipway("sandbox", "faults", "latency", "--operation", "create", "--latency-ms", "400", "--count", "0")
    process = project.start_pulumi("staging", "up", "--yes", "--skip-preview", "--parallel", "1")
    _wait_for(project, existing)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if left < 1.0:
        state = project.state_file("staging")
        os.truncate(state, int(state.stat().st_size * left))
    project.slipway("sandbox", "faults", "--clear")
    done = project.slipway("rehearse", "staging")
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("the rehearsal's state of staging could not be read" in done.stderr) is (left < 1.0)
    counts = {kind: len(entries) for kind, entries in project.client.resources().items()}
    assert counts["digitalocean/app"] == 1
    assert counts["digitalocean/uptimeCheck"] == 2
    assert counts["digitalocean/uptimeAlert"] == 6
    assert counts["cloudflare/dnsRecord"] == 1
    assert not project.state("staging").get("pending_operations")


def _wait_for(project: Project, count: int) -> None:
    """Until so many resources, the zone among them, exist in the emulated cloud."""

    def there() -> bool:
        kinds = project.client.resources()
        return sum(len(entries) for kind, entries in kinds.items() if not kind.startswith("fly")) >= count

    eventually(there, seconds=150)
