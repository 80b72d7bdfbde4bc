"""What the provider needs to know of a kind of resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from fly.errors import FlyError, Problem
from fly.provider.values import Properties

if TYPE_CHECKING:
    # Not for the server, which has to answer before the models of fly.toml are there.
    from fly.config.compare import Kind


@dataclass(frozen=True)
class Difference:
    """What changed, path by path, and which of it cannot be changed in place."""

    changes: Mapping[str, Kind] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    delete_first: bool = False


@dataclass(frozen=True)
class Found:
    """A resource as it is at Fly.io."""

    id: str
    inputs: Properties
    outputs: Properties


class HalfCreated(FlyError):  # noqa: N818 - the name says what is the case
    """Something exists but is not as it should be: it goes into state with the reason, so that nothing is lost."""

    def __init__(self, id_: str, outputs: Properties, reason: str) -> None:
        self.id = id_
        self.outputs = outputs
        super().__init__(reason)


class Resource(Protocol):
    """One kind of resource. Inputs may hold `UNKNOWN` and `Secret` in `check`, `difference` and `preview` only."""

    async def check(self, olds: Properties, news: Properties) -> tuple[Properties, list[Problem]]:
        """The inputs with defaults filled in, and everything that is wrong with them."""

    def difference(self, olds: Properties, news: Properties) -> Difference:
        """What differs between old and new inputs."""

    def preview(self, olds: Properties | None, news: Properties) -> Properties:
        """The outputs that are known before anything is done; the others are `UNKNOWN`."""

    async def create(self, news: Properties) -> tuple[str, Properties]:
        """Make it so. Returns its id and outputs. May be called again after any interruption."""

    async def read(self, id_: str, inputs: Properties, outputs: Properties) -> Found | None:
        """How it is now; None only when it certainly does not exist. Empty `outputs` mean an import."""

    async def update(self, id_: str, olds: Properties, news: Properties) -> Properties:
        """Make it as wished. Returns its outputs. May be called again after any interruption."""

    async def delete(self, id_: str, olds: Properties) -> None:
        """Make it gone."""


def root(path: str) -> str:
    """The top-level key of a property path."""
    return path.replace("[", ".").partition(".")[0]
