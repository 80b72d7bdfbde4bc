"""The steps of a deployment as data: their order, what each does, and what a cut in it leaves to be undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Direction = Literal["forward", "back"]


@dataclass(frozen=True)
class StepPlan:
    """One step. `changes` is what it may change, `""` for nothing; `undo` is how that is taken back.

    Every step can be taken again from its beginning, which is what a resumed deployment does with the one that was
    cut off.
    """

    name: str
    what: str
    changes: str = ""
    undo: str = ""


_BACK: Final = "up with the files, secrets and images of the release before, the clouds read anew"
_LOOK: Final = "somebody has to look: `./slipway verify`, then `rollback` or `deploy`"

FORWARD: Final = (
    StepPlan("files", "the program, its settings and secrets are put aside as they are now"),
    StepPlan("policies", "the policies are asked about what the settings describe"),
    StepPlan("tokens", "every cloud is asked with the token at hand"),
    StepPlan("platforms", "the platforms' status pages are read"),
    StepPlan("backup", "the present specs and fly.toml files are kept, volumes get a snapshot", "adds snapshots"),
    StepPlan("up", "the engine deploys, until nothing is left to settle", "everything", _BACK),
    StepPlan("verify", "what runs is compared with what was asked for", undo=_BACK),
    StepPlan("record", "the release is noted as the one to return to", undo=_BACK),
)
"""A deployment."""

BACK: Final = (
    StepPlan("return", "the engine deploys the earlier release, after reading the clouds anew", "everything", _LOOK),
    StepPlan("verify again", "what runs is compared with what the earlier release asks for", undo=_LOOK),
    StepPlan("record again", "the earlier release is noted as the one that runs", undo=_LOOK),
)
"""The way back, by itself or as what follows a deployment that failed."""

SKIPPABLE: Final = ("policies", "tokens", "platforms", "backup")
"""The steps that a person may leave out by name."""


def plans(direction: Direction) -> tuple[StepPlan, ...]:
    """The steps in that direction, in order."""
    return FORWARD if direction == "forward" else BACK


def changes_anything(name: str) -> bool:
    """Whether what serves users may be different once this step began."""
    return any(step.changes == "everything" for step in (*FORWARD, *BACK) if step.name == name)
