"""What a person says about a deployment beside its stack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """`skip` are steps to leave out. `patience_seconds` is how long what fails may take to become well before it
    counts, `wait_seconds` how long another deployment may take to end."""

    skip: frozenset[str] = frozenset()
    patience_seconds: float = 300.0
    wait_seconds: float = 0.0
