"""An app, as `flyctl apps list`, `apps create` and `status` print it (fly-go types.go, App: Go's own field names)."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Organization(BaseModel):
    """Who owns an app."""

    slug: str = Field("", alias="Slug")


class App(BaseModel):
    """An app. `hostname` is its public name, `<name>.fly.dev`."""

    id: str = Field("", alias="ID")
    name: str = Field(alias="Name")
    hostname: str = Field("", alias="Hostname")
    deployed: bool = Field(False, alias="Deployed")
    status: str = Field("", alias="Status")
    network: str = Field("", alias="Network")
    organization: Organization = Field(default_factory=Organization.model_construct, alias="Organization")
