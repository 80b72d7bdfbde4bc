"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass, field

from settings.policies import Level


@dataclass(frozen=True, order=True)
class Finding:
    """One rule that one thing breaks."""

    rule: str
    resource: str
    """The logical name of what it is about; the stack's own for a rule about all of it."""
    message: str
    """What is wrong, the resource's name included."""
    level: Level = field(compare=False)
    system: str | None = field(default=None, compare=False)
    remedy: str = field(default="", compare=False)
    waived: str | None = field(default=None, compare=False)
    """Why the stack lives with it, and until when; None where it does not."""

    @property
    def fails(self) -> bool:
        """Whether a deployment must not go on."""
        return self.level == "mandatory" and self.waived is None


@dataclass(frozen=True, order=True)
class Undecided:
    """A rule that cannot be decided about one thing, since a value is not known yet."""

    rule: str
    resource: str
    level: Level = field(compare=False)


@dataclass(frozen=True)
class Audit:
    """All that came of it, each part sorted."""

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]

    @property
    def failed(self) -> bool:
        """Whether anything stops a deployment."""
        return any(finding.fails for finding in self.findings)
