"""What the last successful `pulumi up` of this stack left: read from the stack's own outputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

OUTPUT: Final = "deployed"
"""The stack output that the next run reads."""


@dataclass(frozen=True)
class Deployed:
    """The state of one system at the end of the last `pulumi up`, empty before the first."""

    app_id: str = ""
    secrets_mark: str = ""

    def adopting(self, adopt: object) -> bool:
        """Whether an app that exists already still has to be taken over."""
        return adopt is not None and not self.app_id


def last_deployed() -> Mapping[str, Deployed]:
    """Per system, what the stack's state holds. Costs one call to the engine, none to a cloud."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    result = pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", {"name": stack})
    outputs = (result.value or {}).get("outputs") or {}
    return {name: _read(entry) for name, entry in (outputs.get(OUTPUT) or {}).items()}


def _read(entry: Mapping[str, Any]) -> Deployed:
    return Deployed(app_id=str(entry.get("appId") or ""), secrets_mark=str(entry.get("secretsMark") or ""))
