"""What a visitor gets, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["answered", "blocked", "challenged", "limited", "not here"]


@dataclass(frozen=True)
class Hit:
    """A rule that matched: its phase, its place there (from 1), its ref, and what it did."""

    phase: str
    place: int
    ref: str
    action: str
    note: str = ""


@dataclass(frozen=True)
class Cached:
    """How an answer is kept. Seconds; `edge` None: not kept; `browser` None: as the origin says."""

    edge: int | None = None
    browser: int | None = None
    control: str | None = None
    """The Cache-Control that the visitor sees; None: the origin's."""
    by: str = ""
    """What decided it, in words."""


@dataclass(frozen=True)
class Outcome:
    """What happens to one request. `status` is the code where the edge answers itself, None where the origin does."""

    verdict: Verdict
    hits: tuple[Hit, ...]
    status: int | None = None
    body: str = ""
    content_type: str = ""
    worker: str | None = None
    cached: Cached = Cached()
    headers_set: tuple[tuple[str, str], ...] = ()
    headers_removed: tuple[str, ...] = ()
