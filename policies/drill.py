"""The record of backup drills: whether a restore was tried, and how it went.

A verb that tries a restore appends to `drills.json` in the stack's folder of records, a list of
`{"system": …, "at": …, "ok": …, "rpo_seconds": …, "rto_seconds": …}`; `at` is a time in ISO 8601, the seconds may be
null.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

FILE: Final = "drills.json"


@dataclass(frozen=True)
class Drill:
    """One drill: what was restored, when, and whether that succeeded."""

    system: str
    at: datetime
    ok: bool


class DrillRecordError(Exception):
    """The record of drills cannot be read."""


def read_drills(records: Path) -> tuple[Drill, ...]:
    """The drills on record in a stack's folder of records; none where there is no record yet.

    Raises DrillRecordError, which names the file, when it is not what the record must be.
    """
    file = records / FILE
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return tuple(
            Drill(
                system=entry["system"],
                at=datetime.fromisoformat(entry["at"]),
                ok=entry["ok"] is True,
            )
            for entry in entries
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DrillRecordError(
            f"{file} is not a record of drills ({type(error).__name__}: {error}); mend it or move it away"
        ) from error
