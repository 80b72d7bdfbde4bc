"""The record of drills is read as its docs say, or refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from policies.drill import FILE, Drill, DrillRecordError, read_drills

ENTRY = {"system": "shop", "at": "2026-11-22T10:00:00+00:00", "ok": True, "rpo_seconds": 60, "rto_seconds": None}


def test_each_entry_is_a_drill(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps([ENTRY]))
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert read_drills(tmp_path) == (Drill("shop", at, ok=True),)


def test_without_a_record_there_was_none(tmp_path: Path) -> None:
    assert read_drills(tmp_path) == ()


@pytest.mark.parametrize(
    "text",
    [
        "[{",
        "[1]",
        '{"system": "shop"}',
        json.dumps([{**ENTRY, "at": "yesterday"}]),
        json.dumps([{key: value for key, value in ENTRY.items() if key != "ok"}]),
    ],
)
def test_what_is_no_record_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(DrillRecordError, match=f"{FILE} is not a record of drills .*; mend it or move it away"):
        read_drills(tmp_path)
