"""For any place of the settings, the schema gives a valid value."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from settings.lookup import schema_at
from settings.schema import settings_schema
from settings.stack import StackSettings
from settings.stand_in import NoStandInError, stand_in
from tests.settings.samples import DIGITALOCEAN, FLY_WITH_VOLUME

SYSTEMS = {"digitalocean": DIGITALOCEAN, "fly": FLY_WITH_VOLUME}


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in parts for found in _paths(part, (*path, key)))]


PLACES = [(name, path) for name, system in SYSTEMS.items() for path in _paths(system)]


@pytest.mark.parametrize(("name", "path"), PLACES)
def test_a_stand_in_is_valid_in_its_place(name: str, path: tuple[str | int, ...]) -> None:
    whole: dict[str, Any] = {"environment": "production", "systems": {"sample": copy.deepcopy(SYSTEMS[name])}}
    full = ("systems", "sample", *path)
    value = stand_in(settings_schema(), whole, full)
    holder: Any = whole
    for part in full[:-1]:
        holder = holder[part]
    holder[full[-1]] = value
    StackSettings.model_validate_json(json.dumps(whole))


def test_the_whole_has_a_stand_in() -> None:
    StackSettings.model_validate_json(json.dumps(stand_in(settings_schema(), {}, ())))


def test_an_unknown_place_has_none() -> None:
    whole = {"environment": "production", "systems": {"sample": DIGITALOCEAN}}
    assert schema_at(settings_schema(), whole, ("systems", "sample", "app", "nothing")) is None
    with pytest.raises(NoStandInError):
        stand_in(settings_schema(), whole, ("systems", "sample", "app", "nothing"))


def test_the_schema_of_a_place_follows_the_platform() -> None:
    whole = {"environment": "production", "systems": {"one": DIGITALOCEAN, "two": FLY_WITH_VOLUME}}
    sizes = [schema_at(settings_schema(), whole, ("systems", name, "app")) for name in ("one", "two")]
    assert [("replicas" in (size or {})["properties"]) for size in sizes] == [True, False]
