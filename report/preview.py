"""A preview: what the engine would do to each resource, and what it found changed behind its back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from inventory.resource import Resource as Part
from report.values import Value

Properties = Mapping[str, Value]


class Operation(Enum):
    """What happens to a resource. The order is that of their weight."""

    DELETE = "delete"
    REPLACE = "replace"
    UPDATE = "update"
    CREATE = "create"
    IMPORT = "import"
    SAME = "same"


@dataclass(frozen=True)
class Resource:
    """One resource of the stack, and what happens to it. `old` and `new` are its inputs; None where there is none."""

    urn: str
    type: str
    operation: Operation
    parent: str | None
    old: Properties | None
    new: Properties | None
    changed_paths: tuple[str, ...] = ()
    """Where the provider sees a difference, in the engine's notation, such as `rules[0].expression`."""
    protected: bool = False
    custom: bool = True
    """Whether it exists at a cloud; components exist in the program only."""

    @property
    def name(self) -> str:
        """Its name in the program."""
        return self.urn.rpartition("::")[2]

    @property
    def properties(self) -> Properties:
        """Its inputs as they will be; of one that is deleted, as they were."""
        return (self.new if self.new is not None else self.old) or {}


@dataclass(frozen=True)
class Drifted:
    """A resource that is not any more as the last deployment left it. `new` is None for one that is gone."""

    urn: str
    type: str
    old: Properties
    new: Properties | None
    changed_paths: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """All that one preview says, in an order that does not depend on when the engine said it."""

    stack: str
    resources: tuple[Resource, ...]
    drifted: tuple[Drifted, ...] | None
    """None: the preview did not look (`--refresh`)."""
    warnings: tuple[str, ...] = ()
    before: tuple[Part, ...] = field(default=(), repr=False)
    """What there is now, for the inventory."""
    after: tuple[Part, ...] = field(default=(), repr=False)
    """What there would be then."""
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    """Values that are known to be secret here and must not be shown, whatever the events say."""

    @property
    def changed(self) -> tuple[Resource, ...]:
        """The resources at a cloud to which something happens."""
        return tuple(part for part in self.resources if part.custom and part.operation is not Operation.SAME)
