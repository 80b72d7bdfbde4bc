"""One call of flyctl as data: what to type, whether it changes anything, and what goes in by stdin."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from enum import Enum

from fly.errors import Subject

READ_SECONDS = 60.0
WRITE_SECONDS = 180.0


class Effect(Enum):
    """Whether a command may change something at Fly.io: only reads are retried."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True)
class Command:
    """`argv` is what follows the program name. `stdin` and `secrets` never appear in `repr` or in messages."""

    argv: list[str]
    effect: Effect
    subject: Subject
    timeout_seconds: float
    stdin: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return shlex.join(["flyctl", *self.argv])


def read(subject: Subject, *argv: str, timeout_seconds: float = READ_SECONDS) -> Command:
    """A command that only asks."""
    return Command(list(argv), Effect.READ, subject, timeout_seconds)


def write(
    subject: Subject,
    *argv: str,
    timeout_seconds: float = WRITE_SECONDS,
    stdin: str | None = None,
    secrets: tuple[str, ...] = (),
) -> Command:
    """A command that changes something."""
    return Command(list(argv), Effect.WRITE, subject, timeout_seconds, stdin, secrets)
