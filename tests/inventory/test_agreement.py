"""Settings and resources give the same inventory, for every stack of the project."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from inventory.from_resources import from_resources
from inventory.from_settings import from_settings
from inventory.resource import Resource
from inventory.unknown import UNKNOWN
from sandbox.values import UNKNOWN as ENGINE_UNKNOWN
from tests.stacks import loaded
from tests.strict_engine import StrictEngine
from tests.test_main import STACKS, ran, secrets

__all__ = ["secrets"]


def resources(engine: StrictEngine) -> list[Resource]:
    """What the program asked for, components with their outputs."""
    return [
        Resource(
            urn=found.urn,
            type=found.type,
            name=found.name,
            parent=found.parent,
            properties=_decoded({**found.inputs, **({} if found.custom else found.outputs or {})}),
            protect=found.protect,
        )
        for found in engine
    ]


def _decoded(value: Any) -> Any:
    if value is ENGINE_UNKNOWN:
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _decoded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_decoded(item) for item in value]
    return value


def differences(planned: Any, found: Any, where: str = "") -> Iterator[str]:
    """Where the two disagree. What the settings do not know may be anything."""
    if planned is UNKNOWN:
        return
    if dataclasses.is_dataclass(planned) and type(planned) is type(found):
        for field in dataclasses.fields(planned):
            yield from differences(getattr(planned, field.name), getattr(found, field.name), f"{where}.{field.name}")
    elif isinstance(planned, Mapping) and isinstance(found, Mapping) and planned.keys() == found.keys():
        for key, value in planned.items():
            yield from differences(value, found[key], f"{where}.{key}")
    elif isinstance(planned, tuple | list) and isinstance(found, tuple | list) and len(planned) == len(found):
        for index, value in enumerate(planned):
            name = getattr(value, "name", index)
            yield from differences(value, found[index], f"{where}[{name}]")
    elif planned != found:
        yield f"{where}: {planned!r} in the settings, {found!r} in the resources"


def unknowns(value: Any, where: str = "") -> Iterator[str]:
    """The places, without the items' names, where nothing is known."""
    if value is UNKNOWN:
        yield where
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from unknowns(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from unknowns(item, f"{where}.{key}")
    elif isinstance(value, tuple | list):
        for item in value:
            yield from unknowns(item, where)


@pytest.mark.parametrize(("stack", "preview"), [*((stack, True) for stack in STACKS), ("production", False)])
def test_both_ways_lead_to_the_same(stack: str, preview: bool) -> None:
    settings = loaded(stack)
    found = from_resources(stack, settings.environment, resources(ran(stack, preview=preview)))
    assert list(differences(from_settings(settings), found)) == []


def test_only_what_a_cloud_makes_is_unknown_in_the_settings() -> None:
    places = {place for stack in STACKS for place in unknowns(from_settings(loaded(stack)))}
    assert places == {
        ".clusters.firewall",
        ".dns_records.content",
        ".dns_records.host",
        ".dns_records.type",
        ".platform_apps.variables.REDIS_HOST",
        ".platform_apps.variables.REDIS_PORT",
        ".uptime_checks.target",
        ".workers.variables.ORIGIN_HOST",
        ".zones.rules.expression",
    }
