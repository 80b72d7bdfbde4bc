"""The monitor's log: a line of JSON a system and round. `alerts test --incident FILE.jsonl` replays it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ops.monitor.monitor import Report

_LARGEST_BYTES: Final = 20_000_000


def lines(report: Report) -> Iterator[str]:
    """What was measured and told in a round."""
    for system, verdicts in report.verdicts.items():
        remarks = {verdict.alert.threshold.measure: verdict.remark for verdict in verdicts if verdict.remark}
        yield json.dumps(
            {
                "at": report.at.timestamp(),
                "time": report.at.isoformat(timespec="seconds"),
                "system": system,
                "measured": {
                    verdict.alert.threshold.measure: verdict.measured
                    for verdict in verdicts
                    if verdict.alert.threshold.name != "flapping"
                },
                "remarks": remarks,
                "firing": [verdict.alert.key for verdict in verdicts if verdict.state.phase == "firing"],
                "told": [verdict.message.title for verdict in verdicts if verdict.message],
                "troubles": [trouble for trouble in report.troubles if trouble.startswith(f"{system}/")],
            }
        )


def append(file: Path, report: Report) -> None:
    """Add a round to the file. A full one is put aside as `.1`, and the one that was there goes."""
    if file.exists() and file.stat().st_size > _LARGEST_BYTES:
        file.replace(file.with_name(f"{file.name}.1"))
    file.touch(mode=0o600)
    with file.open("a", encoding="utf-8") as log:
        log.writelines(f"{line}\n" for line in lines(report))
