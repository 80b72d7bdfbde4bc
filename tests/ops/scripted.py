"""Surroundings whose flyctl is a script."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fly.facts import Facts
from ops.surroundings import Surroundings
from tests.fly.script import ScriptedFlyctl
from tests.stacks import loaded
from tests.tetrix import ROOT


@dataclass(frozen=True)
class Scripted(Surroundings):
    """Acts on nothing."""

    flyctl: ScriptedFlyctl = field(default_factory=lambda: ScriptedFlyctl([]))

    def fly(self) -> AbstractContextManager[Facts]:  # type: ignore[override]  # a plain one is enough here
        return nullcontext(Facts(self.flyctl))


def scripted(records: Path, environment: Mapping[str, str], *script: dict[str, Any]) -> Scripted:
    """The production stack, with these answers of flyctl."""
    return Scripted(ROOT, loaded("production"), environment, records, flyctl=ScriptedFlyctl(list(script)))
