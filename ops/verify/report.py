"""What was seen, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Final

from ops.verify.check import Check

_MARKS: Final = {"ok": "✓", "failed": "✗", "skipped": "-"}


def failures(checks: Iterable[Check]) -> list[str]:
    """A line for each that failed."""
    return [f"{check.system}: {check.name}: {check.said}" for check in checks if check.state == "failed"]


def lines(checks: list[Check]) -> Iterator[str]:
    """A table by system, then the sum."""
    width = max((len(check.name) for check in checks), default=0)
    system = ""
    for check in checks:
        if check.system != system:
            system = check.system
            yield system
        yield f"  {_MARKS[check.state]} {check.name:<{width}}  {check.said}"
    counts = {state: sum(check.state == state for check in checks) for state in _MARKS}
    yield f"{counts['ok']} ok, {counts['failed']} failed, {counts['skipped']} skipped"


def as_json(checks: list[Check]) -> str:
    """`{ok, checks: [{system, name, state, said}]}`."""
    return json.dumps({"ok": not failures(checks), "checks": [asdict(check) for check in checks]})
