# ruff: noqa: N802 - the method has the name of the gRPC contract
"""The project's policy pack, but that it takes the stack apart into samples and judges each by its own rule."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import analyzer_pb2

from inventory.from_resources import from_resources
from inventory.resource import Resource
from policies import pack
from policies.sample import STACK
from tests.policies.judged import FIRST, wrong

RESULT = "SLIPWAY_SAMPLES_RESULT"
"""The variable that names the file for the verdicts."""


class SamplesPack(pack.Pack):
    """Writes what each rule gets wrong about each of its samples; empty texts where all is right."""

    def AnalyzeStack(self, request: Any, context: Any) -> analyzer_pb2.AnalyzeResponse:
        parts: dict[str, list[Resource]] = {}
        for found in map(pack._resource, request.resources):
            label, mark, name = found.name.partition("!")
            if mark:
                parts.setdefault(label, []).append(
                    replace(
                        found,
                        name=name,
                        urn=found.urn.replace(f"{label}!", ""),
                        parent=found.parent.replace(f"{label}!", ""),
                    )
                )
        verdicts = {}
        for label, resources in parts.items():
            rule, kind, sample = FIRST[label]
            inventory = from_resources(STACK, sample.environment, resources)
            verdicts[label] = wrong(rule, kind, sample, inventory)
        Path(os.environ[RESULT]).write_text(json.dumps(verdicts))
        return analyzer_pb2.AnalyzeResponse()


def serve() -> None:
    """The same as the project's pack."""
    pack.Pack = SamplesPack  # type: ignore[misc]
    pack.serve()
