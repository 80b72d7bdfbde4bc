"""What App Platform's API answers, as far as operating reads it (digitalocean/openapi, models of `apps`, 2026-11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

GOOD_PHASES: Final = ("ACTIVE", "SUPERSEDED")
ENDED_PHASES: Final = (*GOOD_PHASES, "ERROR", "CANCELED")


class Answer(BaseModel):
    """Keeps what is read and passes over the rest: the API grows."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StepReason(Answer):
    code: str = ""
    message: str = ""


class Step(Answer):
    name: str = ""
    status: str = ""
    reason: StepReason | None = None


class Progress(Answer):
    steps: tuple[Step, ...] = ()


class Deployment(Answer):
    """One deployment. `spec` may hold encrypted secrets, so it does not show in messages."""

    id: str
    phase: str = "UNKNOWN"
    cause: str = ""
    created_at: datetime | None = None
    cloned_from: str = ""
    spec: dict[str, Any] = Field(default_factory=dict, repr=False)
    progress: Progress = Progress()

    @property
    def ended(self) -> bool:
        """Whether its phase does not change any more, but for being superseded."""
        return self.phase in ENDED_PHASES

    @property
    def reason(self) -> str:
        """Why it failed, in the platform's words; empty where it says nothing."""
        return "; ".join(step.reason.message for step in self.progress.steps if step.reason and step.reason.message)


class DomainSpec(Answer):
    domain: str
    type: str = ""


class DomainProgress(Answer):
    steps: tuple[Step, ...] = ()


class Domain(Answer):
    """A domain of an app: works when its phase is ACTIVE."""

    spec: DomainSpec
    phase: str = "UNKNOWN"
    certificate_expires_at: datetime | None = None
    progress: DomainProgress = DomainProgress()

    @property
    def reason(self) -> str:
        """What keeps it from being ACTIVE, in the platform's words."""
        return "; ".join(step.reason.message for step in self.progress.steps if step.reason and step.reason.message)


class Region(Answer):
    slug: str = ""


class App(Answer):
    """An app. `spec` is what the API takes back in `update_app`; it may hold encrypted secrets."""

    id: str
    spec: dict[str, Any] = Field(repr=False)
    default_ingress: str = ""
    live_url: str = ""
    region: Region = Region()
    active_deployment: Deployment | None = None
    in_progress_deployment: Deployment | None = None
    pending_deployment: Deployment | None = None
    pinned_deployment: Deployment | None = None
    domains: tuple[Domain, ...] = ()

    @property
    def name(self) -> str:
        """The name in the spec, unique in the account."""
        return str(self.spec.get("name", ""))

    @property
    def under_way(self) -> Deployment | None:
        """The deployment that has not ended yet."""
        return self.in_progress_deployment or self.pending_deployment


class Instance(Answer):
    component_name: str
    instance_name: str
    instance_alias: str = ""


class ComponentHealth(Answer):
    """A component's use of what it has, in percent, and its replicas."""

    name: str
    cpu_usage_percent: float = 0
    memory_usage_percent: float = 0
    replicas_desired: int = 0
    replicas_ready: int = 0
    state: str = "UNKNOWN"


class Condition(Answer):
    """Why a rollback cannot be, or what it will not restore exactly."""

    code: str
    message: str = ""
    components: tuple[str, ...] = ()


class RollbackCheck(Answer):
    valid: bool
    error: Condition | None = None
    warnings: tuple[Condition, ...] = ()


class LogAddresses(Answer):
    """Where lines are to be had without a token: an address is a secret itself."""

    live_url: str = Field(default="", repr=False)
    historic_urls: tuple[str, ...] = Field(default=(), repr=False)
