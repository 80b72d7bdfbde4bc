"""A secret, as `flyctl secrets list --json` prints it (flyctl internal/command/secrets/list.go)."""

from __future__ import annotations

from pydantic import BaseModel


class Secret(BaseModel):
    """A name and the digest of its value. `status` is Deployed, Staged, Partial or Unknown."""

    name: str
    digest: str = ""
    status: str = "Unknown"
