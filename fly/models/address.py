"""An address, as `flyctl ips list --json` prints it (fly-go types.go, IPAddress: Go's own field names)."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Address(BaseModel):
    """One IP address. `type` is v4, shared_v4, v6, private_v6, or an egress type."""

    address: str = Field(alias="Address")
    type: str = Field(alias="Type")
    region: str = Field("", alias="Region")
