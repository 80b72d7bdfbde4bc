"""What the monitor counts at the platforms."""

from __future__ import annotations

import json
from pathlib import Path

from fly.commands.volume_files import GROUP
from ops.monitor.platform import on_fly
from tests.ops.scripted import scripted


def test_only_machines_that_take_requests_are_counted(tmp_path: Path) -> None:
    reader = {"id": "m4", "state": "started", "config": {"metadata": {"fly_process_group": GROUP}}}
    machines = [
        {"id": "m1", "state": "started"},
        {"id": "m2", "state": "started", "cordoned": True},
        {"id": "m3", "state": "destroyed"},
        reader,
    ]
    script = {"run": "machine list --app paintbox --json", "prints": json.dumps(machines)}
    assert list(on_fly(scripted(tmp_path, {}, script), "paintbox")) == [("machines", 1.0, "m2 is started")]
