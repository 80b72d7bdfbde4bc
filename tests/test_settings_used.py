"""Every setting does something: a field that is only validated is a promise that nobody keeps."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from settings.stack import StackSettings
from tests.tetrix import ROOT

pytestmark = pytest.mark.thorough

READERS = ("components", "planning", "ops", "fly", "policies", "__main__.py")

UNREAD = {
    "Edge.on_plan_gap": "decides whether a wish beyond the plan is a problem",
    "ZoneSettings.argo_subscribed": "is there to have Argo without its subscription refused",
    "Shutdown.app_timeout": "bounds the grace period",
    "ManagedDatabase.on": "chooses the model",
    "ExternalDatabase.on": "chooses the model",
    "ExternalDatabase.connections": "bounds the pools",
    "FlySecret.aws": "waits for the release on Fly.io",
    "FlyShutdown.phases": "waits for the release on Fly.io",
}
"""Fields that nothing outside settings/ reads, and why they exist."""


def test_every_field_is_read_outside_the_settings() -> None:
    read = set(outside())
    unread = {name for name in fields(StackSettings, set()) if name.partition(".")[2] not in read}
    assert unread - UNREAD.keys() == set()


def test_only_fields_are_excused() -> None:
    assert UNREAD.keys() - set(fields(StackSettings, set())) == set()


def outside() -> Iterator[str]:
    """The attributes that the readers use, and those that the properties among them use in turn."""
    inside = dict(properties())
    for reader in READERS:
        for tree in trees(reader):
            for name in attributes(tree):
                yield name
                yield from inside.get(name, ())


def properties() -> Iterator[tuple[str, list[str]]]:
    """Each property of the settings' models, with the attributes that it reads."""
    for tree in trees("settings"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and any(
                ast.unparse(mark) == "property" for mark in node.decorator_list
            ):
                yield node.name, list(attributes(node))


def trees(place: str) -> Iterator[ast.Module]:
    path = ROOT / place
    for file in [path] if path.suffix else sorted(path.rglob("*.py")):
        yield ast.parse(file.read_text(), file.name)


def attributes(tree: ast.AST) -> Iterator[str]:
    """The attribute names in the code; those in a `match` and in `include={…}` of a dump, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.MatchClass):
            yield from node.kwd_attrs
        elif isinstance(node, ast.keyword) and node.arg == "include" and isinstance(node.value, ast.Set):
            yield from (item.value for item in node.value.elts if isinstance(item, ast.Constant))


def fields(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    """`Model.field` of the model and all that it is made of."""
    if model in seen:
        return
    seen.add(model)
    for name, info in model.model_fields.items():
        yield f"{model.__name__}.{name}"
        for inner in models(info.annotation):
            yield from fields(inner, seen)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, dict, tuple, list) or hasattr(annotation, "__metadata__"):
        for inner in get_args(annotation):
            yield from models(inner)
