"""What people are told of an alert, whatever the way it takes to them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from planning.alerts.state import Notice, Word
from planning.thresholds import Severity, shown


@dataclass(frozen=True)
class Message:
    """A notice in words. `at` and `since` are seconds since 1970; `id` is the same for an alert and its end."""

    id: str
    environment: str
    system: str
    alert: str
    severity: Severity
    word: Word
    at: float
    since: float
    summary: str
    detail: str

    @property
    def title(self) -> str:
        """One line: `CRITICAL paintbox: /api/health does not answer as it must for 2m`."""
        label = "RECOVERED" if self.word == "recovered" else self.severity.upper()
        again = " (still)" if self.word == "still firing" else ""
        where = self.system if self.environment == "production" else f"{self.system} ({self.environment})"
        return f"{label}{again} {where}: {self.summary}"

    @property
    def when(self) -> str:
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    def document(self) -> dict[str, Any]:
        """For programs."""
        return {**asdict(self), "title": self.title}


def message(notice: Notice, environment: str, remark: str) -> Message:
    """The notice in words; `remark` is what the look at it had to say."""
    alert = notice.alert
    measured = "" if notice.measured is None else f"now {shown(alert.threshold, notice.measured)}"
    return Message(
        id=f"{environment}/{alert.system}/{alert.key}",
        environment=environment,
        system=alert.system,
        alert=alert.key,
        severity=alert.threshold.severity,
        word=notice.word,
        at=notice.at,
        since=notice.since,
        summary=alert.end if notice.word == "recovered" else alert.meaning,
        detail=", ".join(part for part in (measured, remark) if part),
    )
