"""What the last successful `pulumi up` of this stack left: read from the stack's own outputs."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from settings.volume_before import VolumeBefore

_READS: Final = 20
_PAUSE_SECONDS: Final = 0.1

OUTPUT: Final = "deployed"
"""The stack output that the next run reads."""


class OtherAppDeployedError(Exception):
    """The settings adopt an app, but the stack has another one already."""


@dataclass(frozen=True)
class Deployed:
    """The state of one system at the end of the last `pulumi up`, empty before the first."""

    app_id: str = ""
    mark: str = ""
    wanted: str = ""
    """The mark that it should have had, where that is known only in the end; another one while it has old URLs of its
    data services."""
    rulesets: Mapping[str, str] = field(default_factory=dict)
    """Of a zone: the ids of its entry points by phase."""
    fly_app: str = ""
    """Of a system on Fly.io: its app."""
    volumes: Mapping[str, VolumeBefore] = field(default_factory=dict)
    """The volumes by part of the system."""

    def adopting(self, adopt: str | None) -> bool:
        """Whether the app `adopt` still has to be taken over. Raises OtherAppDeployedError when it no longer can be."""
        if adopt and self.app_id not in ("", adopt):
            # The engine would delete the stack's own app after importing the other one.
            message = (
                f"app.adopt names {adopt}, but this stack runs the app {self.app_id} already; remove app.adopt to keep "
                "that one, or take it out of the stack first (see pulumi state delete --help)"
            )
            raise OtherAppDeployedError(message)
        return bool(adopt) and not self.app_id


def last_deployed() -> Mapping[str, Deployed]:
    """Per system, what the stack's state holds. Costs one call to the engine, none to a cloud."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    outputs = _stack_outputs(stack).get("outputs") or {}
    return {name: _read(entry) for name, entry in (outputs.get(OUTPUT) or {}).items()}


def first_run(name: str, parent: pulumi.Resource) -> bool:
    """Whether no run before this one came as far as here. Owns `name`, a Stash, which costs nothing.

    The stack's outputs tell of complete runs only. What a failed one left is seen by a value in the state that keeps
    what it was made with.
    """
    made_with = uuid.uuid4().hex
    opts = pulumi.ResourceOptions(parent=parent, ignore_changes=["input"])
    stash = pulumi.Stash(name, opts=opts, input=made_with)
    found = pulumi.runtime.invoke("pulumi:pulumi:getResource", {"urn": stash.urn})
    return bool(found.value["state"]["output"] == made_with)


def _stack_outputs(stack: str) -> Mapping[str, Any]:
    """What the engine reads from the stack's state; again where it reads the file while it writes it itself."""
    for _ in range(_READS):
        try:
            return pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": stack}).value or {}
        except Exception as error:
            # The SDK raises no narrower type. A state in a file is truncated before it is written (pulumi 3.259,
            # pkg/backend/diy), and the engine writes it just when the program begins.
            if "failed to load checkpoint" not in str(error):
                raise
            unread = error
            time.sleep(_PAUSE_SECONDS)
    raise unread


def _read(entry: Mapping[str, Any]) -> Deployed:
    return Deployed(
        app_id=str(entry.get("appId") or ""),
        mark=str(entry.get("mark") or ""),
        wanted=str(entry.get("wanted") or ""),
        fly_app=str(entry.get("app") or ""),
        volumes={
            part: VolumeBefore(str(found["region"]), int(found["sizeGb"]), int(found["count"]))
            for part, found in (entry.get("volumes") or {}).items()
        },
        rulesets={phase: str(id_) for phase, id_ in (entry.get("rulesets") or {}).items()},
    )
