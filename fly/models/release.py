"""A release, as `flyctl releases --image --json` and `deploy` print it (fly-go types.go, Release)."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Release(BaseModel):
    """One release. `status` is pending, running, complete, failed, interrupted, …"""

    id: str = Field("", alias="ID")
    version: int = Field(alias="Version")
    status: str = Field("", alias="Status")
    image: str = Field("", alias="ImageRef")


class Deployed(BaseModel):
    """The line that `flyctl deploy` prints at the end under FLY_EMIT_RELEASE_JSON."""

    id: str = ""
    version: int
    image_ref: str = ""
