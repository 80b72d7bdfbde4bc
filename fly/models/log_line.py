"""A line of output, as `flyctl logs --json` prints it (flyctl logs/entry.go)."""

from __future__ import annotations

from pydantic import BaseModel


class LogLine(BaseModel):
    """What a machine wrote."""

    timestamp: str = ""
    message: str = ""
    instance: str = ""
