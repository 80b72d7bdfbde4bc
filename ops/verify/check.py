"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Check:
    """What was looked at, and what was seen; `said` gives the reason of what failed or was skipped."""

    system: str
    name: str
    state: Literal["ok", "failed", "skipped"]
    said: str


def ok(system: str, name: str, said: str) -> Check:
    """It is as it should be."""
    return Check(system, name, "ok", said)


def failed(system: str, name: str, said: str) -> Check:
    """It is not as it should be."""
    return Check(system, name, "failed", said)


def skipped(system: str, name: str, why: str) -> Check:
    """It was not looked at."""
    return Check(system, name, "skipped", why)


def judged(system: str, name: str, troubles: list[str], said: str) -> Check:
    """Failed with all the troubles, else ok."""
    return failed(system, name, "; ".join(troubles)) if troubles else ok(system, name, said)
