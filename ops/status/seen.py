"""What was seen of a system: its instances and its domains, in words that hold on both platforms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Instance:
    """A machine or a replica. `checks` is (passing, all); `release` what the platform counts or calls it."""

    part: str
    id: str
    state: str
    region: str
    release: str
    runs: str
    """The image or the deployment."""
    checks: tuple[int, int]
    cordoned: bool = False

    @property
    def well(self) -> bool:
        """It gets requests and answers them; one that rests until it is needed is well, too."""
        if self.state in ("stopped", "suspended"):
            return not self.cordoned
        return self.state in ("started", "running") and self.checks[0] == self.checks[1] and not self.cordoned


@dataclass(frozen=True)
class Domain:
    """A domain, its certificate, and what keeps them from working."""

    name: str
    state: str
    expires_at: datetime | None = None
    reason: str = ""

    @property
    def days_left(self) -> int | None:
        """Whole days until the certificate ends; None where the platform does not tell."""
        return (self.expires_at - datetime.now(UTC)).days if self.expires_at else None


@dataclass(frozen=True)
class Seen:
    """A system as it is. `trouble` is why it could not be looked at; `notes` are what a person should know."""

    system: str
    platform: str
    app: str
    instances: tuple[Instance, ...] = ()
    domains: tuple[Domain, ...] = ()
    notes: tuple[str, ...] = ()
    trouble: str = ""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "system": self.system,
            "platform": self.platform,
            "app": self.app,
            "trouble": self.trouble,
            "notes": list(self.notes),
            "instances": [
                {
                    "part": instance.part,
                    "id": instance.id,
                    "state": instance.state,
                    "region": instance.region,
                    "release": instance.release,
                    "runs": instance.runs,
                    "checks_passing": instance.checks[0],
                    "checks": instance.checks[1],
                    "cordoned": instance.cordoned,
                    "well": instance.well,
                }
                for instance in self.instances
            ],
            "domains": [
                {
                    "name": domain.name,
                    "state": domain.state,
                    "certificate_expires_at": domain.expires_at.isoformat() if domain.expires_at else None,
                    "reason": domain.reason,
                }
                for domain in self.domains
            ],
        }
