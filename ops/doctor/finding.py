"""One thing that was looked at, how it is, and the way out where it is not well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "bad"]
Area = Literal["programs", "settings", "tokens", "quotas", "state", "machine", "bugs"]


@dataclass(frozen=True)
class Finding:
    """`note` is what a person should know and may live with; `bad` keeps a verb from working."""

    area: Area
    what: str
    level: Level
    said: str
    way_out: str = ""
