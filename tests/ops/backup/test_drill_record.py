"""The record of drills, as the policy that asks for one reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.backup.drill import Tried, record
from ops.errors import OperationError
from policies.drill import FILE, read_drills

GOOD = Tried("web", "2026-11-22T12:00:00+00:00", True, 30.0, 4.5, "20261122T115930Z-aaaa", 3, [])
BAD = Tried("web", "2026-11-22T13:00:00+00:00", False, None, None, "20261122T115930Z-aaaa", 0, ["data.json is missing"])


def test_drills_are_appended_and_read_by_the_policy(tmp_path: Path) -> None:
    record(tmp_path, GOOD)
    record(tmp_path, BAD)
    assert [(drill.system, drill.ok) for drill in read_drills(tmp_path)] == [("web", True), ("web", False)]
    entries = json.loads((tmp_path / FILE).read_text())
    assert (entries[0]["rpo_seconds"], entries[0]["rto_seconds"]) == (30.0, 4.5)
    assert entries[1]["problems"] == ["data.json is missing"]


def test_a_record_that_is_none_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(OperationError, match="is no record of drills"):
        record(tmp_path, GOOD)
    assert (tmp_path / FILE).read_text() == "{"
