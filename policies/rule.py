"""What a rule is: a pure function over one noun of the inventory, with all that people need to know about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from planning.naming import PLAIN_ENVIRONMENT
from policies.circumstances import Circumstances
from policies.sample import Samples
from settings.policies import Level

Subject = TypeVar("Subject")


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[Subject]):
    """One rule. `broken` yields what is wrong with one subject, in words that go on after its name; it may raise
    UnknownValueError, and then nothing is decided about that subject yet."""

    name: str
    about: type[Subject]
    """The noun that it looks at, one by one; Inventory for a rule about the stack as a whole."""
    title: str
    """What must hold, in one sentence."""
    why: str
    source: str
    """Where that is said, and when it was read."""
    remedy: str
    """What to do about a finding."""
    production: Level
    elsewhere: Level
    broken: Callable[[Subject, Circumstances], Iterator[str]]
    samples: Callable[[], Samples]

    def level(self, environment: str) -> Level:
        """What a finding does in an environment, unless the stack file says otherwise."""
        return self.production if environment == PLAIN_ENVIRONMENT else self.elsewhere
