"""A Pulumi program that registers the samples of all rules, each under names of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pulumi

from inventory.unknown import UNKNOWN
from policies.sample import Sample
from tests.policies.judged import FIRST


def build() -> None:
    """All first samples of each kind."""
    for label, (_, _, found) in FIRST.items():
        _register(label, found)


def _register(label: str, found: Sample) -> None:
    made: dict[str, pulumi.Resource] = {}
    for resource in found.resources:
        if resource.urn in made:
            continue
        options = pulumi.ResourceOptions(parent=made.get(resource.parent), protect=resource.protect)
        name, properties = f"{label}!{resource.name}", _inputs(resource.properties)
        if resource.type.startswith("slipway:"):
            component = pulumi.ComponentResource(resource.type, name, None, options)
            component.register_outputs(properties)
            made[resource.urn] = component
        else:
            made[resource.urn] = pulumi.CustomResource(resource.type, name, properties, options)


def _inputs(value: Any) -> Any:
    if value is UNKNOWN:
        return _unknown()
    if isinstance(value, Mapping):
        return {key: _inputs(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_inputs(item) for item in value]
    return value


def _unknown() -> pulumi.Output[Any]:
    """An output that a preview does not know."""
    loop = asyncio.get_event_loop()
    value, known, secret = (loop.create_future() for _ in range(3))
    value.set_result(None)
    known.set_result(False)
    secret.set_result(False)
    return pulumi.Output(set(), value, known, secret)
