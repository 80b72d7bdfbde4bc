"""A certificate, as `flyctl certs list|add|check --json` print it (fly-go types.go)."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class CertificateSummary(BaseModel):
    """One line of `certs list`."""

    hostname: str


class AcmeChallenge(BaseModel):
    """The CNAME by which the certificate authority checks the domain."""

    name: str = ""
    target: str = ""


class Ownership(BaseModel):
    """The TXT record by which Fly.io checks who owns the domain."""

    name: str = ""
    app_value: str = ""


class DnsRequirements(BaseModel):
    """What DNS must say for the certificate to be issued and for traffic to arrive."""

    a: list[str] | None = None
    aaaa: list[str] | None = None
    cname: str = ""
    acme_challenge: AcmeChallenge = Field(default_factory=AcmeChallenge)
    ownership: Ownership = Field(default_factory=Ownership)


class Issued(BaseModel):
    """A certificate that was issued for a host name."""

    expires_at: datetime | None = None


class Certificate(BaseModel):
    """A host name with its certificate."""

    hostname: str
    status: str = ""
    configured: bool = False
    dns_requirements: DnsRequirements = Field(default_factory=DnsRequirements)
    certificates: list[Issued] | None = None

    @property
    def expires_at(self) -> datetime | None:
        """When the first of its certificates ends; None as long as none was issued."""
        return min((one.expires_at for one in self.certificates or [] if one.expires_at), default=None)
