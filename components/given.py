"""What the data services of a system give to its app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi


@dataclass(frozen=True)
class Given:
    """`variables` are plain, `secrets` are secret outputs, both by the name that the app knows them by."""

    variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)
    network: pulumi.Output[str] | None = None
    """The private network of DigitalOcean that the app has to be in."""
    ready: tuple[pulumi.Resource, ...] = ()
    """What must run before the app does."""

    def __or__(self, other: Given) -> Given:
        return Given(
            {**self.variables, **other.variables},
            {**self.secrets, **other.secrets},
            self.network or other.network,
            (*self.ready, *other.ready),
        )
