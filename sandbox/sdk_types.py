"""What the installed Pulumi SDKs accept for a resource, read from their own classes.

Importing a whole SDK takes seconds (its `__init__` imports every resource). A stub package whose `__path__` points at
the installed one lets a single module be imported; the classes it names come from the SDK's `_inputs` module.
"""

from __future__ import annotations

import collections.abc
import enum
import functools
import importlib
import importlib.util
import inspect
import re
import sys
import threading
import types
import typing
from dataclasses import dataclass
from typing import Any

# The SDK's own readers of its generated classes. There is no public way to ask an args class for its types.
from pulumi._types import input_type_py_to_pulumi_names, input_type_types, is_input_type

_loading = threading.RLock()


@dataclass(frozen=True)
class Scalar:
    """`kind` is string, integer, number or boolean; `values` the closed list of an enum, else empty."""

    kind: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListOf:
    item: Shape


@dataclass(frozen=True)
class MapOf:
    item: Shape


@dataclass(frozen=True)
class AnyShape:
    """Anything goes."""


@dataclass(frozen=True)
class Field:
    shape: Shape
    required: bool


@dataclass(frozen=True)
class Record:
    """An object with named properties; `name` is the SDK's class, for messages."""

    name: str
    fields: dict[str, Field]


Shape = Scalar | ListOf | MapOf | AnyShape | Record

_SCALARS = {str: "string", int: "integer", float: "number", bool: "boolean"}


@functools.cache
def inputs(token: str) -> Record:
    """The inputs of a resource type, e.g. `digitalocean:index/app:App`. Raises LookupError for an unknown type."""
    module, name = _module(token)
    return _record(getattr(module, f"{name}Args"))


@functools.cache
def properties(token: str) -> frozenset[str]:
    """All properties that the SDK knows of a resource, inputs and outputs."""
    module, name = _module(token)
    return frozenset(input_type_types(getattr(module, f"_{name}State")))


def _module(token: str) -> tuple[types.ModuleType, str]:
    match = re.fullmatch(r"(\w+):index/(\w+):(\w+)", token)
    if match is None:
        raise LookupError(f"{token!r} is not a resource type token such as digitalocean:index/app:App")
    package, module, name = match.groups()
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", module)
    with _loading:
        _stub(f"pulumi_{package}")
        try:
            return importlib.import_module(f"pulumi_{package}.{snake}"), name
        except ModuleNotFoundError as error:
            raise LookupError(f"the installed pulumi_{package} has no resource {token}") from error


def _stub(package: str) -> None:
    if package in sys.modules:
        return
    spec = importlib.util.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        raise LookupError(f"{package} is not installed: run `make setup`")
    # Made, but never run: its `__path__` lets its modules be imported, its `__init__` would import them all.
    sys.modules[package] = importlib.util.module_from_spec(spec)


@functools.cache
def _record(cls: Any) -> Record:
    hints = input_type_types(cls)
    fields = {}
    for parameter in inspect.signature(cls).parameters.values():
        name = input_type_py_to_pulumi_names(cls)[parameter.name]
        fields[name] = Field(_shape(hints[name]), required=parameter.default is inspect.Parameter.empty)
    return Record(cls.__name__.removesuffix("Args"), fields)


def _shape(hint: Any) -> Shape:
    if hint in _SCALARS:
        return Scalar(_SCALARS[hint])
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _shape_of_union(arguments)
    if origin is collections.abc.Sequence:
        return ListOf(_shape(arguments[0]))
    if origin is collections.abc.Mapping:
        return MapOf(_shape(arguments[1]))
    if not isinstance(hint, type):
        return AnyShape()
    if is_input_type(hint):
        return _record(hint)
    return Scalar("string", tuple(str(member.value) for member in hint)) if issubclass(hint, enum.Enum) else AnyShape()


def _shape_of_union(arguments: tuple[Any, ...]) -> Shape:
    """`Input[T]` is a union of T, an awaitable and an output: only T is on the wire.

    A union of `str` and an enum is an open list: the provider takes any string, and the cloud decides.
    """
    plain = [
        argument
        for argument in arguments
        if argument is not types.NoneType
        and typing.get_origin(argument) is not collections.abc.Awaitable
        and not _is_output(argument)
    ]
    if str in plain:
        return Scalar("string")
    return _shape(plain[0]) if plain else AnyShape()


def _is_output(hint: Any) -> bool:
    return getattr(typing.get_origin(hint) or hint, "__name__", "") == "Output"
