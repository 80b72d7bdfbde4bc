"""What came of a command inside a machine, as `flyctl machine exec --json` prints it (fly-go machine_types.go)."""

from __future__ import annotations

from pydantic import BaseModel


class Executed(BaseModel):
    """flyctl itself ends well however the command ended."""

    exit_code: int = 0
    stdout: str = ""
    stderr: str = ""
